/** `npm run sync -- <connectionId>`: sends one event to the running system and shows each step's time and its result. */
import { CommandError, runCommand } from '@quartersec/command-line';
import { runEvent } from './event-report.ts';
import { findSystem } from './running-system.ts';

const usage = `npm run sync -- <connectionId>
  Sends one event to the running system (npm start) and prints each step with its time.
  Connections of the sandbox are conn-0, conn-1, ...; with a real Plaid (PLAID_ACCESS_TOKEN at npm start) it is plaid-0.
`;

await runCommand({ name: 'sync', usage, options: {}, argumentsAtMost: 1 }, async ({ positionals: [connectionId] }) => {
  if (connectionId === undefined)
    throw new CommandError('USAGE', 'which connection? npm run sync -- <connectionId>, conn-0 for one of the sandbox');
  const system = await findSystem();
  if (system === undefined)
    throw new CommandError('FAILED', 'no system is running here: run npm start in another terminal first');
  await runEvent(system, { connectionId });
});
