/** Makes the bundles of all functions, as they are deployed, under `dist/`. */
import { bundleFunction, FUNCTION_NAMES } from './bundle.ts';

for (const name of FUNCTION_NAMES) {
  const parts = await bundleFunction(`${import.meta.dirname}/src/${name}.ts`, `${import.meta.dirname}/dist/${name}`);
  const sizes = parts.map(({ file, bytes }) => `${file} ${Math.round(bytes / 1024)} KB`);
  process.stdout.write(`${name}: ${sizes.join(', ')}\n`);
}
