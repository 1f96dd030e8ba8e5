/** The one event of the system: "look at this connection". It carries no data; the provider is asked for that. */
import { isIP } from 'node:net';
import { ProcessorError } from './processor-error.ts';

const syncReasons = ['webhook', 'schedule', 'user', 'continuation'] as const;
export type SyncReason = (typeof syncReasons)[number];

export interface SyncRequested {
  readonly type: 'SyncRequested';
  readonly connectionId: string;
  /** Follows the event through queue, logs and answers. */
  readonly correlationId: string;
  /** When the wish arose: a sync that started later has fulfilled it. */
  readonly requestedEpochMs: number;
  readonly reason: SyncReason;
  /** Pagination loops of this wish that the provider has broken so far. Like what follows, it outlives every wait. */
  readonly restarts: number;
  /** Waits that the provider has put in the way of this wish since its last page. */
  readonly attempts: number;
  /** When the wish first arose; its age is counted from here. */
  readonly firstRequestedEpochMs: number;
  /** The stored wait that this message ends: one that has been replaced since needs it no more. `null` for all but waits. */
  readonly wakeEpochMs: number | null;
  /** Provider calls of this wish that ended by their timeout: it asks for smaller pages. */
  readonly timeouts: number;
  /** Read everything again from the empty cursor: what the bank no longer has goes. */
  readonly fullRead: boolean;
  /** Take up what was set aside once more, also when no account is new. */
  readonly retakeAside: boolean;
  /** A full read that confirms or refutes one that was not believed. */
  readonly isSecondRead: boolean;
  /** Read the account list, whatever its age: the provider says that there are new accounts. */
  readonly readAccounts?: true;
  /** When the user's consent ends, as a verified webhook says. */
  readonly consentExpiresEpochMs?: number;
  /** Of the user who asks, for a bank that counts such calls apart. Personal data: never logged. */
  readonly userIpAddress?: string;
  /** When the message reached the queue, by the queue's own clock; `null` for a call. Never part of a message. */
  readonly queuedEpochMs: number | null;
  /**
   * When the queue first handed the message out, by the same clock: a sync that it begins covers all that had reached the queue before.
   * Never part of a message.
   */
  readonly handedOutEpochMs?: number;
}

/** Ids are part of table keys and log lines: no separators, no control characters. */
const idPattern = /^[A-Za-z0-9_-]{1,128}$/;

/**
 * @param value parsed JSON; only `connectionId` is required, the rest has defaults
 * @throws {ProcessorError} `EVENT_MALFORMED`, naming the member and what it must be
 */
export function parseSyncRequested(
  value: unknown,
  defaults: {
    readonly correlationId: string;
    readonly requestedEpochMs: number;
    readonly queuedEpochMs?: number;
    readonly handedOutEpochMs?: number | undefined;
  },
): SyncRequested {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('event', 'a JSON object');
  const { type, connectionId, correlationId, requestedEpochMs, reason, restarts, ...rest } = value as Record<
    string,
    unknown
  >;
  const { attempts, firstRequestedEpochMs, wakeEpochMs, timeouts, fullRead, retakeAside, isSecondRead } = rest;
  const { readAccounts, consentExpiresEpochMs, userIpAddress } = rest;
  if (type !== undefined && type !== 'SyncRequested') throw malformed('type', '"SyncRequested"');
  if (typeof connectionId !== 'string' || !idPattern.test(connectionId)) {
    throw malformed('connectionId', '1 to 128 letters, digits, "-" or "_"');
  }
  if (correlationId !== undefined && (typeof correlationId !== 'string' || !idPattern.test(correlationId))) {
    throw malformed('correlationId', '1 to 128 letters, digits, "-" or "_"');
  }
  if (requestedEpochMs !== undefined && !isCount(requestedEpochMs))
    throw malformed('requestedEpochMs', 'ms since 1970');
  if (reason !== undefined && !syncReasons.includes(reason as SyncReason)) {
    throw malformed('reason', `one of ${syncReasons.join(', ')}`);
  }
  if (restarts !== undefined && !isCount(restarts)) throw malformed('restarts', 'a whole number from 0');
  if (attempts !== undefined && !isCount(attempts)) throw malformed('attempts', 'a whole number from 0');
  if (firstRequestedEpochMs !== undefined && !isCount(firstRequestedEpochMs)) {
    throw malformed('firstRequestedEpochMs', 'ms since 1970');
  }
  if (wakeEpochMs !== undefined && wakeEpochMs !== null && !isCount(wakeEpochMs)) {
    throw malformed('wakeEpochMs', 'ms since 1970, or null');
  }
  if (timeouts !== undefined && !isCount(timeouts)) throw malformed('timeouts', 'a whole number from 0');
  if (fullRead !== undefined && typeof fullRead !== 'boolean') throw malformed('fullRead', 'true or false');
  if (retakeAside !== undefined && typeof retakeAside !== 'boolean') throw malformed('retakeAside', 'true or false');
  if (isSecondRead !== undefined && typeof isSecondRead !== 'boolean') throw malformed('isSecondRead', 'true or false');
  if (readAccounts !== undefined && typeof readAccounts !== 'boolean') throw malformed('readAccounts', 'true or false');
  if (consentExpiresEpochMs !== undefined && !isCount(consentExpiresEpochMs)) {
    throw malformed('consentExpiresEpochMs', 'ms since 1970');
  }
  if (userIpAddress !== undefined && (typeof userIpAddress !== 'string' || isIP(userIpAddress) === 0)) {
    throw malformed('userIpAddress', 'an IP address');
  }
  return {
    type: 'SyncRequested',
    connectionId,
    correlationId: correlationId ?? defaults.correlationId,
    requestedEpochMs: requestedEpochMs ?? defaults.requestedEpochMs,
    reason: (reason as SyncReason | undefined) ?? 'user',
    restarts: restarts ?? 0,
    attempts: attempts ?? 0,
    firstRequestedEpochMs: firstRequestedEpochMs ?? requestedEpochMs ?? defaults.requestedEpochMs,
    wakeEpochMs: wakeEpochMs ?? null,
    timeouts: timeouts ?? 0,
    fullRead: fullRead ?? false,
    retakeAside: retakeAside ?? false,
    isSecondRead: isSecondRead ?? false,
    ...(readAccounts === true && { readAccounts }),
    ...(consentExpiresEpochMs !== undefined && { consentExpiresEpochMs }),
    ...(userIpAddress !== undefined && { userIpAddress }),
    queuedEpochMs: defaults.queuedEpochMs ?? null,
    ...(defaults.handedOutEpochMs !== undefined && { handedOutEpochMs: defaults.handedOutEpochMs }),
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function malformed(member: string, expected: string): ProcessorError {
  return new ProcessorError('EVENT_MALFORMED', { member, expected });
}
