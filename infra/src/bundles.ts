/** Where the processor's bundles are, made new when anything that they come from has changed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Bundles } from './system-stack.ts';

const root = join(import.meta.dirname, '../..');

export const bundles: Bundles = {
  process: join(root, 'apps/processor/dist/process'),
  query: join(root, 'apps/processor/dist/query'),
  connect: join(root, 'apps/processor/dist/connect'),
  webhook: join(root, 'apps/processor/dist/webhook'),
};

/** The workspace's own build, whose cache answers when nothing has changed. @throws {Error} with its words */
export async function buildBundles(): Promise<void> {
  const build = spawn('nx', ['run', '@quartersec/processor:build'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  for (const stream of [build.stdout, build.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      words += chunk.toString();
    });
  }
  const [code] = await once(build, 'exit');
  if (code !== 0) throw new Error(`the bundles could not be built:\n${words}`);
}
