import { describe, expect, it } from 'vitest';
import { readSteps } from './walk-steps.ts';

const block = (marker: string, script = 'npm start') =>
  `## Start\n\n<!-- walk: ${marker} -->\n\`\`\`sh\n${script}\n\`\`\`\n`;
const plain = { title: 'Start: npm start', script: 'npm start\n', expected: [], replacements: [] };

describe('readSteps', () => {
  it.each([
    ['run', { ...plain, kind: 'run' }],
    ['run expect "a b" expect "c"', { ...plain, kind: 'run', expected: ['a b', 'c'] }],
    ['run alert "RetriesExhausted"', { ...plain, kind: 'run', alert: 'RetriesExhausted' }],
    ['fails expect "no"', { ...plain, kind: 'fails', expected: ['no'] }],
    ['background until "runs at"', { ...plain, kind: 'background', expected: ['runs at'] }],
  ])('reads %s', (marker, step) => {
    expect(readSteps(block(marker))).toEqual([step]);
  });

  it('reads what is replaced by a printed address, and by that of the repository', () => {
    const [step] = readSteps(block('run replace "URL" after "runs at" replace "ADDRESS"', 'curl URL ADDRESS'));
    expect(step).toMatchObject({ replacements: [{ text: 'URL', after: 'runs at' }, { text: 'ADDRESS' }] });
  });

  it('keeps the order, and leaves out what is skipped', () => {
    const text = `${block('run', 'one')}${block('skip "needs an account"', 'two')}${block('run', 'three')}<!-- walk: ctrl-c -->\n`;
    expect(readSteps(text).map(({ title }) => title)).toEqual(['Start: one', 'Start: three', 'Start: Ctrl-C']);
  });

  it('takes no notice of blocks in other languages', () => {
    expect(readSteps('## A\n\n```text\n<!-- walk: run -->\n```\n')).toEqual([]);
  });

  it.each([
    ['## A\n```sh\nnpm start\n```\n', 'the block "npm start" under "A" has no walk comment'],
    ['<!-- walk: run -->\n', '"walk: run" has no sh block behind it'],
    ['<!-- walk: run -->\n<!-- walk: ctrl-c -->\n', '"walk: run" has no sh block behind it'],
    ['<!-- walk: run -->\n```json\n{}\n```\n', '"walk: run" stands before another block'],
    [block('rnu'), '"walk: rnu" is not known'],
    [block('run expect committed'), 'lacks a text in quotes'],
    [block('run until "x"'), 'until is not known here'],
    [block('fails'), 'does not say what must be printed'],
    [block('background'), 'does not say what must be printed'],
    [block('skip'), 'lacks a text in quotes'],
    [block('run replace "URL" after "runs at"'), 'URL is not in the block'],
  ])('refuses %j', (text, message) => {
    expect(() => readSteps(text)).toThrow(message);
  });
});
