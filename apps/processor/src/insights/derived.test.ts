import { emptyState, settledReadings } from '@quartersec/insights';
import type { EntryContent, JournalEntry } from '@quartersec/storage';
import { describe, expect, it } from 'vitest';
import { account } from '../scripted-pipeline.ts';
import { type Derived, nothingDerived, packDerived, takeOn, unpackDerived } from './derived.ts';

const dayMs = 86_400_000;
const firstDay = 20_000;

/** The account as it is read on a day; `undefined`: seen, as it was. */
function listRead(day: number, minor: string | undefined): EntryContent {
  const times = { writtenEpochMs: day * dayMs, readEpochMs: day * dayMs };
  const accounts = minor === undefined ? [] : [account(minor)];
  const accountsSeen = minor === undefined ? ['acc-1'] : [];
  return { kind: 'accounts', runId: 'r', list: { id: 'l', last: true }, accounts, accountsSeen, ...times };
}

function entry(version: number, content: EntryContent): JournalEntry {
  return { connectionId: 'c', version, previousHash: `h${version - 1}`, hash: `h${version}`, content };
}

/** @param readings by day from the first one */
function after(readings: Readonly<Record<number, string | undefined>>): Derived {
  let derived: Derived | undefined = nothingDerived;
  let version = 0;
  for (const [day, minor] of Object.entries(readings)) {
    version += 1;
    derived = derived && takeOn(derived, entry(version, listRead(firstDay + Number(day), minor)));
  }
  if (derived === undefined) throw new Error('not taken on');
  return derived;
}

const readings = (of: Parameters<typeof after>[0]) =>
  (after(of).balances.get('acc-1') ?? []).map(({ minor, day }) => `${day - firstDay}: ${minor}`);
const settled = (of: Parameters<typeof after>[0]) => {
  const { earlier, settled: later } = settledReadings(after(of).balances.get('acc-1') ?? []);
  return [earlier, later].map((reading) => reading && `${reading.day - firstDay}: ${reading.minor}`);
};

describe('readings of a balance', () => {
  it('are one a day, the later one, also where the balance is as it was', () => {
    expect(readings({ 0: '100', 1: undefined })).toEqual(['1: 100', '0: 100']);
    expect(readings({ 0: '100', 1: '90' })).toEqual(['1: 90', '0: 100']);
    const twice = [listRead(firstDay, '100'), listRead(firstDay, '80')];
    const derived = twice.reduce<Derived | undefined>(
      (known, content, at) => known && takeOn(known, entry(at + 1, content)),
      nothingDerived,
    );
    expect(derived?.balances.get('acc-1')).toEqual([{ minor: 80, day: firstDay }]);
  });

  it('that are read each day still give two that are settled, some days apart', () => {
    const daily = Object.fromEntries(Array.from({ length: 16 }, (_, day) => [day, String(100 + day)]));
    expect(readings(daily)).toEqual(['15: 115', '12: 112', '8: 108', '4: 104']);
    expect(settled(daily)).toEqual(['4: 104', '8: 108']);
    expect(settled({ 0: '100', 3: '90' })).toEqual([null, null]);
    expect(settled({ 0: '100', 20: '90', 40: '80' })).toEqual(['0: 100', '20: 90']);
  });

  it('begin anew where a day comes before the newest, and end where the balance is given no more', () => {
    expect(readings({ 5: '100' })).toEqual(['5: 100']);
    const back = takeOn(after({ 5: '100' }), entry(2, listRead(firstDay + 2, '70')));
    expect(back?.balances.get('acc-1')).toEqual([{ minor: 70, day: firstDay + 2 }]);
    const content = listRead(firstDay + 6, '1');
    if (content.kind !== 'accounts') throw new Error('no list');
    const without = { ...content, accounts: content.accounts.map((each) => ({ ...each, balances: [] })) };
    expect(takeOn(after({ 5: '100' }), entry(2, without))?.balances.size).toBe(0);
  });
});

describe('a list of accounts', () => {
  it('is not taken on where it may take records away', () => {
    const before = after({ 0: '100' });
    const list = entry(2, listRead(firstDay + 1, '90'));
    for (const reach of ['one', 'mixed', 'unsettled'] as const)
      expect(takeOn({ ...before, reach }, list)).toBeDefined();
    expect(takeOn({ ...before, reach: 'unlisted' }, list)).toBeUndefined();
  });
});

describe('packed', () => {
  it('is read back as it was', () => {
    const derived: Derived = { ...after({ 0: '100', 20: '90', 40: '80' }), open: ['a', 'b'], assessedDay: 7 };
    expect(unpackDerived(packDerived(derived), derived)).toEqual(derived);
    const none = { ...nothingDerived, state: emptyState };
    expect(unpackDerived(packDerived(none), none)).toEqual(none);
  });

  it('is none where the state is of another version', () => {
    const bytes = Buffer.from(packDerived(nothingDerived));
    const stateAt = 4 + bytes.readUInt32BE();
    bytes[stateAt] = 255;
    expect(unpackDerived(bytes, nothingDerived)).toBeUndefined();
  });
});
