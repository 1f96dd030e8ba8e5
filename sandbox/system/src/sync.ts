/** `npm run sync -- <connectionId>`: sends one event to the running system and shows each step's time and its result. */
import { CommandError, runCommand, showWhile } from '@quartersec/command-line';
import { findSystem } from './running-system.ts';

const usage = `npm run sync -- <connectionId>
  Sends one event to the running system (npm start) and prints each step with its time.
  Connections of the sandbox are conn-0, conn-1, ...; with a real Plaid (PLAID_ACCESS_TOKEN at npm start) it is plaid-0.
`;

/** The answer of the process function; `apps/processor` documents it. */
interface Report {
  readonly correlationId: string;
  readonly outcome: { readonly kind: string; readonly code?: string; readonly detail?: string };
  readonly version: number | null;
  readonly attempts: number;
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
  readonly quarantined: number;
  readonly roundTripMs: number;
  readonly steps: readonly { readonly step: string; readonly ms: number }[];
}

await runCommand({ name: 'sync', usage, options: {}, argumentsAtMost: 1 }, async ({ positionals: [connectionId] }) => {
  if (connectionId === undefined)
    throw new CommandError('USAGE', 'which connection? npm run sync -- <connectionId>, conn-0 for one of the sandbox');
  await sync(connectionId);
});

async function sync(connectionId: string): Promise<void> {
  const system = await findSystem();
  if (system === undefined)
    throw new CommandError('FAILED', 'no system is running here: run npm start in another terminal first');
  const sent = fetch(`${system.url}/events`, { method: 'POST', body: JSON.stringify({ connectionId }) });
  const response = await showWhile('the event is under way', sent);
  const answer = (await response.json()) as Report & { readonly code?: string; readonly remedy?: string };
  if (answer.steps === undefined)
    throw new CommandError('FAILED', `${answer.code ?? response.status}: ${answer.remedy ?? JSON.stringify(answer)}`);
  for (const { step, ms } of answer.steps)
    process.stdout.write(`  ${step.padEnd(12)} ${ms.toFixed(2).padStart(9)} ms\n`);
  const { outcome } = answer;
  process.stdout.write(`  ${'round trip'.padEnd(12)} ${answer.roundTripMs.toFixed(2).padStart(9)} ms\n\n`);
  process.stdout.write(
    `${outcome.kind}${outcome.code === undefined ? '' : ` ${outcome.code} ${outcome.detail ?? ''}`}: version ${answer.version ?? '-'}, ` +
      `${answer.added} added, ${answer.modified} modified, ${answer.removed} removed, ${answer.quarantined} quarantined, ` +
      `${answer.attempts} provider calls (correlation id ${answer.correlationId})\n`,
  );
  if (!response.ok) process.exitCode = 1;
}
