import { expect, it } from 'vitest';
import { createLineWriter } from './stdout-lines.ts';

it('writes lines of the same moment at once and loses none', async () => {
  const written: string[] = [];
  const writeLine = createLineWriter((text) => written.push(text));
  writeLine('one');
  writeLine('two');
  await null;
  writeLine('three');
  await null;
  expect(written).toEqual(['one\ntwo\n', 'three\n']);
});
