/** `npm run token -- <userId>`: a bearer token for the running system's API. */
import { CommandError, runCommand } from '@quartersec/command-line';
import { requestToken, requireSystem } from './api-client.ts';

const usage = `npm run token -- <userId>
  Prints a bearer token of the API, good for an hour, for a user of the running system (npm start). user-0, user-1, ... have one
  simulated bank connection each; any other name is a user who has none yet.
  curl -H "authorization: Bearer $(npm run token -s -- user-0)" BASE_URL/v1/accounts
For development: on AWS your identity provider signs the tokens (docs/api.md).
`;

await runCommand({ name: 'token', usage, options: {}, argumentsAtMost: 1 }, async ({ positionals: [userId] }) => {
  if (userId === undefined)
    throw new CommandError('USAGE', 'whose? npm run token -- <userId>, user-0 for one of the sandbox');
  process.stdout.write(`${await requestToken(await requireSystem(), userId)}\n`);
});
