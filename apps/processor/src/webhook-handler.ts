/**
 * The `webhook` function: verifies a provider's webhook before anything of it is used, puts what it asks for on the queue, then
 * answers. Plaid takes exactly 200 within ten seconds for taken; anything else it sends again, for a day. Banks of the UK want 202.
 */
import type { VerifiedEvent, VerifiedWebhook, WebhookReaction } from '@quartersec/providers';
import { createDeadline, type Deadline } from '@quartersec/sla';
import { StorageError } from '@quartersec/storage';
import type { EventLog, EventMetrics, LogFields, LogLevel, MetricValues } from '@quartersec/telemetry';
import type { APIGatewayProxyStructuredResultV2, LambdaFunctionURLEvent } from 'aws-lambda';
import { ProcessorError } from './processor-error.ts';
import type { SeenWebhooks } from './seen-webhooks.ts';
import type { SyncQueue } from './sync-queue.ts';
import { eventOf } from './webhook-reaction.ts';

/** What each provider does in its own way. */
export interface WebhookProvider {
  /** The header that has the token, in lower case; absent where the body is the token. */
  readonly tokenHeader?: string;
  /** What it takes for taken. */
  readonly takenStatus: 200 | 202;
  /** A header of the request that it wants to see again. */
  readonly echoedHeader?: string;
  verify(token: string | undefined, body: Uint8Array, nowEpochMs: number): Promise<VerifiedWebhook | VerifiedEvent>;
  /** Of a verified one. */
  react(body: Uint8Array): WebhookReaction;
  /** What tells one verified webhook from another. */
  replayKeyOf(token: string): string;
}

export interface WebhookDependencies {
  providerFor(name: string): WebhookProvider | undefined;
  /** @returns `undefined` for an Item that is none of ours */
  findConnection(provider: string, itemId: string, deadline: Deadline): Promise<string | undefined>;
  readonly queue: Pick<SyncQueue, 'send'>;
  readonly seen: SeenWebhooks;
  readonly log: EventLog;
  readonly metrics: EventMetrics;
  newId(): string;
  /** `true` for the first webhook of an environment, `false` ever after. */
  takeColdStart(): boolean;
  nowMs(): number;
  nowEpochMs(): number;
}

export interface WebhookLimits {
  readonly hardDeadlineMs: number;
  /** Bytes. */
  readonly bodyAtMost: number;
}

/** Plaid's are under 2 KB. */
export const webhookBodyAtMost = 65_536;

type Reply = APIGatewayProxyStructuredResultV2;
export type WebhookHandler = (request: LambdaFunctionURLEvent) => Promise<Reply>;

/** How a webhook ended: what is answered, counted and logged of it. */
interface Ending {
  readonly status: number;
  readonly code: string;
  readonly counts: MetricValues;
  readonly level: LogLevel;
  readonly fields?: LogFields;
}

const taken = (code: string, counts: MetricValues, fields: LogFields = {}): Ending => ({
  status: 200,
  code,
  counts,
  level: 'info',
  fields,
});
/** The sender comes again. */
const notTaken = (code: string): Ending => ({ status: 503, code, counts: { WebhooksFailed: 1 }, level: 'error' });
/** The sender's mistake, or somebody who is not the sender. */
const refused = (status: number, code: string, counts: MetricValues = { Refused: 1 }): Ending => ({
  status,
  code,
  counts,
  level: 'warn',
});

/** Never rejects for what was sent; a defect of ours does, which Lambda answers with 502. */
export function createWebhookHandler(deps: WebhookDependencies, limits: WebhookLimits): WebhookHandler {
  return async (request) => {
    const startedMs = deps.nowMs();
    const deadline = createDeadline(limits.hardDeadlineMs, deps.nowMs);
    const name = /^\/webhooks\/([a-z-]{1,40})$/.exec(request.rawPath)?.[1] ?? '';
    const provider = deps.providerFor(name);
    let ending: Ending = notTaken('UNEXPECTED');
    try {
      ending = await settle(request, name, provider, { deps, limits, deadline });
    } finally {
      // A refusal is no webhook: it would make the others look fast.
      const isWebhook = ending.status < 400 || ending.status >= 500;
      const time = isWebhook ? { WebhookTime: deps.nowMs() - startedMs } : {};
      const values = { ...time, ...ending.counts, ...(deps.takeColdStart() && { ColdStart: 1 }) };
      const known = provider === undefined ? 'unknown' : name;
      deps.metrics.write(values, known, deps.nowEpochMs());
      deps.log.write(ending.level, 'webhook', { provider: known, outcome: ending.code, ...ending.fields });
    }
    return json(statusFor(ending, provider), { code: ending.code }, echoOf(request, provider));
  };
}

interface Surroundings {
  readonly deps: WebhookDependencies;
  readonly limits: WebhookLimits;
  readonly deadline: Deadline;
}

async function settle(
  request: LambdaFunctionURLEvent,
  name: string,
  provider: WebhookProvider | undefined,
  { deps, limits, deadline }: Surroundings,
): Promise<Ending> {
  if (provider === undefined) return refused(404, 'NOT_FOUND');
  if (request.requestContext.http.method !== 'POST') return refused(405, 'METHOD_NOT_ALLOWED');
  const body = readBody(request, limits.bodyAtMost);
  if (body === undefined) return refused(413, 'BODY_TOO_LARGE');

  const { tokenHeader } = provider;
  const token = tokenHeader === undefined ? Buffer.from(body).toString() : request.headers[tokenHeader];
  const verified = await provider.verify(token, body, deps.nowEpochMs());
  if (verified.outcome === 'undecided') return notTaken(verified.because === 'cap' ? 'KEY_CAP' : 'KEY_UNAVAILABLE');
  if (verified.outcome === 'refused') {
    // Whoever finds the address by chance sends no token; whoever sends a wrong one means us.
    const counts = verified.refusal === 'TOKEN_MISSING' ? { Refused: 1 } : { WebhookForged: 1 };
    return refused(401, verified.refusal, counts);
  }
  const replayKey = provider.replayKeyOf(token ?? '');
  if (deps.seen.has(replayKey, deps.nowEpochMs())) return taken('REPEATED', { WebhooksRepeated: 1 });
  const ending = await act(provider.react(body), name, { deps, deadline });
  // Only now: one that was not taken comes again under the same token.
  if (ending.status === 200) deps.seen.add(replayKey, deps.nowEpochMs());
  return ending;
}

async function act(
  reaction: WebhookReaction,
  provider: string,
  { deps, deadline }: Pick<Surroundings, 'deps' | 'deadline'>,
): Promise<Ending> {
  const kind = { kind: reaction.code };
  if (reaction.kind === 'nothing') return taken('NOTHING_TO_DO', {}, kind);
  if (reaction.kind === 'unknown') return taken('KIND_UNKNOWN', { WebhooksUnknown: 1 }, kind);
  const requestedEpochMs = deps.nowEpochMs();
  try {
    const connectionId = await deps.findConnection(provider, reaction.itemId, deadline);
    // Erased, or linked by another system of the same account at the provider.
    if (connectionId === undefined) return taken('ITEM_UNKNOWN', { WebhooksUnknown: 1 }, kind);
    const event = eventOf(reaction, connectionId, deps.newId(), requestedEpochMs);
    await deps.queue.send(event, provider, 0);
    const ids = { connection_id: connectionId, correlation_id: event.correlationId };
    return taken('QUEUED', { WebhooksQueued: 1 }, { ...kind, ...ids });
  } catch (error) {
    if (!(error instanceof StorageError || error instanceof ProcessorError)) throw error;
    return { ...notTaken(error.code), fields: kind };
  }
}

/** @returns the bytes as they were sent; `undefined` when they are too many */
function readBody({ body = '', isBase64Encoded }: LambdaFunctionURLEvent, bodyAtMost: number): Uint8Array | undefined {
  const bytes = isBase64Encoded ? Math.floor((body.length * 3) / 4) - 2 : body.length; // at least
  if (bytes > bodyAtMost) return undefined;
  const decoded = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return decoded.length > bodyAtMost ? undefined : decoded;
}

function statusFor({ status }: Ending, provider: WebhookProvider | undefined): number {
  return status === 200 && provider !== undefined ? provider.takenStatus : status;
}

const echoedAtMost = 128;

function echoOf({ headers }: LambdaFunctionURLEvent, provider: WebhookProvider | undefined): Record<string, string> {
  const name = provider?.echoedHeader;
  const value = name === undefined ? undefined : headers[name];
  const isFit = value !== undefined && value.length <= echoedAtMost && /^[\w.-]+$/.test(value);
  return name !== undefined && isFit ? { [name]: value } : {};
}

function json(statusCode: number, body: unknown, echoed: Record<string, string>): Reply {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', ...echoed };
  const more = { 405: { allow: 'POST' }, 503: { 'retry-after': '30' } }[statusCode];
  return { statusCode, headers: { ...headers, ...more }, body: JSON.stringify(body) };
}
