/** The `process` function: takes an SQS batch, a function URL call or a direct invocation, and runs each event. */

import { createDeadline, type Deadline } from '@quartersec/sla';
import { StorageError } from '@quartersec/storage';
import type {
  APIGatewayProxyStructuredResultV2,
  LambdaFunctionURLEvent,
  SQSBatchResponse,
  SQSEvent,
  SQSRecord,
} from 'aws-lambda';
import { isRedelivered, type Outcome } from './outcome.ts';
import { type EventReport, hungGraceMs, type ProcessDependencies, processEvent } from './process-event.ts';
import { ProcessorError } from './processor-error.ts';
import { readScheduleDue, type ScheduleDue, type SchedulePass } from './schedule-due.ts';
import { parseSyncRequested, type SyncRequested } from './sync-event.ts';

/** What the handler uses of Lambda's context. */
export interface InvocationContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export interface HandlerLimits {
  /** Of an event that somebody waits for, derived from the SLA. One that nobody waits for has the function's time. */
  readonly hardDeadlineMs: number;
  /** Kept back from the function's remaining time for the answer itself. */
  readonly answerReserveMs: number;
}

export type ProcessHandler = (
  input: unknown,
  context: InvocationContext,
) => Promise<SQSBatchResponse | APIGatewayProxyStructuredResultV2 | EventReport | SchedulePass>;

export interface ProcessHandlerDependencies extends ProcessDependencies {
  /** Looks at one page of the list of connections. @throws what brings its message back */
  askDue(message: ScheduleDue, deadline: Deadline): Promise<SchedulePass>;
}

export function createProcessHandler(deps: ProcessHandlerDependencies, limits: HandlerLimits): ProcessHandler {
  return async (input, context) => {
    const availableMs = context.getRemainingTimeInMillis() - limits.answerReserveMs;
    const deadlineOf: DeadlineOf = ({ reason }) =>
      Math.max(0, reason === 'user' ? Math.min(limits.hardDeadlineMs, availableMs) : availableMs - hungGraceMs);
    if (isSqsEvent(input)) return handleBatch(input, deadlineOf, availableMs, deps);
    if (isFunctionUrlEvent(input)) return handleHttp(input, context, deadlineOf, deps);
    const due = readScheduleDue(input);
    if (due !== undefined) {
      const pass = await deps.askDue(due, createDeadline(availableMs, deps.nowMs));
      countTick(due, deps);
      return pass;
    }
    const event = readDirect(input, context, deps);
    const report = await processEvent(event, { hardDeadlineMs: deadlineOf(event) }, deps);
    if (isRedelivered(report.outcome)) throw new InvocationFailed(report);
    return report;
  };
}

/** To Lambda an answer is a success, and an asynchronous invocation is made again only for what was thrown. */
class InvocationFailed extends Error {
  constructor({ outcome, correlationId, connectionId }: EventReport) {
    super(JSON.stringify({ outcome, correlationId, connectionId }));
    this.name = 'code' in outcome ? outcome.code : outcome.kind;
  }
}

/** What an event may take, in ms: for a person who waits the promise, else what the function has, so that a slow bank is late and not lost. */
type DeadlineOf = (event: SyncRequested) => number;

/** @throws {ProcessorError} `EVENT_MALFORMED`, counted */
function readDirect(input: unknown, context: InvocationContext, deps: ProcessDependencies): SyncRequested {
  try {
    return parseSyncRequested(input, defaultsOf(context.awsRequestId, deps));
  } catch (error) {
    deps.metrics.write({ Refused: 1 }, 'unknown', deps.nowEpochMs());
    throw error;
  }
}

/** All records at once; exactly the failed ones are reported back and come again. */
async function handleBatch(
  batch: SQSEvent,
  deadlineOf: DeadlineOf,
  availableMs: number,
  deps: ProcessHandlerDependencies,
): Promise<SQSBatchResponse> {
  const settled = await Promise.all(
    batch.Records.map(async (record) => ({
      itemIdentifier: record.messageId,
      failed: await handleRecord(record, deadlineOf, availableMs, deps),
    })),
  );
  return {
    batchItemFailures: settled.filter(({ failed }) => failed).map(({ itemIdentifier }) => ({ itemIdentifier })),
  };
}

async function handleRecord(
  record: SQSRecord,
  deadlineOf: DeadlineOf,
  availableMs: number,
  deps: ProcessHandlerDependencies,
): Promise<boolean> {
  let event: SyncRequested | ScheduleDue;
  try {
    const body: unknown = JSON.parse(record.body);
    const queuedEpochMs = Number(record.attributes.SentTimestamp);
    const handedOutEpochMs = handedOut(record, queuedEpochMs);
    const times = { requestedEpochMs: queuedEpochMs, queuedEpochMs, handedOutEpochMs };
    const defaults = { correlationId: record.messageId, ...times };
    event = readScheduleDue(body) ?? parseSyncRequested(body, defaults);
  } catch (error) {
    // Poison: it comes back until the queue moves it to the dead letters, where a person sees it. The body is not logged.
    deps.log.write('error', 'message malformed', {
      correlation_id: record.messageId,
      error_code: 'EVENT_MALFORMED',
      error_detail: error instanceof ProcessorError ? JSON.stringify(error.facts) : 'the body is not JSON',
    });
    deps.metrics.write({ Refused: 1 }, 'unknown', deps.nowEpochMs());
    return true;
  }
  if (event.type === 'ScheduleDue')
    return await handleDue(event, createDeadline(availableMs, deps.nowMs), record, deps);
  const sentEpochMs = Number(record.attributes.SentTimestamp);
  const { outcome } = await processEvent(event, { hardDeadlineMs: deadlineOf(event), sentEpochMs }, deps);
  return isRedelivered(outcome);
}

/** Of a redelivered message the first time, which is the earlier one and so covers less. */
function handedOut({ attributes }: SQSRecord, queuedEpochMs: number): number | undefined {
  const epochMs = Number(attributes.ApproximateFirstReceiveTimestamp);
  return Number.isSafeInteger(epochMs) && epochMs >= queuedEpochMs ? epochMs : undefined;
}

/** @returns whether the message comes again. Never rejects: the other records of the batch have ends of their own. */
async function handleDue(
  due: ScheduleDue,
  deadline: Deadline,
  record: SQSRecord,
  deps: ProcessHandlerDependencies,
): Promise<boolean> {
  try {
    await deps.askDue(due, deadline);
    countTick(due, deps);
    return false;
  } catch (error) {
    const isKnown = error instanceof StorageError || error instanceof ProcessorError;
    deps.log.write('error', 'schedule failed', {
      correlation_id: record.messageId,
      error_code: isKnown ? error.code : 'UNEXPECTED',
      error_detail: isKnown ? JSON.stringify(error.facts) : error instanceof Error ? error.name : typeof error,
    });
    return true;
  }
}

/** The timer's own message alone: the further pages of a long list say nothing of the minute. */
function countTick({ shard }: ScheduleDue, deps: ProcessHandlerDependencies): void {
  if (shard === undefined) deps.metrics.write({ ScheduleTicks: 1 }, 'unknown', deps.nowEpochMs());
}

async function handleHttp(
  request: LambdaFunctionURLEvent,
  context: InvocationContext,
  deadlineOf: DeadlineOf,
  deps: ProcessDependencies,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { method } = request.requestContext.http;
  if (method !== 'POST') {
    return json(405, { code: 'METHOD_NOT_ALLOWED', remedy: 'send the event with POST' }, { allow: 'POST' });
  }
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return json(415, { code: 'CONTENT_TYPE_UNSUPPORTED', remedy: 'send content-type: application/json' });
  }
  let event: SyncRequested;
  try {
    const text = request.isBase64Encoded ? Buffer.from(request.body ?? '', 'base64').toString() : (request.body ?? '');
    event = parseSyncRequested(JSON.parse(text), defaultsOf(context.awsRequestId, deps));
  } catch (error) {
    const remedy =
      error instanceof ProcessorError
        ? `${error.facts.member} must be ${error.facts.expected}`
        : 'the body must be JSON such as {"connectionId":"conn-0"}';
    deps.metrics.write({ Refused: 1 }, 'unknown', deps.nowEpochMs());
    return json(400, { code: 'EVENT_MALFORMED', remedy });
  }
  const report = await processEvent(event, { hardDeadlineMs: deadlineOf(event) }, deps);
  return json(statusOf(report.outcome), report, retryAfter(report.outcome));
}

function defaultsOf(requestId: string, deps: ProcessDependencies) {
  return { correlationId: requestId, requestedEpochMs: deps.nowEpochMs() };
}

/** Who has to act decides the class: 2xx nobody, 4xx the caller, 5xx us or the provider, and the caller may send it again. */
function statusOf(outcome: Outcome): number {
  switch (outcome.kind) {
    case 'committed':
    case 'coalesced':
      return 200;
    case 'postponed':
      return 202;
    case 'stopped':
      return 409;
    case 'failed':
      if (outcome.code === 'CONNECTION_UNKNOWN') return 404;
      if (outcome.code === 'DEADLINE_EXCEEDED' || outcome.code === 'EVENT_HUNG') return 504;
      return outcome.exhausted ? 502 : 503;
  }
}

function retryAfter(outcome: Outcome): Record<string, string> {
  return outcome.kind === 'postponed' ? { 'retry-after': String(Math.ceil(outcome.delayMs / 1_000)) } : {};
}

function json(
  statusCode: number,
  body: unknown,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** SNS and S3 send `Records` too: theirs have no message to give back, and would be counted as done. */
function isSqsEvent(input: unknown): input is SQSEvent {
  const records: unknown = (input as { Records?: unknown } | null)?.Records;
  return Array.isArray(records) && records.every((record) => (record as SQSRecord | null)?.eventSource === 'aws:sqs');
}

function isFunctionUrlEvent(input: unknown): input is LambdaFunctionURLEvent {
  const http = (input as { requestContext?: { http?: { method?: unknown } } } | null)?.requestContext?.http;
  return typeof http?.method === 'string';
}
