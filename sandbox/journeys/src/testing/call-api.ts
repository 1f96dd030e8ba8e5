/** A call of the API as an app makes it, with a token of its user. */
import type { System } from '@quartersec/sandbox-system';

export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the body of whatever route was called
  readonly body: any;
}

export async function callApi(
  { apiUrl, tokenFor }: Pick<System, 'apiUrl' | 'tokenFor'>,
  method: string,
  path: string,
  body?: object,
  userId = 'anna',
): Promise<Answered> {
  const headers = { authorization: `Bearer ${tokenFor(userId)}`, 'content-type': 'application/json' };
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  const response = await fetch(apiUrl + path, init);
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
