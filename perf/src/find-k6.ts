/** Finds k6: on PATH, in the ignored tool folder, or built there with Go. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const k6Version = 'v1.8.1';
const goPlaces = ['go', '/usr/local/go/bin/go'];

export interface FoundK6 {
  readonly path: string;
  /** Its own words, e.g. `k6 v1.8.1 (go1.26.8, linux/amd64)`. */
  readonly version: string;
}

/**
 * @param onProgress called while k6 is being built, which takes minutes
 * @throws {Error} one line that says how to install it
 */
export async function findK6(
  toolFolder: string,
  onProgress: (step: string) => void,
  signal: AbortSignal,
): Promise<FoundK6> {
  const built = join(toolFolder, 'k6');
  for (const path of ['k6', built]) {
    const version = versionOf(path);
    if (version !== undefined) return { path, version };
  }
  const go = goPlaces.find((path) => spawnSync(path, ['version']).status === 0);
  if (go === undefined)
    throw new Error(
      'k6 was not found: install it (https://grafana.com/docs/k6/latest/set-up/install-k6/), or Go, with which it is built here',
    );
  await build(go, toolFolder, onProgress, signal);
  const version = versionOf(built);
  if (version === undefined) throw new Error(`k6 was built but does not start: run ${built} version to see why`);
  return { path: built, version };
}

function versionOf(path: string): string | undefined {
  const asked = spawnSync(path, ['version'], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.trim().split('\n')[0] : undefined;
}

async function build(
  go: string,
  toolFolder: string,
  onProgress: (step: string) => void,
  signal: AbortSignal,
): Promise<void> {
  mkdirSync(toolFolder, { recursive: true });
  const startedMs = performance.now();
  const say = () =>
    onProgress(
      `building k6 ${k6Version} with Go (once, about 3 min): ${Math.round((performance.now() - startedMs) / 1_000)} s`,
    );
  say();
  const saying = setInterval(say, 1_000);
  const compiler = spawn(go, ['install', `go.k6.io/k6@${k6Version}`], {
    env: { ...process.env, GOBIN: toolFolder, GOFLAGS: '-trimpath' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
    killSignal: 'SIGINT', // by which Go also removes its temporary files
  });
  let complaints = '';
  compiler.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2_000);
  });
  const [code] = await once(compiler, 'close').finally(() => clearInterval(saying));
  if (code !== 0)
    throw new Error(
      `k6 could not be built; install it from https://grafana.com/docs/k6/latest/set-up/install-k6/ instead. Go said: ${complaints.trim()}`,
    );
}
