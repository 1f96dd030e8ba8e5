/** Faults around an answer: transport, gateways, and Plaid's errors. */
import { type Answer, jsonAnswer } from '../answer.ts';
import { type PlaidErrorDetails, plaidError } from '../plaid/error-body.ts';
import type { FaultSetting } from './catalogue.ts';

export interface AnswerFacts {
  readonly requestId: string;
  readonly nowEpochMs: () => number;
  /** What a page was asked for, at most; `null` when the answer is no page. */
  readonly count: number | null;
}

const html = (status: number): string =>
  `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center><hr>gateway</body></html>`;

function retryAfter(
  options: Extract<FaultSetting, { kind: 'too-many' }>['options'],
  nowEpochMs: () => number,
): string | undefined {
  if (options.verbatim !== '') return options.verbatim;
  if (options.form === 'none') return undefined;
  if (options.form === 'seconds') return String(options.retryAfterSeconds);
  // A date has whole seconds only: rounded up, so that the wait is never shorter than asked for.
  return new Date(Math.ceil(nowEpochMs() / 1_000 + options.retryAfterSeconds) * 1_000).toUTCString();
}

/** @param good what would have been sent. @returns `null` for a kind that is about pages */
export function alterAnswer(
  good: Answer,
  fault: FaultSetting,
  { requestId, nowEpochMs, count }: AnswerFacts,
): Answer | null {
  const outcome = `fault:${fault.kind}`;
  const refused = (code: string, details?: PlaidErrorDetails): Answer => {
    const { status, body } = plaidError(code, requestId, details);
    return jsonAnswer(body, outcome, status);
  };
  switch (fault.kind) {
    case 'status': {
      const { status } = fault.options;
      return { ...good, outcome, status, contentType: 'text/html', body: html(status) };
    }
    case 'error-500-plaid':
      return refused('INTERNAL_SERVER_ERROR');
    case 'plaid-error':
      return refused(fault.options.code, fault.options);
    case 'wrong-environment':
      return refused('INVALID_ACCESS_TOKEN');
    case 'too-many': {
      const wait = retryAfter(fault.options, nowEpochMs);
      return { ...refused('TRANSACTIONS_SYNC_LIMIT'), ...(wait === undefined ? {} : { retryAfter: wait }) };
    }
    case 'login-required':
      return refused('ITEM_LOGIN_REQUIRED');
    case 'institution-down':
      return refused('INSTITUTION_DOWN');
    case 'mutation':
    case 'mutation-at-cursor':
      return refused('TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION');
    case 'cursor-unknown':
    case 'cursor-lost':
      return refused('INVALID_FIELD', { message: 'cursor not associated with access_token' });
    case 'delay':
      return { ...good, outcome, delayMs: fault.options.ms };
    case 'slow-by-count':
      return { ...good, outcome, delayMs: Math.round(((count ?? 0) * fault.options.msFor500) / 500) };
    case 'hang':
      return { ...good, outcome, manner: { way: 'never' } };
    case 'connect-reset':
      return { ...good, outcome, manner: { way: 'reset' } };
    case 'reset-mid-body':
      return { ...good, outcome, manner: { way: 'reset-mid-body' } };
    case 'truncated':
      return { ...good, outcome, body: good.body.slice(0, Math.floor(good.body.length / 2)) };
    case 'html-200':
      return { ...good, outcome, status: 200, contentType: 'text/html', body: html(200) };
    case 'empty-200':
      return { ...good, outcome, status: 200, body: '' };
    case 'wrong-content-type':
      return { ...good, outcome, contentType: fault.options.contentType };
    case 'slow-body':
      return { ...good, outcome, manner: { way: 'byte-by-byte', everyMs: fault.options.byteEveryMs } };
    case 'huge-body':
      return { ...good, outcome, status: 200, manner: { way: 'padded', bytes: fault.options.bytes } };
    default:
      return null;
  }
}
