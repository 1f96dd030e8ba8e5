/**
 * Where a client of AWS says otherwise through any node than the SDK of its language says directly: the whole list. What it spoils is
 * taken out of both sides before they are compared.
 */
import type { CallResult } from './client-calls.ts';

const unchanged = (result: CallResult): CallResult => result;

export const comparedResult: Readonly<Record<'javascript' | 'python' | 'java', (result: CallResult) => CallResult>> = {
  javascript: unchanged,
  /** Gives the reasons of a cancelled transaction as they came, as a flat list of undecoded values (amazon-dax-client 2.1.0). */
  python: ({ answer, error }) =>
    error === undefined ? { answer } : { error: { code: error.code, message: error.message } },
  java: unchanged,
};
