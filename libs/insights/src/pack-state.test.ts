import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ByteReader } from './byte-list.ts';
import { packState, stateVersion, unpackState } from './pack-state.ts';
import { mostLedgers } from './retention.ts';
import { applyChanges, type ConnectionState, emptyState, stateOf } from './state.ts';
import { sampleLedger } from './testing/sample-ledger.ts';
import { sampleTransaction } from './testing/sample-transaction.ts';

const packedAndBack = (state: ConnectionState) => unpackState(packState(state));

describe('a packed state', () => {
  it('is read as it was', () => {
    const state = stateOf(sampleLedger(7).transactions);
    expect(packedAndBack(state)).toEqual(state);
    expect(packedAndBack(emptyState)).toEqual(emptyState);
  });

  it('holds labels that change, amounts that are large, kinds that differ, and pending ones', () => {
    const state = stateOf([
      sampleTransaction({ transactionId: '1', merchantName: 'Nëtflix 🎬', merchantEntityId: 'e1' }),
      sampleTransaction({
        transactionId: '2',
        merchantName: 'NFLX',
        merchantEntityId: 'e1',
        minor: -9_007_199_254_740_991,
      }),
      sampleTransaction({
        transactionId: '3',
        merchantEntityId: 'e1',
        minor: -1,
        bookingDate: '2026-02-01',
        category: { primary: 'BANK_FEES', detailed: 'BANK_FEES_FOREIGN_TRANSACTION_FEES' },
      }),
      sampleTransaction({ transactionId: '4', minor: 5, accountId: 'a2', currency: 'USD' }),
      sampleTransaction({ transactionId: '5', status: 'PDNG' }),
    ]);
    expect(state.ledgers.map(({ movements }) => movements.map(({ label }) => label))).toEqual([
      [null, 'NFLX', 'Nëtflix 🎬'],
      [null],
    ]);
    expect(state.pending).toHaveLength(1);
    expect(packedAndBack(state)).toEqual(state);
  });

  it('holds the words that stood with a merchant, all alike or not', () => {
    const state = stateOf([
      ...['6', '7'].map((id) =>
        sampleTransaction({
          transactionId: id,
          merchantName: 'Gym',
          merchantEntityId: 'e2',
          description: 'ABC*PLANET FIT',
        }),
      ),
      ...['A', 'B'].map((name) =>
        sampleTransaction({
          transactionId: name,
          merchantName: 'Club',
          merchantEntityId: 'e3',
          description: `${name}BC SPORT`,
        }),
      ),
    ]);
    const counts = state.ledgers.map(({ movements }) => new Set(movements.map(({ spoken }) => spoken)).size);
    expect(counts.sort()).toEqual([1, 2]);
    expect(state.ledgers.flatMap(({ movements }) => movements).every(({ spoken }) => spoken !== null)).toBe(true);
    expect(packedAndBack(state)).toEqual(state);
  });

  it('is written as approved: states of this version are stored, and a change of the form is a new version', async () => {
    const more = [
      sampleTransaction({ transactionId: 'x1', minor: 5, accountId: 'a2', currency: 'USD', merchantName: 'Nëtflix' }),
      sampleTransaction({ transactionId: 'x2', minor: -9_007_199_254_740_991, bookingDate: '2025-11-01' }),
      sampleTransaction({ transactionId: 'x3', status: 'PDNG' }),
    ];
    const state = stateOf([...sampleLedger(7, 400).transactions, ...more]);
    const bytes = packState(state);
    const reader = new ByteReader(bytes);
    const [version, rawLength] = [reader.read(), reader.read()];
    const raw = reader.readBytes(rawLength);
    // As it is before it is deflated: the same bytes may be deflated in more than one way.
    const open = Buffer.concat([raw, inflateRawSync(reader.rest())]);
    const lines = open.toString('base64').replaceAll(/.{100}/g, '$&\n');
    await expect(`${rawLength}\n${lines}\n`).toMatchFileSnapshot(`./approved/state-of-version-${version}.txt`);
    expect(unpackState(bytes)).toEqual(state);
  });

  it('of another version is none', () => {
    const bytes = packState(emptyState);
    expect(bytes[0]).toBe(stateVersion);
    bytes[0] = stateVersion + 1;
    expect(unpackState(bytes)).toBeUndefined();
  });

  it('that is cut is none, wherever it is cut', () => {
    const bytes = packState(stateOf(sampleLedger(7, 60).transactions));
    for (let length = 0; length < bytes.length; length++)
      expect(unpackState(bytes.subarray(0, length))).toBeUndefined();
  });

  it('takes at most 4 KB for two years of a household', () => {
    expect(packState(stateOf(sampleLedger(11).transactions)).length).toBeLessThan(4_096);
  });
});

describe('a state without bounds', () => {
  const shop = (index: number, bookingDate = '2026-03-01') =>
    sampleTransaction({ transactionId: `t${index}`, merchantEntityId: `e${index}`, bookingDate });

  it('keeps so many ledgers, those with one old movement go first, and is made again on each change', () => {
    const regular = ['r1', 'r2'].map((transactionId) => ({
      ...shop(0, '2026-01-01'),
      transactionId,
      merchantEntityId: 'regular',
    }));
    const all = [
      ...Array.from({ length: mostLedgers }, (_, index) => shop(index)),
      shop(99_999, '2026-02-01'),
      ...regular,
    ];
    const state = stateOf(all);
    expect(state.ledgers).toHaveLength(mostLedgers);
    expect([state.isCrowded, state.isWhole]).toEqual([true, false]);
    expect(state.ledgers.filter(({ movements }) => movements.length === 2)).toHaveLength(1);
    expect(applyChanges(state, { added: [shop(100_000)], modified: [], removed: [] })).toBeUndefined();
    expect(packedAndBack(state)).toEqual(state);
  });

  it('does not list more pending ones than a card has: what becomes of them cannot be taken in', () => {
    const pending = Array.from({ length: 257 }, (_, index) =>
      sampleTransaction({ transactionId: `p${index}`, status: 'PDNG' }),
    );
    const state = stateOf(pending);
    expect(state.pending).toBeNull();
    expect(packedAndBack(state)).toEqual(state);
    expect(applyChanges(state, { added: [], modified: [], removed: ['p1'] })).toBeUndefined();
    expect(applyChanges(state, { added: [shop(1)], modified: [], removed: [] })).toEqual(
      stateOf([...pending, shop(1)]),
    );
  });
});
