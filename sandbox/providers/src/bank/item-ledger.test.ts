import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ItemLedger } from './item-ledger.ts';

interface Note {
  readonly id: string;
  readonly place: string;
  readonly text: number;
}

const note = (id: string, text = 0, place = 'a'): Note => ({ id, place, text });

describe('ItemLedger', () => {
  it('tells an empty reader what is held now, not the story from its start', () => {
    const ledger = new ItemLedger<Note>();
    ledger.put(note('x'));
    ledger.put(note('y'));
    ledger.remove('x');
    ledger.put(note('y', 2));
    expect(ledger.changes(0, ledger.head)).toEqual([{ kind: 'added', value: note('y', 2) }]);
  });

  it('tells each id once, by its net change, where it changed last', () => {
    const ledger = new ItemLedger<Note>();
    for (const id of ['kept', 'changed', 'removed', 'restored']) ledger.put(note(id));
    ledger.remove('restored');
    const from = ledger.head;
    ledger.put(note('changed', 1));
    ledger.put(note('come-and-gone'));
    ledger.remove('removed');
    ledger.put(note('restored', 3));
    ledger.remove('come-and-gone');
    ledger.put(note('changed', 2));
    expect(ledger.changes(from, ledger.head)).toEqual([
      { kind: 'removed', value: note('removed') },
      { kind: 'added', value: note('restored', 3) },
      { kind: 'modified', value: note('changed', 2) },
    ]);
  });

  it('remembers what was held at every place, and how a removed record last stood', () => {
    const ledger = new ItemLedger<Note>();
    ledger.put(note('x', 1));
    ledger.put(note('x', 2));
    expect([ledger.remove('x'), ledger.remove('x')]).toEqual([true, false]);
    expect([0, 1, 2, 3].map((sequence) => ledger.at('x', sequence)?.text ?? null)).toEqual([null, 1, 2, null]);
    expect([ledger.now('x'), ledger.lastHeld('x'), ledger.gone()]).toEqual([null, note('x', 2), [note('x', 2)]]);
  });

  it('tells a reader of one part that a record moved out of it is gone', () => {
    const ledger = new ItemLedger<Note>();
    ledger.put(note('x', 0, 'a'));
    ledger.put(note('x', 0, 'b'));
    const reads = (place: string) => ledger.changes(1, 2, (value) => value.place === place);
    expect(reads('a')).toEqual([{ kind: 'removed', value: note('x', 0, 'a') }]);
    expect(reads('b')).toEqual([{ kind: 'added', value: note('x', 0, 'b') }]);
  });

  it('folds to what is held, wherever a reader stops and goes on', () => {
    const step = fc.record({
      id: fc.constantFrom('x', 'y', 'z'),
      text: fc.option(fc.integer({ min: 0, max: 3 })),
      read: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const ledger = new ItemLedger<Note>();
        const copy = new Map<string, Note>();
        let cursor = 0;
        const read = () => {
          for (const { kind, value } of ledger.changes(cursor, ledger.head)) {
            expect(copy.has(value.id)).toBe(kind !== 'added');
            if (kind === 'removed') copy.delete(value.id);
            else copy.set(value.id, value);
          }
          cursor = ledger.head;
        };
        const expected = new Map<string, Note>();
        for (const { id, text, read: reads } of steps) {
          if (text === null) {
            ledger.remove(id);
            expected.delete(id);
          } else {
            ledger.put(note(id, text));
            expected.set(id, note(id, text));
          }
          if (reads) read();
        }
        read();
        expect(copy).toEqual(expected);
        expect(new Map(ledger.held().map((value) => [value.id, value]))).toEqual(expected);
      }),
    );
  });
});
