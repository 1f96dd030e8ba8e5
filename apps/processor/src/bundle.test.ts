import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
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

/** In a process of its own that was started elsewhere. */
async function bundleFromRoot(entry: string, outdir: string): Promise<void> {
  const bundler = join(import.meta.dirname, '../bundle.ts');
  const code = `const { bundleFunction } = await import(${JSON.stringify(bundler)}); await bundleFunction(${JSON.stringify(entry)}, ${JSON.stringify(outdir)});`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], { cwd: '/' });
}

describe.each(FUNCTION_NAMES)('the bundle of the function %s', (name) => {
  const [first, second] = [join(folder, `${name}-1`), join(folder, `${name}-2`)];

  it('has the same files with the same bytes when it is built again, from another working directory', async () => {
    const entry = join(import.meta.dirname, `${name}.ts`);
    await bundleFunction(entry, first);
    await bundleFromRoot(entry, second);
    const hashes = hashesOf(first);
    expect(Object.keys(hashes)).toEqual(expect.arrayContaining(['index.mjs', 'index.mjs.map']));
    expect(hashesOf(second)).toEqual(hashes);
  });

  it('names no folder of the machine that built it', () => {
    const files = globSync('**/*', { cwd: first }).map((file) => join(first, file));
    expect(files.filter((file) => readFileSync(file, 'utf8').includes(workspaceRoot))).toEqual([]);
  });
});
