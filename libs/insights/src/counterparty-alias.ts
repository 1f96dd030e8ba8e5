/**
 * One counterparty under two keys: providers know most records' merchant by an id, and leave one out now and then. Its words are read
 * instead, and where they say the very name that the others bear, it is theirs.
 */
import { keyOfGivenName, keyOfName } from './counterparty.ts';
import { wordsOf } from './names.ts';
import type { CounterpartyLedger, Movement } from './view.ts';

/**
 * @param ledgers of one connection
 * @param heard of its recent movements: the key that the words would give, where it is another, and the merchant's
 * @returns the same movements; ledgers of words alone are with those of the one merchant of that name
 */
export function samePayees(ledgers: readonly CounterpartyLedger[], heard: readonly Heard[] = []): CounterpartyLedger[] {
  const aliases = new Map([...learnedFrom(heard, ledgers), ...aliasesOf(ledgers)]);
  if (aliases.size === 0) return [...ledgers];
  const merged = new Map<string, CounterpartyLedger>();
  for (const ledger of ledgers) {
    const key = aliases.get(ledger.key) ?? ledger.key;
    const id = `${ledger.accountId} ${key} ${ledger.direction} ${ledger.currency}`;
    const known = merged.get(id);
    if (known !== undefined) merged.set(id, mergeLedgers(known, ledger, key));
    else merged.set(id, key === ledger.key ? ledger : { ...ledger, key });
  }
  return [...merged.values()];
}

type Heard = readonly [words: string | null, key: string];

/** Once is no habit. */
const LEAST_HEARD = 2;
/** A merchant is left out now and then: words that stand alone more often are of many. */
const MOST_ALONE = 1 / 3;

/** @returns keys of ids by keys of words that stood with one id alone */
function learnedFrom(heard: readonly Heard[], ledgers: readonly CounterpartyLedger[]): ReadonlyMap<string, string> {
  const sums = Map.groupBy(ledgers, ({ key }) => key);
  const sumsOf = (key: string) => (sums.get(key) ?? []).flatMap(({ movements }) => movements.map(({ minor }) => minor));
  const learned = new Map<string, string>();
  const times = new Map<string, number>();
  const unclear = new Set<string>();
  for (const [words, key] of heard) {
    if (words === null || !sums.has(words)) continue;
    if (learned.has(words) && learned.get(words) !== key) unclear.add(words);
    learned.set(words, key);
    times.set(words, (times.get(words) ?? 0) + 1);
  }
  for (const [words, key] of learned) {
    const isHabit = (times.get(words) ?? 0) >= LEAST_HEARD;
    const [alone, named] = [sumsOf(words), sumsOf(key)];
    // Of a contract's own sums they are no others', however often the merchant is left out.
    const isRare = alone.length <= MOST_ALONE * named.length || alone.every((minor) => named.includes(minor));
    if (unclear.has(words) || !isHabit || !isRare) learned.delete(words);
  }
  return learned;
}

/** @returns keys of ids by keys of names; a name that two of them bear is nobody's */
function aliasesOf(ledgers: readonly CounterpartyLedger[]): ReadonlyMap<string, string> {
  const spoken = new Map<string, string>();
  const others: CounterpartyLedger[] = [];
  for (const ledger of ledgers) {
    if (ledger.label === null) continue;
    if (keyOfName(ledger.label) === ledger.key) spoken.set(ledger.key, beginOf(ledger.label));
    else others.push(ledger);
  }
  const aliases = new Map<string, string>();
  if (spoken.size === 0) return aliases;
  const begins = new Set(spoken.values());
  const unclear = new Set<string>();
  for (const { key, label } of others) {
    // Reading a name costs more than all else here.
    if (label === null || !begins.has(beginOf(label))) continue;
    const name = keyOfGivenName(label);
    if (name === key || !spoken.has(name)) continue;
    if (aliases.has(name) && aliases.get(name) !== key) unclear.add(name);
    aliases.set(name, key);
  }
  for (const name of unclear) aliases.delete(name);
  return aliases;
}

function beginOf(label: string): string {
  return (wordsOf(label)[0] ?? '').slice(0, BEGIN_CHARS);
}

/** "Face Book" and "Facebook" begin alike. */
const BEGIN_CHARS = 3;

function mergeLedgers(one: CounterpartyLedger, other: CounterpartyLedger, key: string): CounterpartyLedger {
  const named = keyOfName(one.label ?? '') === one.key ? other : one;
  const cutDays = [one.cutDay, other.cutDay].filter((day) => day !== null);
  return {
    ...one,
    key,
    label: named.label ?? one.label,
    movements: [...one.movements, ...other.movements].sort(compareByDay),
    isCut: one.isCut || other.isCut,
    cutDay: cutDays.length === 0 ? null : Math.max(...cutDays),
  };
}

function compareByDay(a: Movement, b: Movement): number {
  return a.day - b.day || a.minor - b.minor;
}
