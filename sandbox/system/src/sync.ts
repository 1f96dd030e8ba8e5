/** `npm run sync -- <connectionId>`: sends one event to the running system and shows each step's time and its result. */
import { parseArgs } from 'node:util';
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

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', default: false } },
});
const [connectionId] = positionals;

if (values.help) process.stdout.write(usage);
else if (connectionId === undefined) fail(`which connection?\n\n${usage}`);
else await sync(connectionId);

async function sync(connectionId: string): Promise<void> {
  const system = findSystem();
  if (system === undefined) return fail('no system is running here: run npm start in another terminal first\n');
  const response = await fetch(`${system.url}/events`, { method: 'POST', body: JSON.stringify({ connectionId }) });
  const answer = (await response.json()) as Report & { readonly code?: string; readonly remedy?: string };
  if (answer.steps === undefined)
    return fail(`${answer.code ?? response.status}: ${answer.remedy ?? JSON.stringify(answer)}\n`);
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

function fail(message: string): void {
  process.stderr.write(message);
  process.exitCode = 1;
}
