/** Entry point of the `connect` function. */
import { composeConnect } from './compose-connect.ts';
import { connectDeadlineMs, createConnectHandler } from './connect-handler.ts';
import { connectSecrets, readConnectEnvironment } from './environment.ts';
import { withSecrets } from './secrets.ts';

const variables = await withSecrets(connectSecrets, process.env);

export const handler = createConnectHandler(
  composeConnect(readConnectEnvironment(variables), async () =>
    readConnectEnvironment(await withSecrets(connectSecrets, process.env)),
  ),
  { hardDeadlineMs: connectDeadlineMs },
);
