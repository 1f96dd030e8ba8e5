/** The one line that a person looks at first: is the promise kept? Pure. */
import { alerts as known } from '@quartersec/sla';
import { age, plural } from './figures.ts';
import type { AlertEntry, ObjectiveRow, SourceState, Verdict } from './snapshot.ts';

/** A line is for one look; the list below has them all. */
const NAMED_AT_MOST = 2;

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** "Retries exhausted" goes on as "retries exhausted", "DAX answers" stays. */
function goingOn(text: string): string {
  return /^[A-Z][a-z]* /.test(text) ? `${text.charAt(0).toLowerCase()}${text.slice(1)}` : text;
}

/** "retries exhausted, 3 in the last 3 minutes" */
function troubleOf({ title, figure }: AlertEntry): string {
  return figure === undefined ? goingOn(title) : `${goingOn(title)}, ${figure}`;
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

/** Where the headline has no figure that moves, it is what is read aloud. */
function told(level: Verdict['level'], headline: string, detail: string): Verdict {
  return { level, headline, announced: headline, detail };
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
    return told('disconnected', 'Disconnected: nobody answers at the source', detail);
  }
  if (source.status === 'stale') {
    const detail = `${sentence(source.trouble ?? 'The source has nothing newer')}${dataAge} The figures below are the last that were seen.`;
    return told('stale', 'Stale: no new data', detail);
  }
  if (source.status === 'connecting') {
    return told('no-data', 'Reading the first figures', 'One moment.');
  }
  const firing = alerts.filter(
    ({ status, name }, index) =>
      status === 'firing' && alerts.findIndex((other) => other.name === name && other.status === 'firing') === index,
  );
  const leading = firing.filter(({ under }) => under === undefined);
  const broken = rows.filter(({ status }) => status === 'broken');
  const named = leading.slice(0, NAMED_AT_MOST).map(({ title }) => title);
  const titles = firing.length > named.length ? [...named, `${firing.length - named.length} more`] : named;
  const firingWords = firing.length === 0 ? 'No alert fires.' : `${alertWords(firing)}: ${listed(titles)}.`;
  const breaking = firing.filter(breaks);
  const [cause] = breaking.filter(({ name, under }) => under === undefined && kindOf(name) !== 'objective');
  if (broken.length > 0 || breaking.length > 0) {
    // A cause leads; the objectives that it breaks follow from it
    const what = (broken.length > 0 ? broken : breaking).map(({ title }) => title);
    const figures =
      broken.length > 0 ? broken.map(({ title, valueText }) => `${title} ${valueText}`) : breaking.map(troubleOf);
    const promised = broken.length === 1 ? ` (promised ${broken[0]?.boundText})` : '';
    return {
      level: 'broken',
      headline: `Promise broken: ${cause === undefined ? `${listed(figures)}${promised}` : troubleOf(cause)}`,
      announced: `Promise broken: ${cause?.title ?? listed(what)}`,
      detail: broken.length > 0 ? `${valuesOf(broken)}. ${firingWords}` : firingWords,
    };
  }
  const kept = rows.filter(({ status }) => status === 'kept');
  const clocks = rows.filter(({ key }) => key === 'roundTrip' || key === 'processing');
  const judged = clocks.some(({ status }) => status === 'kept');
  const noVerdict = events < 1 ? 'No events' : 'Too few events to judge';
  if (!judged && firing.length === 0) {
    const few = clocks.find(({ status }) => status === 'too-few');
    const nothing = 'Nothing was processed in the last minute, so there is nothing to judge.';
    const unstored = `${plural(Math.round(events), 'event')} in the last minute, none of them stored`;
    return told('no-data', noVerdict, events < 1 ? nothing : `${few?.note ?? unstored}.`);
  }
  const headline = judged ? 'Promise kept' : noVerdict;
  const figures = `${kept.length} of ${rows.length} objectives kept, none broken; ${clocks.map(({ title, valueText }) => `${title} ${valueText}`).join(', ')}.`;
  const [first] = leading;
  if (first !== undefined) {
    const others = leading.length - 1;
    return {
      level: 'at-risk',
      headline: `${headline}, but ${troubleOf(first)}${others > 0 ? `; and ${plural(others, 'other alert')}` : ''}`,
      announced: `${headline}, but ${alertWords(firing)}`,
      detail: `${firingWords} ${figures}`,
    };
  }
  return told('kept', headline, `${figures} ${firingWords}`);
}
