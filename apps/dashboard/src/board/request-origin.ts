/**
 * Who may ask: nothing is authenticated, so a page elsewhere must not reach the board through somebody's browser. Pure.
 *
 * A browser says where a request comes from (`Sec-Fetch-Site`, `Origin`); a program says neither and is let in, as it could
 * say anything. A name that an attacker points at 127.0.0.1 (DNS rebinding) shows in `Host`.
 */

export interface AskingHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | readonly string[] | undefined;
  readonly 'content-type'?: string | undefined;
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/** Whether the request was sent to this machine by a name of its own. */
export function isOwnHost(host: string | undefined): boolean {
  return loopbackNames.includes((host ?? '').replace(/:\d{1,5}$/, ''));
}

/** Whether it may change something: not sent by a page of another origin, and not by a plain form. */
export function mayChange(
  { host, origin, 'content-type': contentType, ...rest }: AskingHeaders,
  hasBody: boolean,
): boolean {
  const site = rest['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin !== undefined && origin !== `http://${host}`) return false;
  return !hasBody || /^application\/json\b/i.test(contentType ?? '');
}
