/** Which alerts are one trouble: a cause leads, what follows from it is shown under it. Pure. */
import { explanationsOf, alerts as known } from '@quartersec/sla';
import type { AlertEntry } from './snapshot.ts';

const knownOf = (name: string) => known.find((alert) => alert.name === name);

/** @returns name of the alert that leads: the cause of the cause, and so on; the alert's own name where it has none */
function leaderOf(name: string, firingNames: readonly string[]): string {
  const alert = knownOf(name);
  const firing = firingNames.flatMap((one) => knownOf(one) ?? []);
  const [cause] = alert === undefined ? [] : explanationsOf(alert, firing);
  return cause === undefined ? name : leaderOf(cause.name, firingNames);
}

/** Says of each alert that fires what it follows from, where that fires as well, whichever path reports it. */
export function underCauses(entries: readonly AlertEntry[]): readonly AlertEntry[] {
  const firingNames = [...new Set(entries.filter(({ status }) => status === 'firing').map(({ name }) => name))];
  return entries.map((entry) => {
    const leader = entry.status === 'firing' ? leaderOf(entry.name, firingNames) : entry.name;
    return leader === entry.name ? entry : { ...entry, under: leader };
  });
}

/** One alert, by whichever paths. */
export interface ToldAlert {
  readonly first: AlertEntry;
  readonly copies: readonly AlertEntry[];
}

export interface AlertGroup {
  readonly lead: ToldAlert;
  /** In the order of the list. */
  readonly follow: readonly ToldAlert[];
}

function toldOnce(entries: readonly AlertEntry[]): readonly ToldAlert[] {
  const names = [...new Set(entries.map(({ name }) => name))];
  return names.flatMap((name) => {
    const [first, ...copies] = entries.filter((entry) => entry.name === name);
    return first === undefined ? [] : [{ first, copies }];
  });
}

/** @param entries those that do not fire are left out */
export function alertGroups(entries: readonly AlertEntry[]): readonly AlertGroup[] {
  const firing = entries.filter(({ status }) => status === 'firing');
  return toldOnce(firing.filter(({ under }) => under === undefined)).map((lead) => ({
    lead,
    follow: toldOnce(firing.filter(({ under }) => under === lead.first.name)),
  }));
}
