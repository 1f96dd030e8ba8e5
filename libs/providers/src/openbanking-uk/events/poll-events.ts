/**
 * Asks a bank for the events that it keeps: aggregated polling. What has been taken is acknowledged with the next call.
 * @see https://openbankinguk.github.io/read-write-api-site3/v3.1.11/resources-and-data-models/event-notifications/aggregated-polling.html
 */
import type { CallLimits } from '../../connector.ts';
import { isObject, parseObject } from '../../json-object.ts';
import { ProviderError } from '../../provider-error.ts';
import { type ClientOptions, createClientCalls } from '../consent/client-calls.ts';
import type { EventRefusal } from './event-token.ts';

export interface PollAnswers {
  /** Ids of events that are taken. */
  readonly taken: readonly string[];
  /** Of those that are not, and why: the bank does not send them again. */
  readonly refused: ReadonlyMap<string, EventRefusal>;
}

/** @returns signed tokens by their ids, some of those that the bank keeps @throws {ProviderError} */
export type PollEvents = (
  answers: PollAnswers,
  deadline: CallLimits['deadline'],
) => Promise<ReadonlyMap<string, string>>;

const provider = 'openbanking-uk';
const eventsAtOnce = 50;

/** Error codes of RFC 8935, section 2.4; others are `invalid_request`. */
const errorCodes: Partial<Record<EventRefusal, string>> = {
  ISSUER_UNKNOWN: 'invalid_issuer',
  AUDIENCE_OTHER: 'invalid_audience',
  KEY_UNKNOWN: 'invalid_key',
  SIGNATURE_INVALID: 'authentication_failed',
};

/** @param options with the whole address of its `events` resource */
export function createEventPoll({ eventsUrl, ...client }: ClientOptions & { readonly eventsUrl: string }): PollEvents {
  const calls = createClientCalls(client);
  return ({ taken, refused }, deadline) =>
    calls.repeatable(async (oauth, limits) => {
      const setErrs = Object.fromEntries(
        [...refused].map(([id, why]) => [id, { err: errorCodes[why] ?? 'invalid_request', description: why }]),
      );
      const body = JSON.stringify({
        maxEvents: eventsAtOnce,
        returnImmediately: true,
        ...(taken.length > 0 && { ack: taken }),
        ...(refused.size > 0 && { setErrs }),
      });
      const { text } = await calls.send(oauth, { method: 'POST', url: eventsUrl, body }, limits);
      return setsIn(text);
    }, deadline);
}

function setsIn(text: string | null): ReadonlyMap<string, string> {
  const { sets } = parseObject(text) ?? {};
  if (!isObject(sets)) throw invalid();
  const each = Object.entries(sets);
  if (!each.every((pair): pair is [string, string] => typeof pair[1] === 'string')) throw invalid();
  return new Map(each);
}

function invalid(): ProviderError {
  return new ProviderError('PAGE_INVALID', { provider, detail: 'expected an object of tokens' });
}
