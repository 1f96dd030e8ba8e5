/** How a bank of the UK behaves: what the standard leaves open, and what banks have been seen to do against it. By connection. */
import { readSettings } from '../read-settings.ts';

/** What a list is cut to where nobody says: the standard has 25 to 1,000. */
const usualPageSize = 100;

const idForms = ['given', 'none', 'blank', 'reused', 'reissued'] as const;
const linkForms = ['absolute', 'path', 'null-host', 'self', 'foreign-host', 'other-list'] as const;
const timeForms = ['midnight', 'local'] as const;

export interface ObukSettings {
  /** `TransactionId`: one each, none, `" "`, `9998` for all, or another one with each answer. */
  readonly ids: (typeof idForms)[number];
  /** `Links.Next`. */
  readonly links: (typeof linkForms)[number];
  /** Booking times: midnight, or of the day in the bank's own zone. */
  readonly times: (typeof timeForms)[number];
  /** Entries a page. */
  readonly pageSize: number;
  /** Calls of each path a day before 429; `null` = no limit. */
  readonly callsPerDay: number | null;
  /** Authorised, past its end, or taken back by the user. */
  readonly consent: 'authorised' | 'expired' | 'revoked';
  /** How long an access token is good for. */
  readonly tokenSeconds: number;
  /** Whether a refresh token is taken. */
  readonly refresh: 'granted' | 'refused';
}

export const usualSettings: ObukSettings = {
  ids: 'given',
  links: 'absolute',
  times: 'midnight',
  pageSize: usualPageSize,
  callsPerDay: null,
  consent: 'authorised',
  tokenSeconds: 3_600,
  refresh: 'granted',
};

const choices = {
  ids: idForms,
  links: linkForms,
  times: timeForms,
  consent: ['authorised', 'expired', 'revoked'],
  refresh: ['granted', 'refused'],
} as const;

/** @returns the settings with what was given, or what to say about the first thing wrong with it */
export function readObukSettings(
  before: ObukSettings,
  given: Readonly<Record<string, unknown>>,
): ObukSettings | string {
  return readSettings(before, given, choices);
}
