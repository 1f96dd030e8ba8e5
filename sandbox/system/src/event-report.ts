/** The answer of the process function to one event, as text; `apps/processor` documents it. */
import { CommandError, showWhile } from '@quartersec/command-line';
import type { RunningSystem } from './running-system.ts';

export interface EventReport {
  readonly correlationId: string;
  readonly outcome: {
    readonly kind: string;
    readonly code?: string;
    readonly detail?: string;
    readonly continued?: boolean;
  };
  readonly version: number | null;
  readonly attempts: number;
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
  readonly quarantined: number;
  readonly returned: number;
  readonly roundTripMs: number;
  readonly steps: readonly { readonly step: string; readonly ms: number }[];
}

/**
 * Sends one event to the running system's process function and prints its steps and result. Sets exit code 1 when it did not succeed.
 * @throws {CommandError} `FAILED` when the function did not take it as an event
 */
export async function runEvent(system: RunningSystem, event: object): Promise<EventReport> {
  const sent = fetch(`${system.url}/events`, { method: 'POST', body: JSON.stringify(event) });
  const response = await showWhile('the event is under way', sent);
  const answer = (await response.json()) as EventReport & { readonly code?: string; readonly remedy?: string };
  if (answer.steps === undefined)
    throw new CommandError('FAILED', `${answer.code ?? response.status}: ${answer.remedy ?? JSON.stringify(answer)}`);
  process.stdout.write(renderReport(answer));
  if (!response.ok) process.exitCode = 1;
  return answer;
}

export function renderReport({ steps, outcome, roundTripMs, ...counts }: EventReport): string {
  const timed = [...steps, { step: 'round trip', ms: roundTripMs }];
  const lines = timed.map(({ step, ms }) => `  ${step.padEnd(12)} ${ms.toFixed(2).padStart(9)} ms\n`);
  const { version, added, modified, removed, quarantined, returned, attempts, correlationId } = counts;
  const cause = outcome.code === undefined ? '' : ` ${outcome.code} ${outcome.detail ?? ''}`;
  const back = returned > 0 ? `, ${returned} returned` : '';
  return (
    `${lines.join('')}\n${outcome.kind}${cause}: version ${version ?? '-'}, ` +
    `${added} added, ${modified} modified, ${removed} removed, ${quarantined} quarantined${back}, ` +
    `${attempts} provider ${attempts === 1 ? 'call' : 'calls'} (correlation id ${correlationId})\n` +
    (outcome.continued ? 'more pages follow by themselves: a continuation is on the queue\n' : '')
  );
}
