/** How a function's bundle is made: ESM, minified, heavy parts in chunks of their own, source maps apart. */
import { rename, rm } from 'node:fs/promises';
import { relative } from 'node:path';
import typia from '@typia/unplugin/esbuild';
import { build, type Plugin } from 'esbuild';

export interface BundlePart {
  /** Relative to the bundle's folder. */
  readonly file: string;
  readonly bytes: number;
}

/**
 * Node's own modules, without asking for all their names. An `import` of `node:http` reads every one of its exports, and a few
 * of those are getters that load the whole of undici (WebSocket, CloseEvent): 40 ms of a cold start instead of 2, for classes
 * that nobody here uses. So the bundle takes the module object instead, and only what is used of it is read.
 */
const builtinsWithoutNames: Plugin = {
  name: 'builtins-without-names',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

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
    // Lambda hands a function its credentials, and `compose` hands them on: the DAX client's search through profiles, SSO
    // and metadata services is a tenth of the bundle that never runs.
    alias: {
      '@aws-sdk/credential-providers': `${import.meta.dirname}/src/no-credential-search.ts`,
      '@aws-sdk/credential-provider-node': `${import.meta.dirname}/src/no-credential-search.ts`,
    },
    sourcemap: 'external',
    metafile: true,
    logLevel: 'error',
    // Named, because the plugin would look for one from the working directory upwards.
    plugins: [
      builtinsWithoutNames,
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
