/**
 * Which of Plaid's environments an address and an access token belong to: both name it. A token that is sent to another
 * environment is refused there with `INVALID_ACCESS_TOKEN`, which says nothing about its Item.
 * @see https://plaid.com/docs/errors/invalid-input/#invalid_access_token
 */
const environments: ReadonlySet<string> = new Set(['sandbox', 'development', 'production']);

/** `false` as well where one of the two does not say: a custom host, or a token of another form. */
export function isForeignToken(accessToken: string, baseUrl: string): boolean {
  const ofToken = environmentOfToken(accessToken);
  const ofUrl = environmentOfUrl(baseUrl);
  return ofToken !== undefined && ofUrl !== undefined && ofToken !== ofUrl;
}

/** `access-<environment>-<identifier>` */
function environmentOfToken(accessToken: string): string | undefined {
  return known(/^access-([a-z]+)-/.exec(accessToken)?.[1]);
}

/** `https://<environment>.plaid.com` */
function environmentOfUrl(baseUrl: string): string | undefined {
  return known(/^([a-z]+)\.plaid\.com$/.exec(URL.parse(baseUrl)?.hostname ?? '')?.[1]);
}

function known(name: string | undefined): string | undefined {
  return name !== undefined && environments.has(name) ? name : undefined;
}
