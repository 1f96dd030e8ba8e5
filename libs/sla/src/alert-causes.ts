/**
 * Which alerts follow from which: while a cause fires, nobody is told of what follows from it as well. By kind, so that a new alert
 * has its place without an entry. Alertmanager inhibits by this, and Grafana's rules, which know no inhibition, are rendered by it.
 */
import type { Alert } from './alert.ts';

type Kind = Alert['kind'];

/** Without a metric, the objectives are judged by what is left of their windows: the silence is the thing to look at. */
const consequences: Partial<Record<Kind, readonly Kind[]>> = {
  'dead-man': ['objective'],
};

/** Kinds of alerts that follow from alerts of the given kind; none for most. */
export function consequencesOf(kind: Kind): readonly Kind[] {
  return consequences[kind] ?? [];
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
      (consequencesOf(other.kind).includes(kind) || (severity === 'warning' && sameObjective(other))),
  );
}
