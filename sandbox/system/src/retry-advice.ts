/** What follows for a person whose `npm run quarantine -- retry` took nothing back. Pure. */
import type { EventReport } from './event-report.ts';

const stays = 'What is set aside stays so, 90 days from its event on';

/** @returns lines to print behind the event's report; empty where its numbers say all */
export function retryAdvice({ outcome, returned }: Pick<EventReport, 'outcome' | 'returned'>): string {
  const because = outcome.code ?? 'no code';
  switch (outcome.kind) {
    case 'stopped':
      return (
        `nothing came back: the connection is stopped (${because}), and a record is read anew only with a page of the provider.\n` +
        `${stays}. Once the user has done what userAction of GET /v1/connections says, the next complete read of the account list\n` +
        'takes up what can be read, by itself; this command does so at once.\n'
      );
    case 'postponed':
      return (
        `nothing came back: the connection waits (${because}), and the provider is not asked before its time.\n` +
        `${stays}. Run this again when the wait is over.\n`
      );
    case 'committed':
      if (outcome.continued || returned > 0) return '';
      return `nothing came back: there is nothing, or it still cannot be read. npm run quarantine -- list says why.\n`;
    default:
      return '';
  }
}
