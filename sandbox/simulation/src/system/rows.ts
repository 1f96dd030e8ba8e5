/** Which row of FAULTS.md stands for what the simulator's catalogue of faults has. */
import type { FaultKind } from '@quartersec/sandbox-providers';
import type { Fault } from '../bank/fault.ts';

const rows: Partial<Record<FaultKind, number>> = {
  status: 1,
  'error-500-plaid': 1,
  'too-many': 3,
  'institution-down': 62,
  'wrong-environment': 63,
  'login-required': 22,
  hang: 4,
  delay: 70,
  'slow-body': 5,
  'connect-reset': 6,
  'reset-mid-body': 6,
  truncated: 6,
  'html-200': 7,
  'empty-200': 7,
  mutation: 13,
  'mutation-at-cursor': 56,
  'cursor-lost': 56,
  'cursor-unknown': 14,
  'cursor-stuck': 55,
  'cursor-cycle': 55,
  'not-ready': 60,
  'null-list': 68,
  'removed-without-account': 61,
  'duplicate-page': 12,
  reordered: 12,
  'unknown-enum': 8,
  'extra-field': 8,
};

/** @param outcome of a call, as the simulator counts it */
export function rowOfFault(outcome: string): number | undefined {
  if (outcome === 'error:TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION') return rows.mutation;
  const kind = outcome.startsWith('fault:') ? outcome.slice('fault:'.length) : '';
  return isKnown(kind) ? rows[kind] : undefined;
}

function isKnown(kind: string): kind is FaultKind & keyof typeof rows {
  return Object.hasOwn(rows, kind);
}

/** What passes by itself, and leaves nothing behind: of Plaid's interface. */
export const plaidFaults: readonly Fault[] = [
  { kind: 'status', options: { status: 503 } },
  { kind: 'error-500-plaid' },
  { kind: 'too-many', options: { retryAfterSeconds: 90 } },
  { kind: 'too-many', options: { form: 'http-date', retryAfterSeconds: 1 } },
  { kind: 'too-many', options: { form: 'none' } },
  { kind: 'institution-down' },
  { kind: 'wrong-environment' },
  { kind: 'hang' },
  { kind: 'delay', options: { ms: 1_200 } },
  { kind: 'slow-body' },
  { kind: 'connect-reset' },
  { kind: 'reset-mid-body' },
  { kind: 'truncated' },
  { kind: 'html-200' },
  { kind: 'empty-200' },
  { kind: 'mutation' },
  { kind: 'mutation-at-cursor' },
  { kind: 'cursor-lost' },
  { kind: 'cursor-unknown' },
  { kind: 'cursor-stuck' },
  { kind: 'cursor-cycle' },
  { kind: 'not-ready' },
  { kind: 'null-list', options: { list: 'every' } },
  { kind: 'removed-without-account' },
  { kind: 'duplicate-page' },
  { kind: 'reordered' },
  { kind: 'unknown-enum' },
  { kind: 'extra-field' },
];

/** Of banks that are read by lists. */
export const listFaults: readonly Fault[] = [
  { kind: 'status', options: { status: 503 } },
  { kind: 'status', options: { status: 429 } },
  { kind: 'hang' },
  { kind: 'connect-reset' },
  { kind: 'reset-mid-body' },
  { kind: 'truncated' },
  { kind: 'html-200' },
  { kind: 'empty-200' },
];
