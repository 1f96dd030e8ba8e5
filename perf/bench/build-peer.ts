/** Makes the Go peer's binary. Go's own cache makes a second build a matter of seconds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rename } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../peer-go', import.meta.url));

export interface Peer {
  readonly path: string;
  /** E.g. `go1.26.8`. */
  readonly goVersion: string;
}

/** @throws {Error} with Go's own words, or saying where to get Go */
export async function buildPeer(): Promise<Peer> {
  const folder = `${source}/dist`;
  await mkdir(folder, { recursive: true });
  const path = `${folder}/bootstrap`;
  const fresh = `${path}-${process.pid}`;
  // As AWS advises for `provided.al2023`: without the RPC of the retired go1.x runtime, without symbols.
  await go(['build', '-buildvcs=false', '-trimpath', '-tags', 'lambda.norpc', '-ldflags', '-s -w', '-o', fresh, '.']);
  await rename(fresh, path); // at once: whoever starts it meanwhile gets the old one or the new one, whole
  return { path, goVersion: (await go(['env', 'GOVERSION'])).trim() };
}

async function go(args: readonly string[]): Promise<string> {
  const child = spawn('go', args, {
    cwd: source,
    env: { ...process.env, CGO_ENABLED: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let complaints = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const [code] = await once(child, 'close').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Error('the Go peer needs Go 1.26 or newer on PATH: https://go.dev/dl');
    throw error;
  });
  if (code !== 0) throw new Error(`the Go peer could not be built (go ${args[0]}):\n${complaints}`);
  return output;
}
