/** The codes of an error body, in the forms that banks send: the standard's own, RFC 7807's, and the bare list of its printed example. */
import { validateProblem, validateTppMessages } from './validators.ts';

/** @param body from `JSON.parse` @returns of errors, without those of warnings; `undefined` where it is no error body of the standard */
export function errorCodesOf(body: unknown): readonly string[] | undefined {
  const messages = validateTppMessages(Array.isArray(body) ? { tppMessages: body } : body);
  if (messages.success) {
    const errors = messages.data.tppMessages.filter(({ category }) => category !== 'WARNING');
    return errors.length > 0 ? errors.map(({ code }) => code) : undefined;
  }
  const problem = validateProblem(body);
  if (!problem.success) return undefined;
  const { code, additionalErrors } = problem.data;
  return [code, ...(additionalErrors ?? []).map((each) => each.code)];
}
