import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const module = new URL('./heap-growth.ts', import.meta.url).href;

/** As an environment does: much that stays, little of each round that stays for a while, in turns with the event loop. */
const script = `
  if (process.argv[1] === 'grow') (await import(${JSON.stringify(module)})).letHeapGrow(0);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const kept = Array.from({ length: 400_000 }, (_, index) => ({ index, text: 'x' + index }));
  const recent = [];
  process.stdout.write('kept');
  for (let round = 0; round < 2_000; round += 1) {
    for (let each = 0; each < 3_000; each += 1) recent[(round * 3_000 + each) % 150_000] = { round, each, list: [each] };
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (kept.length + recent.length === 0) throw new Error('nothing was kept');
`;

function wholeMarks(mode: string): number {
  const flags = ['--max-old-space-size=460', '--trace-gc', '--input-type=module', '--eval', script, mode];
  const [, behind = ''] = execFileSync(process.execPath, flags, { encoding: 'utf8' }).split('kept');
  return behind.split('Mark-Compact').length - 1;
}

it('marks the whole heap less often than V8 would', () => {
  const [grown, plain] = [wholeMarks('grow'), wholeMarks('plain')];
  expect(plain).toBeGreaterThan(4);
  expect(grown).toBeLessThan(0.75 * plain);
});
