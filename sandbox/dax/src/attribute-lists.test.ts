import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AttributeLists } from './attribute-lists.ts';

let stateDirectory: string;
beforeEach(() => {
  stateDirectory = mkdtempSync(join(tmpdir(), 'dax-lists-'));
});
afterEach(() => rmSync(stateDirectory, { recursive: true, force: true }));

const limitBytes = 1_000_000;
const file = () => join(stateDirectory, 'attribute-lists.jsonl');

describe('attribute lists', () => {
  it('reserve 1 for no names', () => {
    const lists = new AttributeLists({ limitBytes });
    expect(lists.idOf([])).toBe(1);
    expect(lists.namesOf(1)).toEqual([]);
  });

  it('give one id to one sequence, in this process and in the next', () => {
    const ids = [1, 2].map(() => {
      const lists = new AttributeLists({ limitBytes });
      return [lists.idOf(['a', 'b']), lists.idOf(['b', 'a']), lists.idOf(['a', 'b'])];
    });
    const [ab, ba, again] = ids[0] as [number, number, number];
    expect(ids[1]).toEqual([ab, ba, again]);
    expect(again).toBe(ab);
    expect(ba).not.toBe(ab);
    expect(ab).toBeGreaterThan(2 ** 32);
    expect(ab).toBeLessThan(2 ** 52);
  });

  it('do not mix up names that look alike when joined', () => {
    const lists = new AttributeLists({ limitBytes });
    expect(lists.idOf(['a,b'])).not.toBe(lists.idOf(['a', 'b']));
  });

  it('survive a restart', () => {
    const id = new AttributeLists({ limitBytes, stateDirectory }).idOf(['a', 'ü', '"']);
    expect(new AttributeLists({ limitBytes, stateDirectory }).namesOf(id)).toEqual(['a', 'ü', '"']);
  });

  it('survive a crash in the middle of a line', () => {
    const first = new AttributeLists({ limitBytes, stateDirectory }).idOf(['a']);
    appendFileSync(file(), '[12345,["cu');
    const second = new AttributeLists({ limitBytes, stateDirectory }).idOf(['b']);
    const lists = new AttributeLists({ limitBytes, stateDirectory });
    expect([lists.namesOf(first), lists.namesOf(second), lists.namesOf(12_345)]).toEqual([['a'], ['b'], undefined]);
  });

  it('keep an id that the file gives to other names', () => {
    const own = new AttributeLists({ limitBytes }).idOf(['a']);
    writeFileSync(file(), `[${own},["taken"]]\n["x",1]\n`);
    const lists = new AttributeLists({ limitBytes, stateDirectory });
    const id = lists.idOf(['a']);
    expect(id).not.toBe(own);
    expect(lists.namesOf(own)).toEqual(['taken']);
    expect(readFileSync(file(), 'utf8')).toContain(`[${id},["a"]]`);
  });

  it('end at their limit instead of filling the memory', () => {
    const lists = new AttributeLists({ limitBytes: 2_000 });
    const fill = () => {
      for (let index = 0; index < 100; index += 1) lists.idOf([`name ${index}`]);
    };
    expect(fill).toThrow(expect.objectContaining({ code: 'LimitExceededException' }));
    expect(lists.bytes).toBeLessThanOrEqual(2_200);
  });

  it('say what to do when their folder cannot be used', () => {
    writeFileSync(file(), '');
    expect(() => new AttributeLists({ limitBytes, stateDirectory: file() })).toThrow(
      expect.objectContaining({
        code: 'STATE_UNUSABLE',
        message: expect.stringContaining('choose another state directory'),
      }),
    );
  });
});
