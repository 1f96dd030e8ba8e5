/**
 * What comes back: payments and incomes in a rhythm, found per counterparty, direction and currency over all accounts of a view. An
 * amount says nothing alone (bills differ, prices rise), nor does a rhythm (people shop on Saturdays): a series has both, or is of a
 * kind that is known to come back.
 */
import { at } from './at.ts';
import { type CadenceRule, cadenceRules, ruleOf } from './cadence.ts';
import { type Chain, type Dated, longestChain, MOST_MEMBERS } from './chain.ts';
import { dateProjection } from './projection.ts';
import { remembered, rememberedBeside } from './remembered.ts';
import { habitOf, majorityCategory, mayBreak, type SeriesShape, suffices } from './series-habit.ts';
import { areWithin, median, medianDistance } from './spread.ts';
import type { Category, CounterpartyLedger, Day, Movement, View } from './view.ts';

export interface Occurrence extends Dated {
  readonly connectionId: string;
  readonly accountId: string;
  readonly movement: Movement;
}

export interface Series {
  readonly key: string;
  readonly label: string | null;
  readonly currency: string;
  readonly direction: 'in' | 'out';
  readonly rule: CadenceRule;
  /**
   * Tells it from the counterparty's other series of one rhythm, whatever becomes of those: empty for the only one and for one that
   * stands beside young ones; else how large its amounts are, on a coarse scale. It survives drifting amounts, names and days.
   */
  readonly part: string;
  readonly category: Category;
  readonly amountKind: 'fixed' | 'variable';
  /** Oldest first. */
  readonly occurrences: readonly Occurrence[];
  /** Periods left out or days moved among them. */
  readonly breaks: number;
  /** Share of them on the day that the others point to. */
  readonly regularity: number;
  /** When the next one comes, and the band in which it is in time. */
  readonly next: { readonly day: Day; readonly from: Day; readonly to: Day };
  /** There were earlier ones than are kept. */
  readonly isCut: boolean;
}

interface Group {
  readonly ledgers: readonly CounterpartyLedger[];
  /** Oldest first. */
  readonly occurrences: readonly Occurrence[];
}

/** Equal but for what exchange rates do from month to month. */
const FIXED_SHARE = 0.05;
/** Of one price. */
const EQUAL_SHARE = 0.01;
/** Amounts further apart are of different things. */
const APART_FACTOR = 1.5;
const MOST_SERIES_PER_PRICE = 3;
/** Of all payments, that two contracts explain; of their days, that are kept. */
const PAIR_SHARE = 0.9;
const HALF_DAYS = 1.5;
/** Over three months and more: of four weeks it is 28. */
const LEAST_MONTH_DAYS = 29.2;
const MOST_SHARE = 0.7;
const ALTERNATE_FACTOR = 1.2;
/** No habit is content with less. */
const LEAST_COVERAGE = 0.5;

/** @returns by key, direction, currency, rhythm and amount */
export function seriesOf(view: View): readonly Series[] {
  const groups = Map.groupBy(view.ledgers, groupId);
  return [...groups.keys()].sort().flatMap((id) => {
    const [first, ...others] = groups.get(id) ?? [];
    return first === undefined ? [] : groupSeries(first, ...others);
  });
}

const groupId = remembered(({ key, direction, currency }: CounterpartyLedger) => `${key} ${direction} ${currency}`);

const groupSeries = rememberedBeside((...ledgers: readonly CounterpartyLedger[]): readonly Series[] => {
  const together = findSeries(groupOf(ledgers));
  if (ledgers.length === 1) return parted(together);
  // One contract that went from card to card, or one on each of them.
  const apart = ledgers.flatMap((ledger) => findSeries(groupOf([ledger])));
  return parted(explained(apart) > explained(together) ? apart : together);
});

function groupOf(ledgers: readonly CounterpartyLedger[]): Group {
  const occurrences = ledgers.flatMap(({ connectionId, accountId, movements }) =>
    movements.map((movement): Occurrence => {
      return { connectionId, accountId, movement, day: movement.day, size: Math.abs(movement.minor) };
    }),
  );
  if (ledgers.length > 1) occurrences.sort((a, b) => a.day - b.day || a.size - b.size);
  return { ledgers, occurrences };
}

function explained(found: readonly Series[]): number {
  return found.reduce((sum, { occurrences }) => sum + occurrences.length, 0);
}

function findSeries(group: Group): readonly Series[] {
  const { occurrences } = group;
  if (occurrences.length < 2) return [];
  const category = majorityCategory(occurrences);
  const direction = group.ledgers[0]?.direction ?? 'out';
  if (habitOf(category, direction) === 'never') return [];
  // Of a shop only what has one price: without one there is nothing to find.
  if (habitOf(category, direction) === 'shop' && !hasPrice(occurrences)) return [];
  const whole = bestSeries(group, occurrences, true);
  const pair = whole === undefined || whole.rule.months === 0 ? monthlyPair(group, occurrences) : undefined;
  if (pair !== undefined) return pair;
  const parts = sizeGroups(occurrences, APART_FACTOR);
  const split = parts.length > 1 ? splitSeries(group, parts) : [];
  if (whole === undefined) return split.length > 0 ? split : priceSeries(group, occurrences);
  return areBeside(split) && explained(split) >= 0.9 * whole.occurrences.length ? split : [whole];
}

/** Three amounts, or the only two, that are near each other. */
function hasPrice(occurrences: readonly Occurrence[]): boolean {
  if (occurrences.length <= 3) return true;
  const sizes = occurrences.map(({ size }) => size).sort((a, b) => a - b);
  return sizes.some((size, index) => index >= 2 && areWithin(size, sizes[index - 2] ?? 0, FIXED_SHARE));
}

/** Amounts that are apart may be contracts, one each. Where most belong to none, those that do may do so by chance. */
function splitSeries(group: Group, parts: readonly (readonly Occurrence[])[]): readonly Series[] {
  const found = parts.flatMap((part) => partSeries(group, part, true));
  const isMost = explained(found) >= MOST_SHARE * group.occurrences.length;
  return isMost ? found : parts.flatMap((part) => partSeries(group, part, false));
}

/** Two contracts of one price, each on its day of the month: half a month apart they would be one that comes twice. */
function monthlyPair(group: Group, all: readonly Occurrence[]): readonly Series[] | undefined {
  const rule = ruleOf('monthly');
  const { direction } = group.ledgers[0] ?? {};
  if (direction !== 'out' || all.length < 2 * (rule.least + 1)) return undefined;
  if (habitOf(majorityCategory(all), direction) === 'shop') return undefined;
  const middle = median(all.map(({ size }) => size));
  if (!all.every(({ size }) => areWithin(size, middle, EQUAL_SHARE))) return undefined;
  const first = longestChain(all, rule);
  const taken = new Set(first.members);
  const second = longestChain(
    all.filter((one) => !taken.has(one)),
    rule,
  );
  const pair = [first, second];
  if (pair.some(({ members, breaks }) => members.length <= rule.least || breaks > 0)) return undefined;
  if (first.members.length + second.members.length < PAIR_SHARE * all.length) return undefined;
  // Every second one of what comes each 14 days comes each 28, and by no calendar.
  if (pair.some(({ members }) => meanGap(members) < LEAST_MONTH_DAYS)) return undefined;
  const found = pair.map((chain) => made(group, chain, rule));
  const apart = Math.abs(at(found, 0).next.day - at(found, 1).next.day) % rule.periodDays;
  const isHalf = Math.abs(apart - rule.periodDays / 2) <= HALF_DAYS;
  return isHalf || found.some(({ regularity }) => regularity < PAIR_SHARE) ? undefined : found;
}

function meanGap(members: readonly Occurrence[]): number {
  return (at(members, -1).day - at(members, 0).day) / (members.length - 1);
}

function partSeries(group: Group, part: readonly Occurrence[], isAll: boolean): readonly Series[] {
  const whole = bestSeries(group, part, isAll);
  return whole === undefined ? priceSeries(group, part) : [whole];
}

/** Two contracts at once, and not one whose price has changed. */
function areBeside(split: readonly Series[]): boolean {
  const [first, second] = split;
  if (first === undefined || second === undefined) return false;
  const begin = (series: Series) => at(series.occurrences, 0).day;
  const end = (series: Series) => at(series.occurrences, -1).day;
  return begin(first) < end(second) && begin(second) < end(first);
}

/** Among other payments: those of one price each, and what followed on the same days at another. */
function priceSeries(group: Group, occurrences: readonly Occurrence[]): readonly Series[] {
  const found: Series[] = [];
  for (const price of sizeGroups(occurrences, 1 + EQUAL_SHARE)) {
    let rest = price;
    for (let turn = 0; turn < MOST_SERIES_PER_PRICE && rest.length >= 2; turn++) {
      const series = bestSeries(group, rest, price.length === group.occurrences.length && turn === 0);
      if (series === undefined) break;
      const taken = new Set(series.occurrences);
      rest = rest.filter((occurrence) => !taken.has(occurrence));
      found.push(series);
    }
  }
  return joined(group, found, occurrences);
}

/** A contract goes on at another price: on its day, from its day on. */
function joined(group: Group, found: readonly Series[], all: readonly Occurrence[]): readonly Series[] {
  const taken = new Set(found.flatMap(({ occurrences }) => occurrences));
  const inOrder = found.toSorted((a, b) => at(a.occurrences, 0).day - at(b.occurrences, 0).day);
  const result: Series[] = [];
  for (const series of inOrder) {
    const before = result.find(
      ({ rule, next, occurrences }) =>
        rule === series.rule &&
        at(series.occurrences, 0).day >= next.from &&
        at(series.occurrences, 0).day <= next.to &&
        areWithin(at(occurrences, -1).size, at(series.occurrences, 0).size, 0.5),
    );
    if (before === undefined) result.push(series);
    else {
      const occurrences = [...before.occurrences, ...series.occurrences];
      result[result.indexOf(before)] = made(
        group,
        { members: occurrences, steps: [], breaks: before.breaks + series.breaks },
        series.rule,
      );
    }
  }
  return result.map((series) => prolonged(group, series, all, taken));
}

/** The last ones, too few for a series of their own: two equal ones on two days on which this one was due. */
function prolonged(group: Group, series: Series, all: readonly Occurrence[], taken: ReadonlySet<Occurrence>): Series {
  const { next, rule } = series;
  const last = at(series.occurrences, -1).size;
  const free = all.filter((occurrence) => !taken.has(occurrence) && areWithin(occurrence.size, last, 0.5));
  for (const first of free) {
    if (first.day < next.from || first.day > next.to) continue;
    const second = free.find(
      ({ day, size }) =>
        day - first.day >= rule.fromDays && day - first.day <= rule.toDays && areWithin(size, first.size, EQUAL_SHARE),
    );
    if (second === undefined) continue;
    const members = [...series.occurrences, first, second];
    return made(group, { members, steps: [], breaks: series.breaks }, rule);
  }
  return series;
}

/** Sorted by amount, cut where the next one is larger by the factor; each oldest first. */
function sizeGroups(occurrences: readonly Occurrence[], factor: number): readonly (readonly Occurrence[])[] {
  const groups: Occurrence[][] = [];
  let last = 0;
  for (const occurrence of occurrences.toSorted((a, b) => a.size - b.size)) {
    const open = groups.at(-1);
    if (open !== undefined && occurrence.size <= last * factor) open.push(occurrence);
    else groups.push([occurrence]);
    last = occurrence.size;
  }
  return groups.map((group) => group.sort((a, b) => a.day - b.day));
}

/** @param isAll whether what is not in the series speaks against it */
function bestSeries(group: Group, occurrences: readonly Occurrence[], isAll: boolean): Series | undefined {
  let best: Series | undefined;
  let bestWorth = 0;
  const span = at(occurrences, -1).day - at(occurrences, 0).day;
  for (const rule of cadenceRules) {
    if (occurrences.length < rule.least || span < rule.fromDays * (rule.least - 1)) continue;
    // Even without a gap it would be too few of them.
    if (span / rule.fromDays + 1 < LEAST_COVERAGE * Math.min(MOST_MEMBERS, occurrences.length)) continue;
    const chain = longestChain(occurrences, rule);
    if (chain.members.length < rule.least) continue;
    const series = judged(group, chain, rule, occurrences, isAll);
    if (series === undefined) continue;
    const worth = series.occurrences.length * series.regularity - chain.breaks;
    // The shorter rhythm has to explain more: every second one of it is one as well.
    if (worth > bestWorth) {
      best = series;
      bestWorth = worth;
    }
  }
  return best;
}

function judged(
  group: Group,
  chain: Chain<Occurrence>,
  rule: CadenceRule,
  all: readonly Occurrence[],
  isAll: boolean,
): Series | undefined {
  const coverage = coverageOf(chain, all);
  if (coverage < LEAST_COVERAGE || mayBreak(chain) < chain.breaks || !isOwnRhythm(chain, rule)) return undefined;
  const series = made(group, chain, rule);
  const sizes = chain.members.map(({ size }) => size);
  const middle = median(sizes);
  const shape: SeriesShape = {
    category: series.category,
    direction: series.direction,
    rule,
    count: chain.members.length,
    regularity: series.regularity,
    isFixed: series.amountKind === 'fixed',
    isEqual: sizes.every((size) => areWithin(size, middle, EQUAL_SHARE)),
    isExact: sizes.every((size) => size === middle),
    spread: medianDistance(sizes, middle) / Math.max(1, middle),
    coverage,
    isAll,
    share: chain.members.length / group.occurrences.length,
  };
  return suffices(shape) ? series : undefined;
}

/** Twice a month and every 14 days look alike in one interval, not in many. */
function isOwnRhythm({ members }: Chain<Occurrence>, { cadence }: CadenceRule): boolean {
  if (cadence !== 'fortnightly' && cadence !== 'semimonthly') return true;
  if (isAlternating(members)) return false;
  const gaps = members.slice(1).map(({ day }, index) => day - at(members, index).day);
  const counted = gaps.filter((gap) => gap < 20);
  const mean = counted.reduce((sum, gap) => sum + gap, 0) / Math.max(1, counted.length);
  return cadence === 'fortnightly' ? mean <= 14.6 : mean > 14.6;
}

/** Every second one is of another size: two contracts that take turns. */
function isAlternating(members: readonly Occurrence[]): boolean {
  const sizes = [0, 1].map((turn) => members.flatMap(({ size }, index) => (index % 2 === turn ? [size] : [])));
  const [odd = [], even = []] = sizes;
  return (
    Math.max(...odd) * ALTERNATE_FACTOR < Math.min(...even) || Math.max(...even) * ALTERNATE_FACTOR < Math.min(...odd)
  );
}

/** Of what happened while it ran; a second booking of the same within days is no other payment. */
function coverageOf({ members }: Chain<Occurrence>, all: readonly Occurrence[]): number {
  const from = at(members, 0).day;
  const to = at(members, -1).day;
  const during = all.filter(({ day }) => day >= from && day <= to);
  const inside = new Set(members);
  const twins = during.filter(
    (occurrence) =>
      !inside.has(occurrence) &&
      members.some(
        ({ day, size }) => Math.abs(day - occurrence.day) <= 3 && areWithin(size, occurrence.size, EQUAL_SHARE),
      ),
  );
  const allowedTwins = Math.min(twins.length, Math.max(1, Math.floor(members.length / 6)));
  // What came before it began counts half: people try things before they subscribe.
  const outside = all.length - during.length;
  return members.length / Math.max(1, during.length - allowedTwins + outside / 2);
}

function made(group: Group, chain: Chain<Occurrence>, rule: CadenceRule): Series {
  const { members } = chain;
  const ledger = group.ledgers[0];
  const projection = dateProjection(members, rule);
  const pairs = members.slice(1).map(({ size }, index) => areWithin(size, at(members, index).size, FIXED_SHARE));
  const equal = pairs.filter(Boolean).length;
  const newest = group.ledgers.findLast(
    ({ label, accountId }) => label !== null && accountId === members.at(-1)?.accountId,
  );
  return {
    key: ledger?.key ?? '',
    label: newest?.label ?? group.ledgers.find(({ label }) => label !== null)?.label ?? null,
    currency: ledger?.currency ?? '',
    direction: ledger?.direction ?? 'out',
    rule,
    part: '',
    category: majorityCategory(members),
    // Of two amounts one change is a change; of three, one may be a new price.
    amountKind:
      equal >= 0.7 * pairs.length || (pairs.length <= 3 && equal >= pairs.length - 1 && equal > 0)
        ? 'fixed'
        : 'variable',
    occurrences: members,
    breaks: chain.breaks,
    regularity: projection.regularity,
    next: projection.next,
    isCut: group.ledgers.some(({ isCut }) => isCut),
  };
}

/** Ordered, each with its part. A newcomer must not take the name of one that the user has dismissed, nor give it its own. */
function parted(found: readonly Series[]): readonly Series[] {
  const order = (a: Series, b: Series) =>
    a.rule.periodDays - b.rule.periodDays ||
    usualSize(a) - usualSize(b) ||
    at(a.occurrences, 0).day - at(b.occurrences, 0).day;
  const counts = new Map<string, number>();
  return found.toSorted(order).map((series) => {
    const others = found.filter((other) => other !== series && other.rule === series.rule);
    if (others.every((other) => isYoungBeside(other, series))) return series;
    const scale = String(Math.round(Math.log2(usualSize(series) + 1)));
    const id = `${series.rule.cadence} ${scale}`;
    const count = counts.get(id) ?? 0;
    counts.set(id, count + 1);
    return { ...series, part: count === 0 ? scale : `${scale}.${count}` };
  });
}

function usualSize({ occurrences }: Series): number {
  return median(occurrences.slice(-6).map(({ size }) => size));
}

function isYoungBeside(young: Series, old: Series): boolean {
  return (
    old.occurrences.length >= 2 * young.occurrences.length && at(old.occurrences, 0).day < at(young.occurrences, 0).day
  );
}
