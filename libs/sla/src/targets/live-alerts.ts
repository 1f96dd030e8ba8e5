/**
 * Alerts judged over series in memory: given what was and what is seen now, what holds. Pure: the caller keeps the states,
 * calls this every `cadence.evaluateMs` and tells people of the differences.
 */
import type { Alert, Condition } from '../alert.ts';
import { evaluateLive, type LiveSeries } from './live.ts';

/**
 * `quiet` has never fired (or no longer matters); `pending` holds, but not yet for `holdMs`; `firing`; `resolved` has fired
 * and ended, and stays so, with its times, until it holds again.
 */
export type AlertStatus = 'quiet' | 'pending' | 'firing' | 'resolved';

export interface AlertState {
  readonly name: string;
  readonly status: AlertStatus;
  /** Of its first condition, now; absent where that has no answer. */
  readonly value?: number;
  /** While pending or firing: since when the conditions have held. */
  readonly pendingSinceEpochMs?: number;
  /** Of the present firing, or of the last one once it is resolved. */
  readonly firingSinceEpochMs?: number;
  /** It fires until then at least. */
  readonly latchedUntilEpochMs?: number;
  readonly resolvedAtEpochMs?: number;
}

function holds({ comparison, bound, whenAbsent }: Condition, value: number | undefined): boolean {
  if (value === undefined) return whenAbsent === 'breach';
  return comparison === 'above' ? value > bound : value < bound;
}

/** Drops what is not known, since absent and undefined differ to the compiler and in JSON. */
function stateOf(
  name: string,
  status: AlertStatus,
  facts: { readonly [F in keyof AlertState]?: AlertState[F] | undefined },
): AlertState {
  const known = Object.entries(facts).filter(([, fact]) => fact !== undefined);
  return { name, status, ...Object.fromEntries(known) };
}

/**
 * One alert's next state.
 * @param previous `undefined` at the first evaluation
 */
export function nextAlertState(
  alert: Alert,
  previous: AlertState | undefined,
  series: LiveSeries,
  nowEpochMs: number,
): AlertState {
  const { name, when, holdMs, latchMs } = alert;
  const values = when.map(({ expression }) => evaluateLive(expression, series, nowEpochMs));
  const value = values[0];
  const breached = when.every((condition, index) => holds(condition, values[index]));
  const wasFiring = previous?.status === 'firing';

  if (breached) {
    const pendingSinceEpochMs = previous?.pendingSinceEpochMs ?? nowEpochMs;
    if (wasFiring) return stateOf(name, 'firing', { ...previous, pendingSinceEpochMs, value });
    if (nowEpochMs - pendingSinceEpochMs < holdMs) return stateOf(name, 'pending', { pendingSinceEpochMs, value });
    const latchedUntilEpochMs = nowEpochMs + latchMs;
    return stateOf(name, 'firing', { pendingSinceEpochMs, firingSinceEpochMs: nowEpochMs, latchedUntilEpochMs, value });
  }
  if (wasFiring && nowEpochMs < (previous.latchedUntilEpochMs ?? nowEpochMs)) {
    return stateOf(name, 'firing', { ...previous, value });
  }
  if (wasFiring) {
    const { firingSinceEpochMs, latchedUntilEpochMs } = previous;
    return stateOf(name, 'resolved', { firingSinceEpochMs, latchedUntilEpochMs, resolvedAtEpochMs: nowEpochMs, value });
  }
  if (previous?.status === 'resolved') return stateOf(name, 'resolved', { ...previous, value });
  return stateOf(name, 'quiet', { value });
}

/**
 * The next state of every alert, in their order.
 * @param previous what the last call returned; empty at the start. States of alerts that no longer exist are dropped.
 */
export function nextAlertStates(
  alerts: readonly Alert[],
  previous: readonly AlertState[],
  series: LiveSeries,
  nowEpochMs: number,
): readonly AlertState[] {
  const before = new Map(previous.map((state) => [state.name, state]));
  return alerts.map((alert) => nextAlertState(alert, before.get(alert.name), series, nowEpochMs));
}
