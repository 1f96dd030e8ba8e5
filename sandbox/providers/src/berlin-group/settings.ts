/** How a bank of the Berlin Group's standard behaves: what the standard leaves open, and what banks have been seen to do against it. By connection. */
import { readSettings } from '../read-settings.ts';
import { type ErrorForm, errorForms } from './error-body.ts';

/** What a list is cut to where nobody says. */
const usualPageSize = 100;

const choices = {
  ids: ['given', 'none', 'blank', 'reused', 'reissued'],
  links: [
    'absolute',
    'path',
    'gateway-path',
    'no-scheme',
    'null-host',
    'self',
    'foreign-host',
    'other-list',
    'malformed',
  ],
  amounts: ['text', 'number', 'mixed'],
  signs: ['signed', 'unsigned'],
  currencies: ['one-each', 'sub-accounts', 'both-levels', 'sum-alone'],
  resourceIds: ['first-consent', 'next-consent'],
  pending: ['listed', 'refused'],
  history: ['all', '90-days'],
  report: ['list', 'download', 'empty'],
  errors: errorForms,
  consent: ['valid', 'expired', 'revoked', 'unknown'],
  refresh: ['granted', 'refused'],
} as const;

export interface BerlinSettings {
  /** `transactionId`: one each, none, `" "`, `9998` for all, or another one with each answer. */
  readonly ids: (typeof choices.ids)[number];
  /** `_links.next`. */
  readonly links: (typeof choices.links)[number];
  /** JSON texts, as the standard has it, or numbers. */
  readonly amounts: (typeof choices.amounts)[number];
  /** What goes out is negative, or positive with the sides alone to tell. */
  readonly signs: (typeof choices.signs)[number];
  /** Whether current accounts in several currencies are one account, and which of its levels are listed. */
  readonly currencies: (typeof choices.currencies)[number];
  /** They are the same within a consent alone. */
  readonly resourceIds: (typeof choices.resourceIds)[number];
  /** Or `bookingStatus=both` is refused. */
  readonly pending: (typeof choices.pending)[number];
  /** Or an earlier `dateFrom` is refused, by the bank's own day. */
  readonly history: (typeof choices.history)[number];
  readonly report: (typeof choices.report)[number];
  readonly errors: ErrorForm;
  readonly consent: (typeof choices.consent)[number];
  /** How long an access token is good for, where the bank gives one. */
  readonly tokenSeconds: number;
  /** Whether a refresh token is taken. */
  readonly refresh: (typeof choices.refresh)[number];
  /** Entries a page. */
  readonly pageSize: number;
  /** Calls of each path a day before 429, those without the user; `null` = no limit. */
  readonly callsPerDay: number | null;
}

export const usualSettings: BerlinSettings = {
  ids: 'given',
  links: 'absolute',
  amounts: 'text',
  signs: 'signed',
  currencies: 'one-each',
  resourceIds: 'first-consent',
  pending: 'listed',
  history: 'all',
  report: 'list',
  errors: 'tpp-messages',
  consent: 'valid',
  tokenSeconds: 3_600,
  refresh: 'granted',
  pageSize: usualPageSize,
  callsPerDay: null,
};

/** @returns the settings with what was given, or what to say about the first thing wrong with it */
export function readBerlinSettings(
  before: BerlinSettings,
  given: Readonly<Record<string, unknown>>,
): BerlinSettings | string {
  return readSettings(before, given, choices);
}
