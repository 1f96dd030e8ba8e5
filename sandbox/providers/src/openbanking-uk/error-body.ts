/** OBErrorResponse1 as the standard prints it, in both versions. */
import { type Answer, jsonAnswer } from '../answer.ts';

export type Version = 'v3.1' | 'v4.0';

/** Of the standard's codes, those that a bank has reason to send to a reader of accounts. */
const codes = {
  'UK.OBIE.UnexpectedError': 'U000',
  'UK.OBIE.Field.InvalidDate': 'U003',
  'UK.OBIE.Header.Missing': 'U007',
  'UK.OBIE.Resource.InvalidConsentStatus': 'U009',
  'UK.OBIE.Resource.NotFound': 'U011',
  'UK.OBIE.Reauthenticate': 'U028',
} as const;

export type ObieCode = keyof typeof codes;

export const obieCodes = Object.keys(codes) as readonly ObieCode[];

const phrases: Readonly<Record<number, string>> = { 400: 'BadRequest', 403: 'Forbidden', 500: 'InternalServerError' };

export function obieError(version: Version, code: ObieCode, status: number, outcome = `error:${code}`): Answer {
  const ErrorCode = version === 'v3.1' ? code : codes[code];
  const Message = version === 'v3.1' ? code : `${code} - see the code set`;
  const body = {
    Code: `${status} ${phrases[status] ?? 'Error'}`,
    Id: '2b5f0fb2-730b-11e8-adc0-fa7ae01bbebc',
    Message: 'The request was refused.',
    Errors: [{ ErrorCode, Message }],
  };
  return jsonAnswer(JSON.stringify(body), outcome, status);
}

/** The standard defines no body for 401, 404, 405 and 429. */
export function bodiless(status: number, outcome: string): Answer {
  return { ...jsonAnswer('', outcome, status), contentType: 'text/plain' };
}
