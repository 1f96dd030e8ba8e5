/** Plaid's calls around Link and the keys of webhooks: fields in, an answer or a refusal out. */
import type { PlaidErrorCode } from '../plaid/error-body.ts';
import { accessToken } from '../plaid/identifiers.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { FinishedLink, LinkDesk } from './link-desk.ts';

export interface CallRefusal {
  readonly refusal: PlaidErrorCode;
  readonly message: string;
}

export type CallAnswer = Readonly<Record<string, unknown>> | CallRefusal;

export interface LinkCallsDeps {
  readonly desk: LinkDesk;
  readonly webhooks: Webhooks;
  /** @returns the connection that a token names, `undefined` where there is none */
  indexOf(accessToken: string): number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const refused = (refusal: PlaidErrorCode, message: string): CallRefusal => ({ refusal, message });
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const objectOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

export const linkPaths: readonly string[] = [
  '/link/token/create',
  '/item/public_token/exchange',
  '/sandbox/public_token/create',
  '/sandbox/link/finish',
  '/webhook_verification_key/get',
];

/** Answers a call of `linkPaths`. */
export function answerLinkCall(path: string, fields: Fields, deps: LinkCallsDeps): CallAnswer {
  switch (path) {
    case '/link/token/create':
      return createLinkToken(fields, deps);
    case '/item/public_token/exchange': {
      const token = textOf(fields.public_token);
      if (token === null) return refused('MISSING_FIELDS', 'the following required fields are missing: public_token');
      const made = deps.desk.exchange(token);
      if (made === undefined) return refused('INVALID_PUBLIC_TOKEN', 'could not find matching public token');
      return { access_token: made.accessToken, item_id: made.itemId };
    }
    case '/sandbox/public_token/create': {
      const options = objectOf(fields.options);
      const session = { webhook: textOf(options.webhook), updates: null };
      return publicToken(deps.desk.finish(session, textOf(options.override_username)));
    }
    // Not Plaid's: what the pages of Link do when the user has come to their end.
    case '/sandbox/link/finish': {
      const session = deps.desk.session(textOf(fields.link_token) ?? '');
      if (session === undefined) return refused('INVALID_LINK_TOKEN', 'invalid or expired link_token');
      const finished = deps.desk.finish(session, textOf(fields.username));
      // Faults are planted by access token: the caller may want one for the new connection.
      return finished === undefined
        ? publicToken(finished)
        : { ...publicToken(finished), access_token: accessToken(finished.index) };
    }
    default: {
      const key = deps.webhooks.signer.publicKey(textOf(fields.key_id) ?? '');
      return key === undefined ? refused('INVALID_WEBHOOK_VERIFICATION_KEY_ID', 'invalid key_id provided') : { key };
    }
  }
}

function createLinkToken(fields: Fields, { desk, indexOf }: LinkCallsDeps): CallAnswer {
  const { client_name, language, country_codes, user, products, access_token } = fields;
  const required = { client_name, language, country_codes, user: textOf(objectOf(user).client_user_id) };
  const missing = Object.entries(required).filter(([, value]) => value === undefined || value === null || value === '');
  if (missing.length > 0) {
    const names = missing.map(([name]) => name).join(', ');
    return refused('MISSING_FIELDS', `the following required fields are missing: ${names}`);
  }
  const isCountry = (code: unknown) => typeof code === 'string' && /^[A-Z]{2}$/.test(code);
  if (!Array.isArray(country_codes) || country_codes.length === 0 || !country_codes.every(isCountry))
    return refused('INVALID_FIELD', 'country_codes must be a list of ISO 3166-1 alpha-2 codes');
  const { days_requested: days } = objectOf(fields.transactions);
  if (days !== undefined && !(Number.isInteger(days) && Number(days) >= 1 && Number(days) <= 730))
    return refused('INVALID_FIELD', 'transactions.days_requested must be a whole number from 1 to 730');
  const updates = access_token === undefined || access_token === null ? null : indexOf(String(access_token));
  if (updates === undefined) return refused('INVALID_ACCESS_TOKEN', 'could not find matching access token');
  if (updates === null && !(Array.isArray(products) && products.includes('transactions')))
    return refused('INVALID_FIELD', 'products must have "transactions"');
  if (updates !== null && products !== undefined)
    return refused('INVALID_FIELD', 'products may not be given in update mode');
  const { linkToken, expiration } = desk.createLinkToken(textOf(fields.webhook), updates);
  return { link_token: linkToken, expiration };
}

function publicToken(finished: FinishedLink | undefined): CallAnswer {
  if (finished === undefined) return refused('ADDITION_LIMIT', 'no connection is left to be linked');
  return { public_token: finished.publicToken };
}
