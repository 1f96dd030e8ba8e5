/** Each thing that is wrong with a household, with its movements, for a person to read. */
import type { HouseholdTransaction, LabelledHousehold } from '@quartersec/sandbox-providers';
import { dateText } from './day-text.ts';
import type { HouseholdVerdict } from './judge-household.ts';
import { Truth } from './truth.ts';
import type { Wrong } from './verdict.ts';

const line = ({ day, account, outMinor, purpose, statement, merchantName }: HouseholdTransaction): string =>
  `      ${dateText(day)}  account ${account}  ${String(-outMinor).padStart(10)}  ${purpose.padEnd(16)}  ${statement}${merchantName === null ? '' : `  [${merchantName}]`}`;

/** @param kind of these only; `null` = all */
export function explain(household: LabelledHousehold, verdict: HouseholdVerdict, kind: string | null): string {
  const truth = new Truth(household);
  const lines = [`household ${verdict.seed}, ${verdict.country}, ${verdict.isEnriched ? 'enriched' : 'raw'}`];
  const print = (what: string, wrong: Wrong) => {
    const { telling, label, why, facts } = wrong;
    lines.push(`  ${what}: ${why} ${facts === undefined ? '' : JSON.stringify(facts)}`);
    if (telling !== undefined) {
      const { evidence: _, ...told } = telling.first;
      lines.push(`    told ${dateText(telling.firstDay)} to ${dateText(telling.lastDay)}: ${JSON.stringify(told)}`);
      const records = [...telling.transactions].sort((one, other) => one.day - other.day);
      lines.push(...records.slice(-14).map(line));
    }
    if (label !== undefined) {
      const { ids, ...facts_ } = label;
      lines.push(`    true: ${JSON.stringify(facts_)}`);
      const series = truth.seriesOf(ids.map((id) => truth.byId.get(id)).filter((record) => record !== undefined));
      const records = series?.records ?? ids.map((id) => truth.byId.get(id)).filter((record) => record !== undefined);
      lines.push(...records.slice(-16).map(line));
    }
  };
  for (const each of verdict.kinds) {
    if (kind !== null && each.kind !== kind) continue;
    for (const wrong of each.missed) print(`${each.kind} missed`, wrong);
    for (const wrong of each.wrong) print(`${each.kind} wrong`, wrong);
  }
  if (kind === null || kind === 'own-transfer')
    for (const wrong of verdict.transfers.examples) print('own-transfer', wrong);
  return `${lines.join('\n')}\n`;
}
