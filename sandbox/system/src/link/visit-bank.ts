/** A person in front of a simulated bank's page of consent, without a browser: reads the page, decides, and is sent back. */

export interface Decision {
  /** Whose accounts; the same name again is the same accounts. */
  readonly household: string;
  readonly agrees: boolean;
}

/** What the redirect has for the app, as `POST /v1/connections` takes it. */
export interface BackFromBank {
  readonly state: string;
  readonly code?: string;
  readonly iss?: string;
  readonly error?: string;
}

/** @throws {Error} with what the bank's page says instead */
export async function visitBank(authorizationUrl: string, { household, agrees }: Decision): Promise<BackFromBank> {
  const page = await fetch(authorizationUrl);
  const html = await page.text();
  const [, action] = /<form method="post" action="([^"]+)">/.exec(html) ?? [];
  const [, request] = /<input type="hidden" name="request" value="([^"]+)">/.exec(html) ?? [];
  if (!page.ok || action === undefined || request === undefined) throw new Error(`the bank says: ${html}`);
  const form = new URLSearchParams({ request, household, decision: agrees ? 'approve' : 'refuse' });
  const decided = await fetch(action, { method: 'POST', body: form, redirect: 'manual' });
  const location = decided.headers.get('location');
  if (decided.status !== 303 || location === null) throw new Error(`the bank says: ${await decided.text()}`);
  return readRedirect(new URL(location).searchParams);
}

/** @throws {Error} for an address that no bank sends anybody to */
export function readRedirect(parameters: URLSearchParams): BackFromBank {
  const state = parameters.get('state');
  if (state === null) throw new Error('no state came back with the user');
  const of = (name: 'code' | 'iss' | 'error') => {
    const value = parameters.get(name);
    return value === null ? {} : { [name]: value };
  };
  return { state, ...of('code'), ...of('iss'), ...of('error') };
}
