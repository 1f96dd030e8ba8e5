/** How a function's bundle is made: ESM, minified, heavy parts in chunks of their own, source maps apart. */
import { rename, rm } from 'node:fs/promises';
import { relative } from 'node:path';
import typia from '@typia/unplugin/esbuild';
import { build } from 'esbuild';

export interface BundlePart {
  /** Relative to the bundle's folder. */
  readonly file: string;
  readonly bytes: number;
}

/**
 * Bundles the module `entry` into `outdir/index.mjs` and its chunks.
 * @throws {Error} with esbuild's messages
 */
export async function bundleFunction(entry: string, outdir: string): Promise<BundlePart[]> {
  const fresh = `${outdir}.${process.pid}`; // what runs from the old bundle keeps it until the new one is whole
  const { metafile } = await build({
    entryPoints: { index: entry },
    outdir: fresh,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'], // the SDK's ES modules: its CommonJS has no names for import() and cannot be shaken
    target: 'node24',
    minify: true,
    keepNames: true, // error names and stack traces are read by people
    sourcemap: 'external',
    metafile: true,
    logLevel: 'error',
    // Named, because the plugin would look for one from the working directory upwards.
    plugins: [
      typia({
        cache: false,
        log: false,
        include: [/\/validators\.ts$/], // the one kind of file that calls typia; each costs a compiler run
        tsconfig: `${import.meta.dirname}/tsconfig.json`,
      }),
    ],
    // CommonJS parts of dependencies call require(), which an ES module does not have.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  });
  await rm(outdir, { recursive: true, force: true });
  await rename(fresh, outdir);
  return Object.entries(metafile.outputs)
    .filter(([file]) => file.endsWith('.mjs'))
    .map(([file, { bytes }]) => ({ file: relative(fresh, file), bytes }));
}
