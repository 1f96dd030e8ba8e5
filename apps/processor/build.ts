/** Bundles each function as it is deployed: ESM, minified, heavy parts in chunks of their own, source maps apart. */
import { rm } from 'node:fs/promises';
import { relative } from 'node:path';
import typia from '@typia/unplugin/esbuild';
import { build } from 'esbuild';

const functions = ['process', 'query'];
const root = import.meta.dirname;

for (const name of functions) {
  const outdir = `${root}/dist/${name}`;
  await rm(outdir, { recursive: true, force: true });
  const result = await build({
    entryPoints: { index: `${root}/src/${name}.ts` },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    keepNames: true, // error names and stack traces are read by people
    sourcemap: 'external',
    metafile: true,
    plugins: [typia({ cache: false, log: false })],
    // CommonJS parts of dependencies call require(), which an ES module does not have.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  });
  const sizes = Object.entries(result.metafile.outputs)
    .filter(([file]) => file.endsWith('.mjs'))
    .map(([file, { bytes }]) => `${relative(outdir, file)} ${Math.round(bytes / 1024)} KB`);
  process.stdout.write(`${name}: ${sizes.join(', ')}\n`);
}
