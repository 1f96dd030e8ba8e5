/** A bank's response to a call of consents: proven, or the first thing that is wrong with it. Pure. */
import type { Checked } from '@quartersec/validation';
import type { HttpAnswer } from '../http-client.ts';
import { ProviderError } from '../provider-error.ts';

/** @throws {ProviderError} `PAGE_INVALID` */
export function readResponse<Body>(
  provider: string,
  { text, status }: Pick<HttpAnswer, 'text' | 'status'>,
  check: (input: unknown) => Checked<Body>,
): Body {
  const checked = check(parse(text));
  if (checked.ok) return checked.value;
  const { path, expected, received } = checked.issue;
  const detail = `${path}: expected ${expected}, received ${received}`;
  throw new ProviderError('PAGE_INVALID', { provider, status, detail });
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined; // a parser quotes the text
  }
}
