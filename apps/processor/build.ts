/**
 * Makes the bundles of all functions, as they are deployed, under `dist/`; with an entry and a folder, that one bundle: for
 * programs outside this package, which may use it only as files.
 */
import { bundleFunction, FUNCTION_NAMES } from './bundle.ts';

const [entry, folder] = process.argv.slice(2);
if (entry !== undefined && folder !== undefined) await bundleFunction(entry, folder);
else {
  for (const name of FUNCTION_NAMES) {
    const parts = await bundleFunction(`${import.meta.dirname}/src/${name}.ts`, `${import.meta.dirname}/dist/${name}`);
    const sizes = parts.map(({ file, bytes }) => `${file} ${Math.round(bytes / 1024)} KB`);
    process.stdout.write(`${name}: ${sizes.join(', ')}\n`);
  }
}
