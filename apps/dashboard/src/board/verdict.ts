/** The one line that a person looks at first: is the promise kept? Pure. */
import { alerts as known } from '@quartersec/sla';
import { age, plural } from './figures.ts';
import type { AlertEntry, ObjectiveRow, SourceState, Verdict } from './snapshot.ts';

/** A line is for one look; the list below has them all. */
const NAMED_AT_MOST = 2;

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function listed(titles: readonly string[]): string {
  return titles.length < 2 ? titles.join('') : `${titles.slice(0, -1).join(', ')} and ${titles.at(-1)}`;
}

function valuesOf(rows: readonly ObjectiveRow[]): string {
  return rows.map(({ title, valueText, boundText }) => `${title} ${valueText} (promised ${boundText})`).join('; ');
}

function alertWords(firing: readonly AlertEntry[]): string {
  const critical = firing.filter(({ severity }) => severity === 'critical').length;
  const warnings = firing.length - critical;
  const parts = [
    ...(critical > 0 ? [plural(critical, 'critical alert')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ];
  return parts.join(' and ');
}

/** A single event is at most a risk; what lasts, and wakes somebody up, is a broken promise. */
function breaks({ name, severity }: AlertEntry): boolean {
  const kind = kindOf(name);
  return severity === 'critical' && kind !== undefined && kind !== 'event' && kind !== 'dead-man';
}

function kindOf(name: string) {
  return known.find((one) => one.name === name)?.kind;
}

/**
 * @param alerts those that fire are looked at; one counts once, also where two paths report it
 * @param events that ended in the last minute, good or bad
 */
export function verdictOf(
  source: SourceState,
  rows: readonly ObjectiveRow[],
  alerts: readonly AlertEntry[],
  events: number,
): Verdict {
  const dataAge = source.dataAgeMs === null ? '' : ` No data for ${age(source.dataAgeMs)}.`;
  if (source.status === 'disconnected') {
    const detail = `${sentence(source.trouble ?? 'No connection')}${dataAge} The figures below are the last that were seen; the board keeps trying.`;
    return { level: 'disconnected', headline: 'Disconnected: nobody answers at the source', detail };
  }
  if (source.status === 'stale') {
    const detail = `${sentence(source.trouble ?? 'The source has nothing newer')}${dataAge} The figures below are the last that were seen.`;
    return { level: 'stale', headline: 'Stale: no new data', detail };
  }
  if (source.status === 'connecting') {
    return { level: 'no-data', headline: 'Reading the first figures', detail: 'One moment.' };
  }
  const firing = alerts.filter(
    ({ status, name }, index) =>
      status === 'firing' && alerts.findIndex((other) => other.name === name && other.status === 'firing') === index,
  );
  const broken = rows.filter(({ status }) => status === 'broken');
  const named = firing.slice(0, NAMED_AT_MOST).map(({ title }) => title);
  const titles = firing.length > named.length ? [...named, `${firing.length - named.length} more`] : named;
  const firingWords = firing.length === 0 ? 'No alert fires.' : `${alertWords(firing)}: ${listed(titles)}.`;
  const breaking = firing.filter(breaks);
  const [cause] = breaking.filter(({ name }) => kindOf(name) !== 'objective');
  if (broken.length > 0 || breaking.length > 0) {
    // A cause leads; the objectives that it breaks follow from it
    const titles = broken.length > 0 ? broken.map(({ title }) => title) : breaking.map(({ title }) => title);
    return {
      level: 'broken',
      headline: `Promise broken: ${cause?.title ?? listed(titles)}`,
      detail: broken.length > 0 ? `${valuesOf(broken)}. ${firingWords}` : firingWords,
    };
  }
  const kept = rows.filter(({ status }) => status === 'kept');
  const clocks = rows.filter(({ key }) => key === 'roundTrip' || key === 'processing');
  const judged = clocks.some(({ status }) => status === 'kept');
  const noVerdict = events < 1 ? 'No events' : 'Too few events to judge';
  if (!judged && firing.length === 0) {
    const few = clocks.find(({ status }) => status === 'too-few');
    return {
      level: 'no-data',
      headline: noVerdict,
      detail:
        events < 1
          ? 'Nothing was processed in the last minute, so there is nothing to judge.'
          : `${few?.note ?? `${plural(Math.round(events), 'event')} in the last minute, none of them stored`}.`,
    };
  }
  const headline = judged ? 'Promise kept' : noVerdict;
  const figures = `${kept.length} of ${rows.length} objectives kept, none broken; ${clocks.map(({ title, valueText }) => `${title} ${valueText}`).join(', ')}.`;
  if (firing.length > 0)
    return {
      level: 'at-risk',
      headline: `${headline}, but ${alertWords(firing)}`,
      detail: `${firingWords} ${figures}`,
    };
  return { level: 'kept', headline, detail: `${figures} ${firingWords}` };
}
