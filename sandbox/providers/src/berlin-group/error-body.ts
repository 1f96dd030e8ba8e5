/** Errors as the standard prints them: its own form, RFC 7807's, and the bare list that is its printed example. */
import { type Answer, jsonAnswer } from '../answer.ts';

export const errorForms = ['tpp-messages', 'problem', 'bare-list'] as const;
export type ErrorForm = (typeof errorForms)[number];

/** Of the standard's message codes, those that a bank has reason to send to a reader of accounts. */
export const messageCodes = [
  'ACCESS_EXCEEDED',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_INVALID',
  'CERTIFICATE_MISSING',
  'CONSENT_EXPIRED',
  'CONSENT_INVALID',
  'CONSENT_UNKNOWN',
  'FORMAT_ERROR',
  'PARAMETER_NOT_SUPPORTED',
  'PERIOD_INVALID',
  'RESOURCE_BLOCKED',
  'RESOURCE_UNKNOWN',
  'SERVICE_BLOCKED',
  'SERVICE_INVALID',
  'SIGNATURE_INVALID',
  'SIGNATURE_MISSING',
  'TOKEN_EXPIRED',
  'TOKEN_UNKNOWN',
] as const;

export type MessageCode = (typeof messageCodes)[number];

export function berlinError(form: ErrorForm, code: MessageCode, status: number, outcome = `error:${code}`): Answer {
  const text = 'The request was refused.';
  const messages = [{ category: 'ERROR', code, text }];
  const bodies = {
    'tpp-messages': { tppMessages: messages },
    problem: { type: 'https://bank.example/problems', title: 'Refused', detail: text, code },
    'bare-list': messages,
  };
  const contentType = form === 'problem' ? 'application/problem+json' : 'application/json';
  return { ...jsonAnswer(JSON.stringify(bodies[form]), outcome, status), contentType };
}
