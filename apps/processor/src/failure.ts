/** What a thrown error says of itself in logs: code and facts of ours, and of others no more than their name and place. */
import { ProviderError } from '@quartersec/providers';
import { StorageError } from '@quartersec/storage';
import { ProcessorError } from './processor-error.ts';

export interface Failure {
  /** See docs/errors.md; `UNEXPECTED` for an error that is none of ours. */
  readonly code: string;
  readonly detail: string;
}

export function describeFailure(error: unknown): Failure {
  if (error instanceof StorageError || error instanceof ProcessorError || error instanceof ProviderError) {
    return { code: error.code, detail: JSON.stringify(error.facts) };
  }
  // Never the message: that could quote a body.
  const name = error instanceof Error ? error.name : typeof error;
  const at = error instanceof Error ? (error.stack?.split('\n').find((line) => /^\s+at /.test(line)) ?? '').trim() : '';
  return { code: 'UNEXPECTED', detail: JSON.stringify({ name, at }) };
}
