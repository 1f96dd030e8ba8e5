/**
 * Which alerts follow from which: while a cause fires, nobody is told of what follows from it as well. By kind, so that a new alert
 * has its place without an entry. Alertmanager inhibits by this, and Grafana's rules, which know no inhibition, are rendered by it.
 */
import type { Alert } from './alert.ts';

type Kind = Alert['kind'];

/**
 * Without a metric, the objectives are judged by what is left of their windows: the silence is the thing to look at. A provider
 * or a function of ours that fails makes events late, failed and deferred; work that nobody does makes them late. Events tell of
 * something that happened once, and nothing follows from them.
 */
const consequences: Partial<Record<Kind, readonly Kind[]>> = {
  'dead-man': ['objective'],
  platform: ['objective', 'backlog'],
  provider: ['objective', 'backlog'],
  backlog: ['objective'],
};

/** Kinds of alerts that follow from the given one; none for most. Only critical ones stand for others. */
export function consequencesOf({
  kind,
  severity,
  besideEvents,
}: Pick<Alert, 'kind' | 'severity' | 'besideEvents'>): readonly Kind[] {
  return severity === 'critical' && !besideEvents ? (consequences[kind] ?? []) : [];
}

/**
 * The alerts that stand for the given one while they fire: causes of its kind, and for a warning the critical alerts of the same
 * objective. Only critical ones do: a warning must not hide what somebody is woken for.
 * @param all among which to look
 */
export function causesOf(
  { kind, severity, objective }: Pick<Alert, 'kind' | 'severity' | 'objective'>,
  all: readonly Alert[],
): readonly Alert[] {
  const sameObjective = (other: Alert) => objective !== undefined && other.objective === objective;
  return all.filter(
    (other) =>
      other.severity === 'critical' &&
      (consequencesOf(other).includes(kind) || (severity === 'warning' && sameObjective(other))),
  );
}

/**
 * The alerts that a person reads the given one under while they fire: its causes, and what explains it though it is told all the
 * same (`explainedBy`).
 * @param all among which to look
 */
export function explanationsOf(
  alert: Pick<Alert, 'kind' | 'severity' | 'objective' | 'explainedBy'>,
  all: readonly Alert[],
): readonly Alert[] {
  const causes = causesOf(alert, all);
  return all.filter((other) => causes.includes(other) || other.kind === alert.explainedBy);
}
