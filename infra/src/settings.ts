/** What a deployment chooses by `--context key=value`, read once. Everything else follows from the stage (`stage-limits.ts`). */
import { readStage, type Stage } from './stage.ts';

export interface Settings {
  readonly stage: Stage;
  /** DAX in front of the table, and the VPC that it needs. Off: neither is made, and nothing of it is paid. */
  readonly dax: boolean;
  /** Each new journal entry as an event on a bus of its own. Off: the table has no stream, and nothing of it is paid. */
  readonly changes: boolean;
  readonly plaidBaseUrl: string;
  readonly openBankingUk: LinkedBanks;
  readonly berlinGroup: LinkedBanks;
  /** Receives every alarm; `undefined`: the topic has no subscriber yet. */
  readonly alarmEmail: string | undefined;
  /** Environments of each function kept warm, paid by the hour; 0: none. */
  readonly warm: { readonly process: number; readonly query: number };
  /**
   * Invocations of `query` at once, set aside for it: a ceiling on what a flood at the public address can cost. `undefined`: the
   * account's own, since a new account has 10 in all and none to set aside.
   */
  readonly queryConcurrency: number | undefined;
  /**
   * Invocations of `webhook` at once, set aside for it; with it the function gets an address of its own, to which webhooks of new links
   * come without the gateway's price. `undefined`: through the gateway, since such an address has no other limit.
   */
  readonly webhookConcurrency: number | undefined;
  /** Event pollers that are there before a burst, paid by the hour; 0: Lambda adds them as messages come. */
  readonly minimumPollers: number;
  /** Web pages of these origins may call the API from a browser; none: no page of another origin may. */
  readonly corsOrigins: readonly string[];
  /** How bearer tokens are verified; without `jwksUrl` by the secret that the stack makes. */
  readonly readTokens: ReadTokens;
  /** A text that differs from the last deployment's replaces every environment, so that rotated secrets are read. */
  readonly secretsOf: string | undefined;
  /** Web address of docs/, linked from every alarm; `undefined`: alarms name the page by its path in the repository. */
  readonly docsUrl: string | undefined;
  /** Who may read metrics and log: this account (its own policies say who), Amazon Managed Grafana, or one IAM role. */
  readonly grafana: 'account' | 'managed' | `arn:${string}`;
}

/** As the functions read it (docs/open-banking-uk.md). */
export interface LinkedBanks {
  readonly banks: string | undefined;
  readonly redirectUri: string | undefined;
  readonly consentDays: string | undefined;
  /** Whether any is linked through the API: then the functions need what we show them. */
  readonly links: boolean;
  /** Where banks of the UK keep events until they are asked for. */
  readonly events?: string;
  /** Institutions whose banks ask for signed requests: of the Berlin Group. */
  readonly signed?: string;
}

export interface ReadTokens {
  readonly jwksUrl: string | undefined;
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
  readonly algorithms: string | undefined;
}

/** Each key and what may be given for it: also the text of `--help`. */
export const contextKeys = {
  stage: 'dev (default) or prod',
  dax: 'true: a DAX cluster and its VPC; default false',
  changes: 'true: an event on an EventBridge bus for each change of a connection; default false',
  plaidBaseUrl: 'https address of Plaid; default by stage',
  openBankingUkBanks:
    'banks of the UK: <institution>=<https base URL>, and to link it |<issuer>|<client id>; several with commas; default none',
  openBankingUkRedirectUri: 'https address that those banks send the user back to; needed where one is linked',
  openBankingUkConsentDays: 'days until a consent ends, 1 to 730; default when the bank or the user ends it',
  openBankingUkEvents:
    'where those banks keep events until they are polled: <institution>=<https address>, of registered banks; several with commas; default none',
  berlinGroupBanks:
    'banks of the Berlin Group: <institution>=<https base URL>, where they have OAuth |<issuer>|<client id>; several with commas; default none',
  berlinGroupRedirectUri:
    'https address that those banks send the user back to; default: none is linked through the API',
  berlinGroupConsentDays: 'days until a consent ends, 1 to 730; default 180',
  berlinGroupSignedBanks:
    'institutions of berlinGroupBanks that ask for signed requests, separated by commas; needs berlinGroupRedirectUri; default none',
  alarmEmail: 'address that is told of every alarm; default none',
  warmProcess: 'environments of process kept warm (provisioned concurrency), 0 to 1000; default 0',
  warmQuery: 'environments of query kept warm, 0 to 1000; default 0',
  queryConcurrency: 'invocations of query at once, set aside for it, 1 to 1000; default what the account has',
  webhookConcurrency:
    'invocations of webhook at once, set aside for it, 1 to 1000: then webhooks come to its own address; default through the gateway',
  minimumPollers: 'event pollers kept ready for a burst, 0 or 2 to 200; default 0',
  corsOrigins:
    'origins of web pages that call the API, separated by commas: https://app.example.com, http://localhost:3000; no *; default none',
  readTokenJwksUrl: 'https address (port 443) of the key set of the token issuer; default: the secret made here',
  readTokenIssuer: 'claim iss of bearer tokens; needed with readTokenJwksUrl',
  readTokenAudience: 'claim aud of bearer tokens; default quartersec',
  readTokenAlgorithms: 'RS256, ES256 or RS256,ES256 (default), with readTokenJwksUrl alone',
  secretsOf: 'a new text, e.g. the date: every environment reads the secrets anew; default none',
  docsUrl: 'web address of docs/, linked from every alarm; default its path in the repository',
  grafana: 'account (default), managed (makes an Amazon Managed Grafana workspace), or the ARN of the role that reads',
} as const;
export type ContextKey = keyof typeof contextKeys;

const bank = '[\\w.-]{1,64}=https:\\/\\/[^\\s|,]+';
const registered = `${bank}(?:\\|https:\\/\\/[^\\s|,]+\\|[\\w.~:\\/-]{1,200})?`;
const registeredList = new RegExp(`^${registered}(?:,${registered})*$`);

const plaidByStage = { dev: 'https://sandbox.plaid.com', prod: 'https://production.plaid.com' } as const;

const origin =
  '(?:https:\\/\\/[a-z\\d](?:[a-z\\d.-]*[a-z\\d])?|http:\\/\\/(?:localhost|127\\.0\\.0\\.1))(?::\\d{1,5})?';
/** As browsers write an origin: lower case, no slash at its end. */
const corsOriginList = new RegExp(`^${origin}(?:,${origin})*$`);

/**
 * @param contextOf value of a context key; texts from the command line, other JSON from a file
 * @throws {Error} naming the key and what may be given for it
 */
export function readSettings(contextOf: (key: ContextKey) => unknown): Settings {
  const stage = readStage(contextOf('stage'));
  const text = (key: ContextKey, pattern: RegExp): string | undefined => {
    const value = contextOf(key);
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw refused(key, value);
  };
  const flag = (key: ContextKey): boolean => {
    const value = contextOf(key);
    if (value === undefined || value === '' || value === false || value === 'false') return false;
    if (value === true || value === 'true') return true;
    throw refused(key, value);
  };
  const count = (key: ContextKey, fits: (value: number) => boolean): number => {
    const value = contextOf(key) ?? 0;
    const number = typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && fits(number)) return number;
    throw refused(key, value);
  };
  const readTokens = {
    // The functions' way out in a VPC is open on 443 alone.
    jwksUrl: text('readTokenJwksUrl', /^https:\/\/[^/\s?#:@]+\/[^\s#]*$/),
    issuer: text('readTokenIssuer', /^[^\s]{1,200}$/),
    audience: text('readTokenAudience', /^[^\s]{1,200}$/),
    algorithms: text('readTokenAlgorithms', /^(?:RS256|ES256|RS256,ES256|ES256,RS256)$/),
  };
  if (readTokens.jwksUrl !== undefined && readTokens.issuer === undefined)
    throw refused('readTokenIssuer', readTokens.issuer);
  if (readTokens.jwksUrl === undefined && readTokens.algorithms !== undefined)
    throw refused('readTokenAlgorithms', readTokens.algorithms);
  const consentDays = /^(?:[1-9]\d?|[1-6]\d{2}|7[0-2]\d|730)$/;
  const linkedBanks = (prefix: 'openBankingUk' | 'berlinGroup'): Omit<LinkedBanks, 'links' | 'events' | 'signed'> => ({
    banks: text(`${prefix}Banks`, registeredList),
    redirectUri: text(`${prefix}RedirectUri`, /^https:\/\/[^\s#]+$/),
    consentDays: text(`${prefix}ConsentDays`, consentDays),
  });
  const [uk, berlin] = [linkedBanks('openBankingUk'), linkedBanks('berlinGroup')];
  const events = text('openBankingUkEvents', new RegExp(`^${bank}(?:,${bank})*$`));
  const isOfRegistered = (each: string) =>
    uk.banks?.split(',').some((one) => one.includes('|') && one.startsWith(each));
  const canPoll = events?.split(',').every((each) => isOfRegistered(`${each.split('=')[0]}=`));
  if (events !== undefined && canPoll !== true) throw refused('openBankingUkEvents', events);
  const openBankingUk = { ...uk, links: isRegistered(uk), ...(events !== undefined && { events }) };
  // Without an authorization server a bank needs no registration: an address to come back to is all.
  const signed = text('berlinGroupSignedBanks', /^[\w.-]{1,64}(?:,[\w.-]{1,64})*$/);
  const institutions = new Set(berlin.banks?.split(',').map((each) => each.split('=')[0]));
  // The seal comes from the secret that is made where banks are linked.
  const canSign = berlin.redirectUri !== undefined && signed?.split(',').every((each) => institutions.has(each));
  if (signed !== undefined && canSign !== true) throw refused('berlinGroupSignedBanks', signed);
  const berlinGroup = {
    ...berlin,
    links: berlin.redirectUri !== undefined,
    ...(signed !== undefined && { signed }),
  };
  for (const [name, banks] of [
    ['openBankingUk', uk],
    ['berlinGroup', berlin],
  ] as const)
    if (isRegistered(banks) && banks.redirectUri === undefined) throw refused(`${name}RedirectUri`, banks.redirectUri);
  const upTo1000 = (value: number) => value >= 0 && value <= 1_000;
  return {
    stage,
    dax: flag('dax'),
    changes: flag('changes'),
    plaidBaseUrl: text('plaidBaseUrl', /^https:\/\/[^/\s]+$/) ?? plaidByStage[stage],
    openBankingUk,
    berlinGroup,
    alarmEmail: text('alarmEmail', /^[^@\s]+@[^@\s]+$/),
    warm: { process: count('warmProcess', upTo1000), query: count('warmQuery', upTo1000) },
    queryConcurrency: count('queryConcurrency', upTo1000) || undefined,
    webhookConcurrency: count('webhookConcurrency', upTo1000) || undefined,
    minimumPollers: count('minimumPollers', (value) => value === 0 || (value >= 2 && value <= 200)),
    // A bearer token is no cookie: a browser sends it nowhere by itself. But a page of any origin that got hold of one could use it.
    corsOrigins: text('corsOrigins', corsOriginList)?.split(',') ?? [],
    readTokens,
    secretsOf: text('secretsOf', /^[\w.:-]{1,40}$/),
    docsUrl: text('docsUrl', /^https?:\/\/[^\s#?]+$/)?.replace(/\/+$/, ''),
    grafana: (text('grafana', /^(?:account|managed|arn:aws[\w-]*:iam::\d{12}:role\/\S+)$/) ??
      'account') as Settings['grafana'],
  };
}

function isRegistered({ banks }: Pick<LinkedBanks, 'banks'>): boolean {
  return banks?.includes('|') ?? false;
}

function refused(key: ContextKey, value: unknown): Error {
  return new Error(`--context ${key}=${value} is not ${contextKeys[key]}`);
}
