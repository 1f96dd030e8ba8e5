/** The functions' settings, read once from the environment. `infra` and the sandbox set exactly these variables. */
import { type AwsCredentials, type AwsService, endpointOf } from '@quartersec/aws';
import { parseTokenKeys } from '@quartersec/storage';
import { readTokenSettings, type TokenSettings } from './api/token-settings.ts';
import { type Banks, readBanks } from './bank-settings.ts';
import { type BerlinSettings, readBerlinSettings } from './berlin-settings.ts';
import type { LinkSettings } from './connect/connect-dependencies.ts';
import { type OpenBankingSettings, readOpenBankingSettings } from './open-banking-settings.ts';
import { ProcessorError } from './processor-error.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** What all functions need. */
export interface TableEnvironment {
  readonly tableName: string;
  readonly region: string;
  /** Of the function's role, as they were at the start: see `role-credentials.ts`. */
  readonly credentials: AwsCredentials;
  /** The region's, or what `DYNAMODB_ENDPOINT` or AWS's own variables name, e.g. an emulator. */
  readonly dynamoDbEndpoint: URL;
  /** A DAX cluster in front of the table, `dax://` or `daxs://`; `undefined`: DynamoDB alone. */
  readonly daxEndpoint: string | undefined;
}

export interface ProcessEnvironment extends TableEnvironment {
  readonly queueUrl: string;
  /** Of other providers than Plaid, by their names; one that is not here shares `queueUrl`. */
  readonly queueUrls: Readonly<Record<string, string>>;
  readonly sqsEndpoint: URL;
  /** Opens and seals the stored access tokens: see `token-keys.ts` of the storage. */
  readonly tokenKey: string;
  /** How far back the history of a new connection is asked for. */
  readonly historyDays: number;
  /** Each connection is asked at least so often: `SCHEDULE_HOURS`. */
  readonly scheduleEveryMs: number;
  readonly plaid: { readonly baseUrl: string; readonly clientId: string; readonly secret: string };
  readonly openBankingUk: OpenBankingSettings;
  readonly berlinGroup: BerlinSettings;
}

/** What every function of the API needs. */
export interface ApiEnvironment {
  readonly tokens: TokenSettings;
  /** What the gateway puts before `/v1` in the path, e.g. its stage; empty: nothing. */
  readonly basePath: string;
}

/** What every function needs that sends events, and asks Plaid. */
export interface SenderEnvironment extends TableEnvironment {
  readonly queueUrl: string;
  /** Of other providers than Plaid, by their names; one that is not here shares `queueUrl`. */
  readonly queueUrls: Readonly<Record<string, string>>;
  readonly sqsEndpoint: URL;
  readonly plaid: ProcessEnvironment['plaid'];
}

export interface WebhookEnvironment extends SenderEnvironment {
  /** Those of the UK: their issuers sign events. */
  readonly banks: Banks;
}

export interface ConnectEnvironment extends ProcessEnvironment, ApiEnvironment {
  readonly link: LinkSettings;
}

export interface QueryEnvironment extends TableEnvironment, ApiEnvironment {
  /** Version of the deployed code. */
  readonly revision: string;
}

export const processVariables = {
  TABLE_NAME: 'name of the DynamoDB table',
  AWS_REGION: 'set by Lambda',
  AWS_ACCESS_KEY_ID: 'set by Lambda',
  AWS_SECRET_ACCESS_KEY: 'set by Lambda',
  QUEUE_URL: 'URL of the SQS queue that takes continuations and postponed events',
  TOKEN_KEY:
    'one or several keys, "name:base64,name:base64", each 32 random bytes (openssl rand -base64 32); the first seals',
  PLAID_BASE_URL: 'https://sandbox.plaid.com or https://production.plaid.com',
  PLAID_CLIENT_ID: 'client id of your Plaid account',
  PLAID_SECRET: 'secret of your Plaid account',
} as const;

export const webhookVariables = withoutTokenKey(processVariables);

export const queryVariables = {
  TABLE_NAME: processVariables.TABLE_NAME,
  AWS_REGION: processVariables.AWS_REGION,
  AWS_ACCESS_KEY_ID: processVariables.AWS_ACCESS_KEY_ID,
  AWS_SECRET_ACCESS_KEY: processVariables.AWS_SECRET_ACCESS_KEY,
} as const;

/** Those of them that on AWS come from Secrets Manager (`secrets.ts`). The client id is no secret, but is set with one. */
export const processSecrets = ['TOKEN_KEY', 'PLAID_CLIENT_ID', 'PLAID_SECRET'] as const;
export const webhookSecrets = ['PLAID_CLIENT_ID', 'PLAID_SECRET'] as const;
export const connectSecrets = [...processSecrets, 'READ_TOKEN_KEY'] as const;
/** Of `process` and `connect`, where banks are linked through the API, or ask for a certificate. A certificate is no secret, but is set with its key. */
export const optionalSecrets = [
  'OPEN_BANKING_UK_KEY',
  'OPEN_BANKING_UK_CERTIFICATE',
  'OPEN_BANKING_UK_CERTIFICATE_KEY',
  'BERLIN_GROUP_CERTIFICATE',
  'BERLIN_GROUP_CERTIFICATE_KEY',
  'BERLIN_GROUP_SEAL_CERTIFICATE',
  'BERLIN_GROUP_SEAL_CERTIFICATE_KEY',
] as const;
export const querySecrets = ['READ_TOKEN_KEY'] as const;

/** @throws {ProcessorError} `CONFIGURATION_INVALID`, naming every missing variable and what belongs in it */
export function readProcessEnvironment(variables: Variables): ProcessEnvironment {
  const required = requireAll(variables, processVariables);
  if (parseTokenKeys(required.TOKEN_KEY) === undefined) {
    throw new ProcessorError('CONFIGURATION_INVALID', { TOKEN_KEY: `must be ${processVariables.TOKEN_KEY}` });
  }
  return {
    ...queueAndProvider(required, variables),
    tokenKey: required.TOKEN_KEY,
    historyDays: readHistoryDays(variables),
    scheduleEveryMs: readScheduleHours(variables) * 3_600_000,
    openBankingUk: readOpenBankingSettings(variables),
    berlinGroup: readBerlinSettings(variables),
  };
}

/** @throws {ProcessorError} `CONFIGURATION_INVALID`, naming every missing variable and what belongs in it */
export function readWebhookEnvironment(variables: Variables): WebhookEnvironment {
  const required = requireAll(variables, webhookVariables);
  return { ...queueAndProvider(required, variables), banks: readBanks('OPEN_BANKING_UK_BANKS', variables) };
}

function queueAndProvider(
  required: Record<keyof typeof webhookVariables, string>,
  variables: Variables,
): SenderEnvironment {
  if (!URL.canParse(required.PLAID_BASE_URL)) {
    throw new ProcessorError('CONFIGURATION_INVALID', { PLAID_BASE_URL: `must be ${processVariables.PLAID_BASE_URL}` });
  }
  return {
    ...tableEnvironment(required, variables),
    queueUrl: required.QUEUE_URL,
    queueUrls: readQueues(variables),
    sqsEndpoint: readEndpoint('sqs', variables),
    plaid: { baseUrl: required.PLAID_BASE_URL, clientId: required.PLAID_CLIENT_ID, secret: required.PLAID_SECRET },
  };
}

/**
 * With `tokenVariables` of `token-settings.ts`, `API_BASE_PATH`, and optional settings of Link: `LINK_CLIENT_NAME`, `LINK_LANGUAGE`, `LINK_COUNTRY_CODES`, `LINK_REDIRECT_URI`, `HISTORY_DAYS`,
 * `WEBHOOK_URL`.
 * @throws {ProcessorError} `CONFIGURATION_INVALID`, naming every missing variable and what belongs in it
 */
export function readConnectEnvironment(variables: Variables): ConnectEnvironment {
  return {
    ...readProcessEnvironment(variables),
    ...readApiEnvironment(variables),
    link: {
      clientName: variables.LINK_CLIENT_NAME || 'quartersec',
      language: readText('LINK_LANGUAGE', variables, /^[a-z]{2}$/, 'ISO 639-1, e.g. en') ?? 'en',
      countryCodes: (
        readText('LINK_COUNTRY_CODES', variables, /^[A-Z]{2}(,[A-Z]{2})*$/, 'ISO 3166-1, e.g. US,GB') ?? 'US'
      ).split(','),
      daysRequested: readHistoryDays(variables),
      webhookUrl: readText('WEBHOOK_URL', variables, /^https?:\/\/\S+$/, 'the address of the webhook function'),
      redirectUri: readText('LINK_REDIRECT_URI', variables, /^https?:\/\/\S+$/, 'an address registered with Plaid'),
    },
  };
}

/** Two years: all that Plaid has of any bank. It takes the number with the first call of an Item, and fixes it for good. */
function readHistoryDays(variables: Variables): number {
  const days = Number(readText('HISTORY_DAYS', variables, /^[1-9]\d{0,2}$/, '1 to 730') ?? 730);
  if (days > 730) throw new ProcessorError('CONFIGURATION_INVALID', { HISTORY_DAYS: 'must be 1 to 730' });
  return days;
}

/** From two, since the schedule looks at a connection once in 64 minutes; to a week. */
function readScheduleHours(variables: Variables): number {
  const hours = Number(readText('SCHEDULE_HOURS', variables, /^[1-9]\d{0,2}$/, '2 to 168') ?? 6);
  if (hours < 2 || hours > 168)
    throw new ProcessorError('CONFIGURATION_INVALID', { SCHEDULE_HOURS: 'must be 2 to 168' });
  return hours;
}

/** `<provider>=<queue URL>`, several with commas between them; empty: none. */
function readQueues(variables: Variables): Readonly<Record<string, string>> {
  const given = (variables.QUEUE_URLS ?? '').split(',').filter((each) => each !== '');
  const pairs = given.map((each) => {
    const [, name = '', url = ''] = /^([\w.-]{1,64})=(https?:\/\/\S+)$/.exec(each) ?? [];
    return [name, url] as const;
  });
  if (pairs.every(([name, url]) => name !== '' && URL.canParse(url))) return Object.fromEntries(pairs);
  throw new ProcessorError('CONFIGURATION_INVALID', {
    QUEUE_URLS: 'must be <provider>=<queue URL>, several with commas between them',
  });
}

/** Empty counts as none. */
function readText(name: string, variables: Variables, form: RegExp, meaning: string): string | undefined {
  const value = variables[name];
  if (!value) return undefined;
  if (!form.test(value)) throw new ProcessorError('CONFIGURATION_INVALID', { [name]: `must be ${meaning}` });
  return value;
}

/**
 * With `tokenVariables` of `token-settings.ts`, and `API_BASE_PATH`.
 * @throws {ProcessorError} `CONFIGURATION_INVALID`, naming every missing variable and what belongs in it
 */
export function readQueryEnvironment(variables: Variables): QueryEnvironment {
  return {
    ...tableEnvironment(requireAll(variables, queryVariables), variables),
    ...readApiEnvironment(variables),
    revision: variables.AWS_LAMBDA_FUNCTION_VERSION ?? '',
  };
}

/** @throws {ProcessorError} `CONFIGURATION_INVALID` */
export function readApiEnvironment(variables: Variables): ApiEnvironment {
  const basePath = variables.API_BASE_PATH ?? '';
  if (!/^(?:\/[\w.-]+)*$/.test(basePath)) {
    throw new ProcessorError('CONFIGURATION_INVALID', { API_BASE_PATH: 'must be empty, or like /prod' });
  }
  return { tokens: readTokenSettings(variables), basePath };
}

function tableEnvironment(
  required: Record<keyof typeof queryVariables & keyof typeof processVariables, string>,
  variables: Variables,
): TableEnvironment {
  return {
    tableName: required.TABLE_NAME,
    region: required.AWS_REGION,
    credentials: readCredentials(variables),
    dynamoDbEndpoint: readEndpoint('dynamodb', variables),
    daxEndpoint: readDaxEndpoint(variables.DAX_ENDPOINT),
  };
}

/** As they are now: Lambda's variables. */
export function readCredentials(variables: Variables): AwsCredentials {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = variables;
  const sessionToken = variables.AWS_SESSION_TOKEN;
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

/** Ours come before AWS's own: the sandbox sets them. */
const endpointVariables = {
  dynamodb: 'DYNAMODB_ENDPOINT',
  sqs: 'SQS_ENDPOINT',
  secretsmanager: 'SECRETS_ENDPOINT',
} as const satisfies Record<AwsService, string>;

/** @throws {ProcessorError} `CONFIGURATION_INVALID` for what is no URL, or what the region does not have */
export function readEndpoint(service: AwsService, variables: Variables): URL {
  const name = endpointVariables[service];
  const value = variables[name];
  try {
    return value ? new URL(value) : endpointOf(service, variables.AWS_REGION ?? '', variables);
  } catch (error) {
    const reason = (error as Error).message;
    throw new ProcessorError('CONFIGURATION_INVALID', { [name]: `no endpoint of ${service}: ${reason}` });
  }
}

/** Who opens no token needs no key. */
function withoutTokenKey<Shape extends { readonly TOKEN_KEY: string }>({ TOKEN_KEY: _, ...rest }: Shape) {
  return rest;
}

/** Empty counts as none, so that a deployment can switch DAX off. */
function readDaxEndpoint(endpoint: string | undefined): string | undefined {
  if (!endpoint) return undefined;
  if (/^daxs?:\/\/[^/]+$/.test(endpoint) && URL.canParse(endpoint)) return endpoint;
  throw new ProcessorError('CONFIGURATION_INVALID', {
    DAX_ENDPOINT: 'must be dax://host:port, daxs://host (encrypted), or empty for DynamoDB alone',
  });
}

function requireAll<Name extends string>(
  variables: Variables,
  meanings: Readonly<Record<Name, string>>,
): Record<Name, string> {
  const names = Object.keys(meanings) as Name[];
  const missing = names.filter((name) => !variables[name]);
  if (missing.length > 0) {
    throw new ProcessorError(
      'CONFIGURATION_INVALID',
      Object.fromEntries(missing.map((name) => [name, `missing; set it to: ${meanings[name]}`])),
    );
  }
  return Object.fromEntries(names.map((name) => [name, variables[name] ?? ''])) as Record<Name, string>;
}
