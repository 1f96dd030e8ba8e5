/** Bundled with typia's transform and run by `run.ts`: households of a range of seeds, judged. */
import { createLabelledHousehold } from '@quartersec/sandbox-providers';
import { explain } from './explain.ts';
import { insightsOf } from './insights-of.ts';
import { type HouseholdVerdict, judgeHousehold } from './judge-household.ts';
import { ledgerFiles, ledgerKinds, readLedger } from './ledger-household.ts';

export { summarise } from './accuracy-summary.ts';

export const judgeSeed = (seed: number, stepDays: number): HouseholdVerdict =>
  judgeHousehold(createLabelledHousehold(seed), stepDays, insightsOf);

/** The public ledgers, each by its own labels. @param folder of their files */
export const judgeLedgers = (folder: URL, stepDays: number): readonly { file: string; verdict: HouseholdVerdict }[] =>
  ledgerFiles.map((file) => {
    const verdict = judgeHousehold(readLedger(new URL(file, folder)), stepDays, insightsOf);
    return { file, verdict: { ...verdict, kinds: verdict.kinds.filter(({ kind }) => ledgerKinds.has(kind)) } };
  });

/** @param subject a seed, or a file of the ledgers @param kind of these only; `null` = all */
export function explainSubject(subject: string, folder: URL, stepDays: number, kind: string | null): string {
  const household = /^\d+$/.test(subject)
    ? createLabelledHousehold(Number(subject))
    : readLedger(new URL(subject, folder));
  return explain(household, judgeHousehold(household, stepDays, insightsOf), kind);
}
