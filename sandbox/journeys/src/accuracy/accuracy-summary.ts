/** Verdicts of many households, added up. */
import type { HouseholdVerdict } from './judge-household.ts';

export interface KindSummary {
  readonly planted: number;
  readonly found: number;
  readonly told: number;
  readonly wrong: number;
  /** Percent with one decimal; `null` where nothing was told. */
  readonly precisionPercent: number | null;
  /** `null` where nothing was planted. */
  readonly recallPercent: number | null;
}

export interface AccuracySummary {
  readonly households: number;
  readonly kinds: Readonly<Record<string, KindSummary>>;
  readonly byCountry: Readonly<Record<string, KindSummary>>;
  readonly byEnrichment: Readonly<Record<'enriched' | 'raw', Readonly<Record<string, KindSummary>>>>;
  /** Percent of days on which the true next payment lay in the band told. */
  readonly bandPercent: number | null;
  /** Of missed payments; early: before one that came inside its band. */
  readonly alarms: { readonly alarms: number; readonly early: number };
  readonly transfers: {
    readonly planted: number;
    readonly paired: number;
    readonly counted: number;
    readonly persons: number;
    readonly swallowed: number;
    readonly leaving: number;
    readonly wrong: number;
  };
  /** What is wrong, by kind and reason, most frequent first. */
  readonly reasons: Readonly<
    Record<string, readonly { readonly why: string; readonly times: number; readonly seeds: readonly number[] }[]>
  >;
}

const percent = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((1_000 * part) / whole) / 10;

function summed(verdicts: readonly HouseholdVerdict[], kind: string | null): KindSummary {
  const all = verdicts.flatMap(({ kinds }) => kinds).filter((each) => kind === null || each.kind === kind);
  const sum = (of: (each: (typeof all)[number]) => number) => all.reduce((total, each) => total + of(each), 0);
  const planted = sum((each) => each.planted);
  const found = sum((each) => each.found);
  const right = sum((each) => each.right);
  const wrong = sum((each) => each.wrong.length);
  return {
    planted,
    found,
    told: right + wrong,
    wrong,
    precisionPercent: percent(right, right + wrong),
    recallPercent: percent(found, planted),
  };
}

function byKind(verdicts: readonly HouseholdVerdict[]): Record<string, KindSummary> {
  const names = [...new Set(verdicts.flatMap(({ kinds }) => kinds.map(({ kind }) => kind)))];
  return Object.fromEntries(names.map((kind) => [kind, summed(verdicts, kind)]));
}

export function summarise(verdicts: readonly HouseholdVerdict[]): AccuracySummary {
  const countries = [...new Set(verdicts.map(({ country }) => country))].sort();
  const totals = { planted: 0, paired: 0, counted: 0, persons: 0, swallowed: 0, leaving: 0, wrong: 0 };
  const alarms = { alarms: 0, early: 0 };
  let hits = 0;
  let bands = 0;
  for (const { transfers, bands: count, alarms: each } of verdicts) {
    alarms.alarms += each.alarms;
    alarms.early += each.early;
    hits += count.hits;
    bands += count.total;
    for (const name of Object.keys(totals) as (keyof typeof totals)[]) totals[name] += transfers[name];
  }
  return {
    households: verdicts.length,
    kinds: byKind(verdicts),
    byCountry: Object.fromEntries(
      countries.map((country) => [
        country,
        summed(
          verdicts.filter((each) => each.country === country),
          null,
        ),
      ]),
    ),
    byEnrichment: {
      enriched: byKind(verdicts.filter(({ isEnriched }) => isEnriched)),
      raw: byKind(verdicts.filter(({ isEnriched }) => !isEnriched)),
    },
    bandPercent: percent(hits, bands),
    alarms,
    transfers: totals,
    reasons: reasonsOf(verdicts),
  };
}

function reasonsOf(verdicts: readonly HouseholdVerdict[]): AccuracySummary['reasons'] {
  const reasons = new Map<string, Map<string, { times: number; seeds: Set<number> }>>();
  const count = (kind: string, why: string, seed: number) => {
    const ofKind = reasons.get(kind) ?? new Map();
    reasons.set(kind, ofKind);
    const known = ofKind.get(why) ?? { times: 0, seeds: new Set() };
    ofKind.set(why, known);
    known.times += 1;
    known.seeds.add(seed);
  };
  for (const { seed, kinds, transfers } of verdicts) {
    for (const { kind, missed, wrong } of kinds) {
      for (const { why } of missed) count(kind, `missed: ${why}`, seed);
      for (const { why } of wrong) count(kind, `wrong: ${why}`, seed);
    }
    for (const { why } of transfers.examples) count('own-transfer', why, seed);
  }
  return Object.fromEntries(
    [...reasons].map(([kind, ofKind]) => [
      kind,
      [...ofKind]
        .map(([why, { times, seeds }]) => ({ why, times, seeds: [...seeds].slice(0, 5) }))
        .sort((one, other) => other.times - one.times),
    ]),
  );
}
