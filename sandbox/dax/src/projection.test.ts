import { describe, expect, it } from 'vitest';
import { CborWriter } from './cbor-writer.ts';
import type { DocumentPath } from './expression.ts';
import { fetchedPaths, readProjection, writeProjected } from './projection.ts';
import { hex } from './testing/hex.ts';

const item = {
  pk: { S: 'all' },
  l: { L: [{ S: 'x' }, { S: 'y' }, { S: 'z' }] },
  m: { M: { a: { M: { b: { S: 'b' } } } } },
  'with.dot': { N: '1' },
};
const compiled = (paths: readonly DocumentPath[]) => {
  const writer = new CborWriter().arrayHeader(2).integer(1).arrayHeader(paths.length);
  for (const path of paths) {
    writer.arrayHeader(path.length + 1).integer(18);
    for (const element of path) {
      if (typeof element === 'string') writer.text(element);
      else writer.tag(3324).integer(element);
    }
  }
  return writer.finish();
};
const projected = (paths: readonly DocumentPath[]) => {
  const writer = new CborWriter();
  writeProjected(writer, item, readProjection(compiled(paths)) ?? []);
  return writer.finish();
};

describe('projections', () => {
  it('give values by the place of their path, without those that lead nowhere', () => {
    const paths = [['l', 2], ['l', 0], ['m', 'a', 'b'], ['nope'], ['pk']] as const;
    expect(projected(paths)).toEqual(hex('a4 00 61"z" 01 61"x" 02 61"b" 04 63"all"'));
  });

  it.each([[['l', 'a']], [['m', 0]], [['l', 9]], [['pk', 'x']], [['toString']], [['m', 'constructor']]] as const)(
    'find nothing at %j',
    (path) => {
      expect(projected([path])).toEqual(hex('a0'));
    },
  );

  it('tell a dot in a name from a step', () => {
    expect(projected([['with.dot']])).toEqual(hex('a1 00 01'));
  });

  it.each([
    [
      [['a'], ['a']],
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]',
    ],
    [[['a'], ['a', 'b']], 'overlap'],
    [
      [['a', 'b', 0], ['a']],
      'overlap with each other; must remove or rewrite one of these paths; path one: [a, b, [0]], path two: [a]',
    ],
    [
      [
        ['a', 0],
        ['a', 'b'],
      ],
      'conflict',
    ],
  ] as const)('%j are refused in the words of DynamoDB', (paths, message) => {
    expect(() => readProjection(compiled(paths))).toThrow(
      expect.objectContaining({ code: 'ValidationException', message: expect.stringContaining(message) }),
    );
  });

  it('are fetched up to the first place in a list, each once', () => {
    expect(
      fetchedPaths([
        ['l', 2],
        ['l', 0],
        ['m', 'a', 1, 'c'],
        ['x', 'y'],
      ]),
    ).toEqual([['l'], ['m', 'a'], ['x', 'y']]);
  });
});
