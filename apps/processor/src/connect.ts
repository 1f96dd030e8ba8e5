/** Entry point of the `connect` function. */
import { createApiHandler } from './api/api-handler.ts';
import { composeConnect } from './compose-connect.ts';
import { createConnectOperations } from './connect/connect-operations.ts';
import { connectSecrets, readConnectEnvironment } from './environment.ts';
import { withSecrets } from './secrets.ts';

const read = async () => readConnectEnvironment(await withSecrets(connectSecrets, process.env));
const deps = composeConnect(await read(), read);

export const handler = createApiHandler(createConnectOperations(deps), deps);
