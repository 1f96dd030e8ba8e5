/** What an alert says beside its title: its figure now, and when it clears. From the alert's own conditions. Pure. */
import { type Alert, leavesOf } from '@quartersec/sla';
import { age, milliseconds, percent, quantity } from './figures.ts';

/** 60,000 is "1 minute", 180,000 "3 minutes". */
function stretch(durationMs: number): string {
  if (durationMs % 60_000 !== 0) return age(durationMs);
  const minutes = durationMs / 60_000;
  if (minutes < 60) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  return age(durationMs);
}

function windowsOf({ when }: Pick<Alert, 'when'>): readonly number[] {
  return when.map(({ expression }) => Math.max(...leavesOf(expression).map(({ scope }) => scope.windowMs)));
}

function last(windowMs: number): string {
  return windowMs === 60_000 ? 'in the last minute' : `in the last ${stretch(windowMs)}`;
}

/** @param value of the alert's first condition @returns "43.1 % in the last minute" */
export function alertFigure(alert: Pick<Alert, 'when'>, value: number): string {
  const [windowMs = 0] = windowsOf(alert);
  const [{ expression }] = alert.when;
  if (expression.unit === 'Ratio') return `${percent(value)} ${last(windowMs)}`;
  if (expression.unit === 'Milliseconds') return `${milliseconds(value)} ${last(windowMs)}`;
  // A rise between two samples is spread over the window: a part of an event is still one
  return `${quantity(value > 0 ? Math.max(1, Math.round(value)) : 0)} ${last(windowMs)}`;
}

/** All conditions must hold: it clears with the first that does not, and that is the one that looks back least. */
export function clearsWhen(alert: Pick<Alert, 'kind' | 'when'>): string {
  const shortest = stretch(Math.min(...windowsOf(alert)));
  const [{ expression, bound }] = alert.when;
  if (alert.kind === 'dead-man') return 'Clears with the next tick, which comes each minute.';
  if (alert.kind === 'event' || (expression.node.op === 'count' && bound === 0)) {
    return `Clears after ${shortest} without another one.`;
  }
  return alert.kind === 'provider' || alert.kind === 'platform'
    ? `Clears after ${shortest} without a failure, or sooner when few are left.`
    : `Clears within ${shortest} once all is well again.`;
}
