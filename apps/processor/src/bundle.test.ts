import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFunction, FUNCTION_NAMES } from '../bundle.ts';

const workspaceRoot = join(import.meta.dirname, '../../..');
// In the workspace, as `dist` is: the source maps' relative paths then show whatever is not relative.
mkdirSync(join(workspaceRoot, '.cache'), { recursive: true });
const folder = mkdtempSync(join(workspaceRoot, '.cache', 'bundles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hashesOf = (outdir: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    globSync('**/*.{mjs,map}', { cwd: outdir })
      .sort()
      .map((file) => [
        file,
        createHash('sha256')
          .update(readFileSync(join(outdir, file)))
          .digest('hex'),
      ]),
  );

const outdirs = (name: string) => [join(folder, `${name}-1`), join(folder, `${name}-2`)] as const;
const bundler = join(import.meta.dirname, '../bundle.ts');

/** Each twice, the second time in another process that was started elsewhere: nothing compiled is common to both. */
beforeAll(async () => {
  let again = `const { bundleFunction } = await import(${JSON.stringify(bundler)});`;
  for (const name of FUNCTION_NAMES) {
    const entry = join(import.meta.dirname, `${name}.ts`);
    const [first, second] = outdirs(name);
    await bundleFunction(entry, first);
    again += `await bundleFunction(${JSON.stringify(entry)}, ${JSON.stringify(second)});`;
  }
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', again], { cwd: '/' });
});

describe.each(FUNCTION_NAMES)('the bundle of the function %s', (name) => {
  const [first, second] = outdirs(name);

  it('has the same files with the same bytes when it is built again, from another working directory', () => {
    const hashes = hashesOf(first);
    expect(Object.keys(hashes)).toEqual(expect.arrayContaining(['index.mjs', 'index.mjs.map']));
    expect(hashesOf(second)).toEqual(hashes);
  });

  it('names no folder of the machine that built it', () => {
    const files = globSync('**/*', { cwd: first }).map((file) => join(first, file));
    expect(files.filter((file) => readFileSync(file, 'utf8').includes(workspaceRoot))).toEqual([]);
  });
});
