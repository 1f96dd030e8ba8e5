/** A real Plaid account from the environment. */

export interface PlaidAccount {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly secret: string;
  readonly accessToken: string;
}

const names = ['PLAID_BASE_URL', 'PLAID_CLIENT_ID', 'PLAID_SECRET', 'PLAID_ACCESS_TOKEN'] as const;

/**
 * @returns `undefined` when none of the variables is set: the simulator is used
 * @throws {Error} naming the missing ones when only some are set
 */
export function readPlaidAccount(variables: Readonly<Record<string, string | undefined>>): PlaidAccount | undefined {
  const missing = names.filter((name) => !variables[name]);
  if (missing.length === names.length) return undefined;
  if (missing.length > 0)
    throw new Error(`for the real Plaid set ${missing.join(' and ')} too, or unset the other PLAID_ variables`);
  const [baseUrl = '', clientId = '', secret = '', accessToken = ''] = names.map((name) => variables[name]);
  return { baseUrl, clientId, secret, accessToken };
}
