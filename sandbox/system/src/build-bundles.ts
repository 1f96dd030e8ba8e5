/** Makes the functions' bundles from the sources as they are now. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** @throws {Error} with the bundler's own words */
export async function buildBundles(): Promise<void> {
  const script = fileURLToPath(new URL('../../../apps/processor/build.ts', import.meta.url));
  const build = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  build.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const [code] = await once(build, 'exit');
  if (code !== 0) throw new Error(`the bundles could not be built:\n${complaints}`);
}
