/** What every table must do. Each back end's test calls this with a way to reach a table of its own. */
import { createDeadline } from '@quartersec/sla';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CallOptions, Table, TableItem } from './table.ts';

export interface TableContractOptions {
  /** Whether the reads ask for what was written last; `false` for a cache through which everything is written. */
  readonly freshReads?: boolean;
}

export function describeTable(
  name: string,
  reach: () => Promise<Table>,
  { freshReads = true }: TableContractOptions = {},
): void {
  describe(`${name} as a table`, () => {
    let table: Table;
    let partition = 0;
    beforeAll(async () => {
      table = await reach();
    });

    /** A partition of its own for each test. */
    const newPk = () => `CONTRACT#${name}#${++partition}`;
    const fresh = (): CallOptions => {
      return { deadline: createDeadline(600_000, () => performance.now()), fresh: freshReads };
    };
    const fill = async (pk: string, sks: readonly string[]) => {
      for (const sk of sks) expect(await table.put({ pk, sk, body: `of ${sk}` }, undefined, fresh())).toBe('written');
    };
    const sksOf = (items: readonly TableItem[]) => items.map((item) => item.sk);

    it('answers undefined for an item that is not there', async () => {
      expect(await table.get({ pk: newPk(), sk: 'none' }, fresh())).toBeUndefined();
    });

    it('gives back texts and numbers exactly as they were put', async () => {
      const item = {
        pk: newPk(),
        sk: 'Ünïcodé ключ 鍵 🔑',
        text: 'a"\\\n\t\u0000\u2028 é 漢 🏦 "\ufffd',
        empty: '',
        zero: 0,
        negative: -12.5,
        largest: Number.MAX_SAFE_INTEGER,
        smallest: Number.MIN_SAFE_INTEGER,
        exact: 0.1,
        huge: 1e21,
        tiny: 1e-100,
      };
      expect(await table.put(item, undefined, fresh())).toBe('written');
      expect(await table.get({ pk: item.pk, sk: item.sk }, fresh())).toEqual(item);
    });

    it('gives back bytes exactly as they were put, none and all values of them', async () => {
      const pk = newPk();
      const all = Uint8Array.from({ length: 256 }, (_, value) => value);
      const large = new Uint8Array(100_000).map((_, index) => (index * 31) % 251);
      const values = { all, none: new Uint8Array(0), large, text: 'beside them', number: 7 };
      expect(await table.put({ pk, sk: 'bytes', ...values }, undefined, fresh())).toBe('written');
      const stored = await table.get({ pk, sk: 'bytes' }, fresh());
      const [queried] = await table.query({ pk, fromSk: 'bytes', toSk: 'bytes' }, fresh());
      for (const item of [stored, queried]) {
        expect(Object.keys(item ?? {}).sort()).toEqual(['all', 'large', 'none', 'number', 'pk', 'sk', 'text']);
        for (const name of ['all', 'none', 'large'] as const) {
          expect(item?.[name]).toBeInstanceOf(Uint8Array);
          expect(Buffer.compare(item?.[name] as Uint8Array, values[name])).toBe(0);
        }
        expect(item).toMatchObject({ text: 'beside them', number: 7 });
      }
    });

    it('gives back the items of many keys, each once, and nothing for those that are not there', async () => {
      const [pk, other] = [newPk(), newPk()];
      const sks = Array.from({ length: 120 }, (_, index) => `sk${index}`); // more than one call of DynamoDB takes
      await fill(pk, sks);
      await fill(other, ['a']);
      const asked = [
        ...sks.map((sk) => ({ pk, sk })),
        { pk, sk: 'none' },
        { pk: other, sk: 'a' },
        { pk: other, sk: 'a' },
      ];
      const items = await table.getAll(asked, fresh());
      const bodies = items.map(({ pk: itsPk, sk, body }) => [itsPk, sk, body]);
      expect(bodies.sort()).toEqual([...sks.map((sk) => [pk, sk, `of ${sk}`]), [other, 'a', 'of a']].sort());
      expect(await table.getAll([], fresh())).toEqual([]);
    });

    it('keeps any bytes', async () => {
      const pk = newPk();
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
          expect(await table.put({ pk, sk: 'any', bytes }, undefined, fresh())).toBe('written');
          const stored = await table.get({ pk, sk: 'any' }, fresh());
          expect(Buffer.from(stored?.bytes as Uint8Array).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
        }),
        { numRuns: 30 },
      );
    });

    it.each([
      ['it holds the same', [1, 2, 255], 'written'],
      ['it holds others', [1, 2, 254], 'refused'],
      ['it holds fewer', [1, 2], 'refused'],
      ['it holds their text', 'AQL/', 'refused'],
    ] as const)('puts under "same" with bytes when %s: %j -> %s', async (_, present, outcome) => {
      const pk = newPk();
      const sum = typeof present === 'string' ? present : Uint8Array.from(present);
      await table.put({ pk, sk: 'HEAD', sum }, undefined, fresh());
      const condition = { kind: 'same', attribute: 'sum', value: Uint8Array.from([1, 2, 255]) } as const;
      expect(await table.put({ pk, sk: 'HEAD', sum: 'new' }, condition, fresh())).toBe(outcome);
    });

    it('keeps any well-formed text and any number that DynamoDB can hold', async () => {
      const pk = newPk();
      const number = fc.oneof(fc.maxSafeInteger(), fc.double({ min: -1e125, max: 1e125, noNaN: true }));
      const storable = number.filter((value) => value === 0 || Math.abs(value) >= 1e-130);
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), storable, async (text, value) => {
          const item = { pk, sk: 'any', text, value };
          expect(await table.put(item, undefined, fresh())).toBe('written');
          const stored = await table.get({ pk, sk: 'any' }, fresh());
          expect(stored?.text).toBe(text);
          expect(stored?.value).toBe(value === 0 ? 0 : value); // there is no -0
        }),
        { numRuns: 40 },
      );
    });

    it('puts over what is there without a condition, leaving no attribute behind', async () => {
      const pk = newPk();
      await table.put({ pk, sk: 'a', old: 'x', both: 1 }, undefined, fresh());
      expect(await table.put({ pk, sk: 'a', both: 2 }, undefined, fresh())).toBe('written');
      expect(await table.get({ pk, sk: 'a' }, fresh())).toEqual({ pk, sk: 'a', both: 2 });
    });

    it('puts under "absent" once, and refuses after that without a change', async () => {
      const pk = newPk();
      expect(await table.put({ pk, sk: 'a', by: 'first' }, { kind: 'absent' }, fresh())).toBe('written');
      expect(await table.put({ pk, sk: 'a', by: 'second' }, { kind: 'absent' }, fresh())).toBe('refused');
      expect(await table.get({ pk, sk: 'a' }, fresh())).toEqual({ pk, sk: 'a', by: 'first' });
    });

    it.each([
      ['nothing is there', undefined, 'written', 'refused'],
      ['the number there is smaller', { version: 6 }, 'written', 'written'],
      ['the number there is equal', { version: 7 }, 'refused', 'refused'],
      ['the number there is greater', { version: 8 }, 'refused', 'refused'],
      ['the number there is greater though its text sorts before', { version: 10 }, 'refused', 'refused'],
      ['the attribute is missing', { other: 1 }, 'refused', 'refused'],
      ['the attribute is a text', { version: '1' }, 'refused', 'refused'],
    ] as const)('puts when %s: %s -> %s under "below", %s under "raises"', async (_, present, below, raises) => {
      for (const [kind, outcome] of [['below', below] as const, ['raises', raises] as const]) {
        const pk = newPk();
        if (present) await table.put({ pk, sk: 'HEAD', ...present }, undefined, fresh());
        const condition = { kind, attribute: 'version', value: 7 };
        expect(await table.put({ pk, sk: 'HEAD', version: 7 }, condition, fresh()), kind).toBe(outcome);
      }
    });

    it.each([
      ['nothing is there', undefined, 'refused'],
      ['it holds the same', { sum: 'abc' }, 'written'],
      ['it holds another', { sum: 'abd' }, 'refused'],
      ['it is missing', { other: 'abc' }, 'refused'],
    ] as const)('puts under "same" when %s: %s -> %s', async (_, present, outcome) => {
      const pk = newPk();
      if (present) await table.put({ pk, sk: 'HEAD', ...present }, undefined, fresh());
      const condition = { kind: 'same', attribute: 'sum', value: 'abc' } as const;
      expect(await table.put({ pk, sk: 'HEAD', sum: 'new' }, condition, fresh())).toBe(outcome);
    });

    it('lets exactly one of many concurrent conditional puts win, and keeps the winner', async () => {
      const pk = newPk();
      const writers = Array.from({ length: 12 }, (_, writer) => writer);
      const answers = await Promise.all(
        writers.map((writer) => table.put({ pk, sk: 'LOG#1', writer }, { kind: 'absent' }, fresh())),
      );
      const winners = writers.filter((writer) => answers[writer] === 'written');
      expect(winners).toHaveLength(1);
      expect(answers.filter((answer) => answer === 'refused')).toHaveLength(11);
      expect(await table.get({ pk, sk: 'LOG#1' }, fresh())).toEqual({ pk, sk: 'LOG#1', writer: winners[0] });
    });

    it('queries a range with both bounds included, in key order', async () => {
      const pk = newPk();
      await fill(pk, ['d', 'b', 'e', 'a', 'c']);
      const items = await table.query({ pk, fromSk: 'b', toSk: 'd' }, fresh());
      expect(items).toEqual([
        { pk, sk: 'b', body: 'of b' },
        { pk, sk: 'c', body: 'of c' },
        { pk, sk: 'd', body: 'of d' },
      ]);
    });

    it('queries in reverse and with a limit', async () => {
      const pk = newPk();
      await fill(pk, ['a', 'b', 'c', 'd']);
      const range = { pk, fromSk: 'a', toSk: 'd' };
      expect(sksOf(await table.query({ ...range, newestFirst: true }, fresh()))).toEqual(['d', 'c', 'b', 'a']);
      expect(sksOf(await table.query({ ...range, newestFirst: true, limit: 2 }, fresh()))).toEqual(['d', 'c']);
      expect(sksOf(await table.query({ ...range, limit: 3 }, fresh()))).toEqual(['a', 'b', 'c']);
      expect(sksOf(await table.query({ ...range, limit: 9 }, fresh()))).toEqual(['a', 'b', 'c', 'd']);
    });

    it('answers an empty range with nothing: no such partition, nothing between, bounds the wrong way round', async () => {
      const pk = newPk();
      expect(await table.query({ pk, fromSk: 'a', toSk: 'z' }, fresh())).toEqual([]);
      await fill(pk, ['a', 'z']);
      expect(await table.query({ pk, fromSk: 'b', toSk: 'y' }, fresh())).toEqual([]);
      expect(await table.query({ pk, fromSk: 'z', toSk: 'a' }, fresh())).toEqual([]);
    });

    it('orders keys by their UTF-8 bytes, also past U+FFFF', async () => {
      const pk = newPk();
      await fill(pk, ['😀', '\ufb01', 'z', 'é', 'Z', 'z\u0000', '\ue000']);
      const items = await table.query({ pk, fromSk: 'A', toSk: '\u{10ffff}' }, fresh());
      expect(sksOf(items)).toEqual(['Z', 'z', 'z\u0000', 'é', '\ue000', '\ufb01', '😀']);
    });

    it('goes on behind a key with the next key there can be', async () => {
      const pk = newPk();
      await fill(pk, ['LOG#1', 'LOG#1a', 'LOG#2']);
      const items = await table.query({ pk, fromSk: 'LOG#1\u0000', toSk: 'LOG$' }, fresh());
      expect(sksOf(items)).toEqual(['LOG#1a', 'LOG#2']);
    });

    it('joins the pages of a range that is larger than one answer, also in reverse and with a limit', async () => {
      const pk = newPk();
      const body = 'x'.repeat(350_000); // a query's answer ends at 1 MB
      for (let index = 1; index <= 7; index++) await table.put({ pk, sk: `LOG#${index}`, body }, undefined, fresh());
      const range = { pk, fromSk: 'LOG#1', toSk: 'LOG#7' };
      const all = ['LOG#1', 'LOG#2', 'LOG#3', 'LOG#4', 'LOG#5', 'LOG#6', 'LOG#7'];
      const items = await table.query(range, fresh());
      expect(sksOf(items)).toEqual(all);
      expect(items.every((item) => item.body === body)).toBe(true);
      expect(sksOf(await table.query({ ...range, newestFirst: true }, fresh()))).toEqual(all.toReversed());
      expect(sksOf(await table.query({ ...range, limit: 5 }, fresh()))).toEqual(all.slice(0, 5));
    });

    it('takes an item just under 400 KB and refuses one over it', async () => {
      const pk = newPk();
      const body = 'x'.repeat(409_000);
      expect(await table.put({ pk, sk: 'fits', body }, undefined, fresh())).toBe('written');
      const tooLarge = table.put({ pk, sk: 'over', body: `${body}${'é'.repeat(400)}` }, undefined, fresh());
      await expect(tooLarge).rejects.toMatchObject({ code: 'ITEM_TOO_LARGE', facts: { pk, sk: 'over' } });
      expect(await table.get({ pk, sk: 'over' }, fresh())).toBeUndefined();
    });

    it.each([
      ['an empty partition key', { pk: '', sk: 'a' }],
      ['an empty sort key', { pk: 'a', sk: '' }],
      ['a sort key over 1024 bytes', { pk: 'a', sk: 'é'.repeat(513) }],
      ['a number that is none', { pk: 'a', sk: 'a', value: Number.NaN }],
      ['an infinite number', { pk: 'a', sk: 'a', value: Number.POSITIVE_INFINITY }],
      ['a number out of range', { pk: 'a', sk: 'a', value: 1e126 }],
      ['half a surrogate pair, which would come back as another text', { pk: 'a', sk: 'a', text: '\ud800' }],
    ])('refuses %s', async (_, item) => {
      await expect(table.put(item, undefined, fresh())).rejects.toMatchObject({ code: 'TABLE_REJECTED' });
    });

    it('deletes an item, and again without complaint', async () => {
      const pk = newPk();
      await fill(pk, ['a', 'b']);
      await table.delete({ pk, sk: 'a' }, fresh());
      await table.delete({ pk, sk: 'a' }, fresh());
      await table.delete({ pk: newPk(), sk: 'a' }, fresh());
      expect(sksOf(await table.query({ pk, fromSk: ' ', toSk: '~' }, fresh()))).toEqual(['b']);
      await table.delete({ pk, sk: 'b' }, fresh());
      expect(await table.query({ pk, fromSk: ' ', toSk: '~' }, fresh())).toEqual([]);
    });

    it('scans every item once, across pages', async () => {
      const pks = [newPk(), newPk(), newPk()];
      for (const pk of pks) {
        for (const sk of ['1', '2']) await table.put({ pk, sk, body: 'y'.repeat(300_000) }, undefined, fresh());
      }
      const seen: string[] = [];
      for await (const item of table.scan(fresh())) if (pks.includes(item.pk)) seen.push(`${item.pk}/${item.sk}`);
      expect(seen.sort()).toEqual(pks.flatMap((pk) => [`${pk}/1`, `${pk}/2`]).sort());
    });

    it('does not change what it has handed out or taken in', async () => {
      const pk = newPk();
      const mine = { pk, sk: 'a', n: 1, bytes: Uint8Array.of(1) };
      await table.put(mine, undefined, fresh());
      mine.n = 2;
      mine.bytes[0] = 2;
      const before = await table.get({ pk, sk: 'a' }, fresh());
      await table.put({ pk, sk: 'a', n: 3 }, undefined, fresh());
      expect(before).toMatchObject({ pk, sk: 'a', n: 1 });
      expect(Buffer.from(before?.bytes as Uint8Array).toString('hex')).toBe('01');
    });

    it('ends every call at once when the deadline is already over', async () => {
      const key = { pk: newPk(), sk: 'a' };
      const over: CallOptions = { deadline: createDeadline(0, () => 0) };
      const range = { pk: key.pk, fromSk: 'a', toSk: 'z' };
      const expected = { code: 'DEADLINE_EXCEEDED' };
      await expect(table.get(key, over)).rejects.toMatchObject(expected);
      await expect(table.getAll([key], over)).rejects.toMatchObject(expected);
      await expect(table.put({ ...key }, undefined, over)).rejects.toMatchObject(expected);
      await expect(table.query(range, over)).rejects.toMatchObject(expected);
      await expect(table.delete(key, over)).rejects.toMatchObject(expected);
      await table.put({ ...key }, undefined, fresh());
      await expect(table.scan(over)[Symbol.asyncIterator]().next()).rejects.toMatchObject(expected);
    });
  });
}
