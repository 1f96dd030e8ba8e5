/** Entry point of the `connect` function. */
import { createApiHandler } from './api/api-handler.ts';
import { composeConnect } from './compose-connect.ts';
import { createConnectOperations } from './connect/connect-operations.ts';
import { connectSecrets, optionalSecrets, readConnectEnvironment } from './environment.ts';
import { withSecrets } from './secrets.ts';

const names = [...connectSecrets, ...optionalSecrets];
const read = async () => readConnectEnvironment(await withSecrets(names, process.env));
const deps = composeConnect(await read(), read);

export const handler = createApiHandler(createConnectOperations(deps), deps);
