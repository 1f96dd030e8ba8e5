/** What a provider names itself is still text from outside: only what looks like an identifier may reach a log. Pure. */

const errorCode = /^[A-Za-z][A-Za-z_.-]{1,79}$/;
const requestId = /^[A-Za-z0-9_-]{1,64}$/;
const longNumber = /^\d+$/;

/** @returns the provider's error code; `undefined` for anything that could carry a message, an account number or a name */
export function safeErrorCode(value: unknown): string | undefined {
  return typeof value === 'string' && errorCode.test(value) ? value : undefined;
}

/** @returns the provider's id of a call; `undefined` for anything else, and for bare digits, which may be an account */
export function safeRequestId(value: unknown): string | undefined {
  return typeof value === 'string' && requestId.test(value) && !longNumber.test(value) ? value : undefined;
}
