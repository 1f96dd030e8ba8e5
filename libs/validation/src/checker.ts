/** From a validator that was compiled from a type to a proven value or the first issue. */
import { type Checked, type GeneratedError, issueFrom } from './validation-issue.ts';

/** What a line of `validators.ts` becomes. */
export type Validate<T> = (
  input: unknown,
) =>
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly errors: readonly GeneratedError[] };

export function checker<T>(validate: Validate<T>): (value: unknown) => Checked<T> {
  return (value) => {
    const result = validate(value);
    return result.success ? { ok: true, value: result.data } : { ok: false, issue: issueFrom(result.errors, value) };
  };
}
