/** One household: fed day after day, told what the detectors tell, and judged. */
import type { Insight, View } from '@quartersec/insights';
import type { LabelledHousehold } from '@quartersec/sandbox-providers';
import { HouseholdFeed } from './household-feed.ts';
import { judgeDuplicates, judgeUnusual } from './judge-charges.ts';
import {
  judgeConsent,
  judgeDrift,
  judgeFees,
  judgeIdleCash,
  judgeIncomeChange,
  judgeLowBalance,
  judgePace,
  judgeSavingsRate,
} from './judge-money.ts';
import {
  type AlarmCount,
  type BandCount,
  countAlarms,
  countBands,
  judgeMissed,
  judgePriceChange,
  judgeRecurring,
} from './judge-series.ts';
import { judgeTransfers, noTransfers, type TransferVerdict } from './judge-transfers.ts';
import { Tellings } from './telling.ts';
import { Truth } from './truth.ts';
import type { Verdict } from './verdict.ts';

export interface HouseholdVerdict {
  readonly seed: number;
  readonly country: string;
  readonly isEnriched: boolean;
  readonly kinds: readonly Verdict[];
  readonly bands: BandCount;
  readonly alarms: AlarmCount;
  readonly transfers: TransferVerdict;
  readonly looks: number;
  /** States made again because a change could not be taken in. */
  readonly rebuilt: number;
}

/** Insights are asked for from here on: before, there is too little to say. */
const firstLookDays = 60;
const transfersEveryDays = 120;

/** All that is told of a view. */
export type Tell = (view: View) => readonly Insight[];

/** @param stepDays days between two looks */
export function judgeHousehold(household: LabelledHousehold, stepDays: number, tell: Tell): HouseholdVerdict {
  const feed = new HouseholdFeed(household);
  const placeOf = (accountId: string) => [...feed.accountIds].find(([, id]) => id === accountId)?.[0];
  const tellings = new Tellings(household, placeOf);
  const truth = new Truth(household);
  const bands: BandCount = { hits: 0, total: 0 };
  const transfers = noTransfers();
  let looks = 0;
  let lastTransfersDay = household.firstDay + firstLookDays;
  for (let day = household.firstDay + firstLookDays; day <= household.lastDay; day += stepDays) {
    const { view } = feed.lookAt(day);
    looks += 1;
    tellings.hear(day, tell(view));
    for (const telling of tellings.all.values()) if (telling.lastDay === day) countBands(truth, telling, day, bands);
    if (day - lastTransfersDay >= transfersEveryDays) {
      lastTransfersDay = day;
      judgeTransfers(truth, view, tellings, transfers);
    }
  }
  const all = [...tellings.all.values()];
  const kinds = [
    judgeRecurring(truth, all),
    judgePriceChange(truth, all),
    judgeMissed(truth, all),
    judgeDuplicates(truth, all),
    judgeUnusual(truth, all),
    judgePace(truth, all),
    judgeLowBalance(truth, all, placeOf),
    judgeFees(truth, all),
    judgeIncomeChange(truth, all),
    judgeSavingsRate(truth, all),
    judgeIdleCash(truth, all, placeOf),
    judgeDrift(truth, all, placeOf),
    judgeConsent(truth, all),
  ];
  const { seed, country, isEnriched } = household;
  const alarms = countAlarms(truth, all);
  return { seed, country, isEnriched, kinds, bands, alarms, transfers, looks, rebuilt: feed.rebuilt };
}
