/** `npm run resync -- <connectionId>`: reads a connection again from its start, through the pipeline like every other event. */
import { CommandError, runCommand } from '@quartersec/command-line';
import { queueOptions, sendCommandEvent } from './event-target.ts';

const usage = `npm run resync -- <connectionId>
  Reads everything of a connection again from the provider, from the empty cursor: what the bank no longer has goes, what is missing
  comes. Safe to repeat. A read that would take away a large part of what stands is believed when a second one, 15 minutes later,
  says the same. A history of many pages goes on in continuations on the queue.
  Goes to the running system (npm start) and prints each step; --queue-url URL --region REGION puts it on a queue on AWS instead.
`;

await runCommand(
  { name: 'resync', usage, options: queueOptions, argumentsAtMost: 1 },
  async ({ values, positionals: [connectionId] }) => {
    if (connectionId === undefined)
      throw new CommandError('USAGE', 'which connection? npm run resync -- <connectionId>');
    await sendCommandEvent({ type: 'SyncRequested', connectionId, reason: 'user', fullRead: true }, values);
  },
);
