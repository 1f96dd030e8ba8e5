/** The resource `account-access-consents` of the Account and Transaction API, versions 3.1.11 and 4.0: made, read and deleted by the client. */
import { type Answer, jsonAnswer } from '../../answer.ts';
import type { Consent, ConsentStatus, Grants } from '../../consent/grants.ts';
import { bodiless, obieError, type Version } from '../error-body.ts';

const path = /^\/open-banking\/(v3\.1|v4\.0)\/aisp\/account-access-consents(?:\/([\w-]+))?$/;

/** The permissions of the standard that a reader of accounts, balances and transactions asks for. */
const known: ReadonlySet<string> = new Set([
  'ReadAccountsBasic',
  'ReadAccountsDetail',
  'ReadBalances',
  'ReadTransactionsBasic',
  'ReadTransactionsDetail',
  'ReadTransactionsCredits',
  'ReadTransactionsDebits',
]);

const statuses: Readonly<Record<Version, Readonly<Partial<Record<ConsentStatus, string>>>>> = {
  'v3.1': { awaiting: 'AwaitingAuthorisation', authorised: 'Authorised', rejected: 'Rejected' },
  'v4.0': { awaiting: 'AWAU', authorised: 'AUTH', rejected: 'RJCT' },
};
/** Revoked by the user at the bank, or deleted by the client. */
const endedStatus: Readonly<Record<Version, string>> = { 'v3.1': 'Revoked', 'v4.0': 'CANC' };

export interface ConsentCall {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Whether its bearer token is one of the client's own, for this version. */
  isClient(version: Version): boolean;
}

export const isConsentsPath = (text: string): boolean => path.test(text);

export function answerConsents(call: ConsentCall, grants: Grants): Answer {
  const [, versionText, id] = path.exec(call.path) ?? [];
  const version = versionText as Version;
  if (!call.isClient(version)) return bodiless(401, 'error:401');
  if (id === undefined) return call.method === 'POST' ? create(call.body, version, grants) : bodiless(405, 'error:405');
  const consent = grants.consent(id, version);
  if (consent === undefined) return obieError(version, 'UK.OBIE.Resource.NotFound', 400);
  if (call.method === 'DELETE') {
    grants.remove(consent);
    return bodiless(204, 'ok');
  }
  return call.method === 'GET' ? jsonAnswer(JSON.stringify(consentJson(consent, version))) : bodiless(405, 'error:405');
}

function create(body: string, version: Version, grants: Grants): Answer {
  const { Data, Risk } = parse(body);
  const { Permissions, ExpirationDateTime = null } = objectOf(Data);
  const isKnown = Array.isArray(Permissions) && Permissions.length > 0 && Permissions.every((each) => known.has(each));
  const expires = ExpirationDateTime === null ? null : Date.parse(String(ExpirationDateTime));
  if (!isKnown || typeof Risk !== 'object' || Number.isNaN(expires))
    return obieError(version, 'UK.OBIE.Field.InvalidDate', 400);
  return jsonAnswer(
    JSON.stringify(consentJson(grants.createConsent(version, Permissions, expires), version)),
    'ok',
    201,
  );
}

function consentJson({ id, status, permissions, expiresEpochMs, ...consent }: Consent, version: Version) {
  const { createdEpochMs, changedEpochMs } = consent;
  return {
    Data: {
      ConsentId: id,
      CreationDateTime: timeText(createdEpochMs),
      StatusUpdateDateTime: timeText(changedEpochMs),
      Status: statuses[version][status] ?? endedStatus[version],
      Permissions: permissions,
      ...(expiresEpochMs !== null && { ExpirationDateTime: timeText(expiresEpochMs) }),
    },
    Risk: {},
    Links: { Self: `/account-access-consents/${id}` },
    Meta: { TotalPages: 1 },
  };
}

/** With an offset, as the standard wants it in responses. */
function timeText(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}+00:00`;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}
