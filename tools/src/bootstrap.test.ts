/** Runs the real bootstrap in a folder of its own, with an npm on PATH that only does what the test says. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { workspaceRoot } from './workspace-root.ts';

/** Stands for npm: notes how it was called, then installs a node as the real package does. */
const INSTALLING_NPM = `#!/bin/sh
echo "$@" >> "$NPM_CALLS"
[ "$1" = --version ] && exit 0
mkdir -p node_modules/.bin && ln -sf "$REAL_NODE" node_modules/.bin/node
`;
const noop = '#!/bin/sh\nexit 0\n';
const failingNpm = (lines: string) =>
  `#!/bin/sh\n[ "$1" = --version ] && exit 0\nprintf '%s\\n' "${lines}" >&2\nexit 1\n`;

/** For what a busy machine may take long for; nothing waits so long that has happened. */
const WAIT = { timeout: 60_000, interval: 50 };
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let children: ChildProcess[];

const inFolder = (...parts: string[]) => join(folder, ...parts);
const npmCalls = () =>
  existsSync(inFolder('calls'))
    ? readFileSync(inFolder('calls'), 'utf8')
        .split('\n')
        .filter((call) => call.startsWith('ci'))
    : [];

function npmDoes(script: string): void {
  writeFileSync(inFolder('path', 'npm'), script);
  chmodSync(inFolder('path', 'npm'), 0o755);
}

function start(script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): ChildProcess {
  writeFileSync(inFolder('script.ts'), script);
  const child = spawn(process.execPath, ['tools/bootstrap.mjs', 'script.ts', ...args], {
    cwd: folder,
    env: {
      PATH: `${inFolder('path')}:/usr/bin:/bin`,
      NPM_CALLS: inFolder('calls'),
      REAL_NODE: process.execPath,
      ...env,
    },
  });
  children.push(child);
  return child;
}

/** Everything that the child prints, as it comes. */
function listen(child: ChildProcess): { text: string } {
  const heard = { text: '' };
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (heard.text += chunk));
  return heard;
}

const heardOf = (child: ChildProcess) => {
  const heard = listen(child);
  return { text: () => heard.text };
};

async function run(...call: Parameters<typeof start>): Promise<{ readonly exitCode: number; readonly text: string }> {
  const child = start(...call);
  const heard = listen(child);
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, text: heard.text };
}

const isAlive = (pid: number) => {
  // A process that ended and that nobody has collected yet answers to signals, but is in state Z.
  const stat = `/proc/${pid}/stat`;
  if (existsSync('/proc/self/stat')) return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const pidIn = (text: string, name: string) => Number(new RegExp(`${name}=(\\d+)`).exec(text)?.[1]);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootstrap-'));
  children = [];
  mkdirSync(inFolder('tools', 'src'), { recursive: true });
  mkdirSync(inFolder('path'));
  copyFileSync(join(workspaceRoot, 'tools', 'bootstrap.mjs'), inFolder('tools', 'bootstrap.mjs'));
  copyFileSync(
    join(workspaceRoot, 'tools', 'src', 'end-with-parent.ts'),
    inFolder('tools', 'src', 'end-with-parent.ts'),
  );
  writeFileSync(inFolder('package.json'), '{"type":"module"}');
  writeFileSync(inFolder('package-lock.json'), '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');
  npmDoes(INSTALLING_NPM);
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('installing', () => {
  it('installs once, then is quiet until the lock file changes', async () => {
    const first = await run('');
    expect(first).toMatchObject({ exitCode: 0, text: expect.stringContaining('Installing the packages (once)') });
    expect(await run('')).toEqual({ exitCode: 0, text: '' });
    writeFileSync(inFolder('package-lock.json'), '{"packages":{"node_modules/a":{"version":"2.0.0"}}}');
    expect((await run('')).text).toContain('Packages changed');
    expect(npmCalls()).toEqual(Array(2).fill('ci --include=dev --no-progress --loglevel=error'));
  });

  it('takes over what a plain npm install has left', async () => {
    mkdirSync(inFolder('node_modules', '.bin'), { recursive: true });
    symlinkSync(process.execPath, inFolder('node_modules', '.bin', 'node'));
    copyFileSync(inFolder('package-lock.json'), inFolder('node_modules', '.package-lock.json'));
    expect(await run('')).toEqual({ exitCode: 0, text: '' });
    expect(npmCalls()).toEqual([]);
  });

  it('installs over packages of another version', async () => {
    mkdirSync(inFolder('node_modules'));
    writeFileSync(
      inFolder('node_modules', '.package-lock.json'),
      '{"packages":{"node_modules/a":{"version":"0.9.0"}}}',
    );
    await run('');
    expect(npmCalls()).toHaveLength(1);
  });

  it.each([
    ['npm error code ENOTFOUND', 'the npm registry cannot be reached'],
    ['npm error code ENOSPC', 'the disk is full'],
    ['npm error code EACCES', 'npm may not write here'],
    ['npm error code EUSAGE', 'package.json and package-lock.json do not agree'],
    ['npm error something new', 'its own words are above'],
  ])('says what is wrong and how to mend it: %s', async (words, remedy) => {
    npmDoes(failingNpm(words));
    const { exitCode, text } = await run('');
    expect(exitCode).toBe(1);
    expect(text).toContain(words);
    expect(text).toContain(remedy);
  });

  it('does not take a failed installation for a finished one', async () => {
    npmDoes(failingNpm('npm error code ENOSPC'));
    await run('');
    npmDoes(INSTALLING_NPM);
    expect((await run('process.stdout.write("ran")')).text).toContain('ran');
    expect(npmCalls()).toHaveLength(1);
  });

  it('names the remedy when npm ran no install scripts', async () => {
    npmDoes(noop);
    mkdirSync(inFolder('node_modules'));
    const { exitCode, text } = await run('');
    expect(exitCode).toBe(1);
    expect(text).toContain('npm rebuild node --ignore-scripts=false');
  });

  it('is done once when two commands begin at the same time: the other waits for it', async () => {
    npmDoes(`#!/bin/sh
[ "$1" = --version ] && exit 0
echo "$@" >> "$NPM_CALLS"
while [ ! -e "${inFolder('go')}" ]; do sleep 0.05; done
mkdir -p node_modules/.bin && ln -sf "$REAL_NODE" node_modules/.bin/node
`);
    const script = 'process.stdout.write("ran ");';
    const heard = [start(script), start(script)].map((child) => ({ ended: once(child, 'close'), ...heardOf(child) }));
    const all = () => heard.map(({ text }) => text()).join('');
    await vi.waitFor(() => expect(all()).toMatch(/Another command installs the packages \(process \d+\)/), WAIT);
    writeFileSync(inFolder('go'), '');
    for (const { ended } of heard) expect(await ended).toEqual([0, null]);
    expect(all().match(/ran /g)).toHaveLength(2);
    expect(npmCalls()).toHaveLength(1);
    expect(readdirSync(inFolder('.cache'))).toEqual([]);
  });

  it('takes over from one that was killed', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    mkdirSync(inFolder('.cache'));
    symlinkSync(String(gone), inFolder('.cache', 'installing'));
    expect(await run('process.stdout.write("ran")')).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining('ran'),
    });
    expect(readdirSync(inFolder('.cache'))).toEqual([]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'ended by %s says so in one line, ends npm and what it started, and gives up its turn',
    async (signal, exitCode) => {
      npmDoes(`#!/bin/sh
[ "$1" = --version ] && exit 0
sleep 600 &
echo "npm=$$ helper=$!" > "${inFolder('pids')}"
wait
`);
      const child = start('');
      const heard = listen(child);
      await vi.waitFor(() => expect(readFileSync(inFolder('pids'), 'utf8')).toMatch(/helper=\d+\n/), WAIT);
      child.kill(signal);
      expect(await once(child, 'close')).toEqual([exitCode, null]);
      expect(heard.text).toMatch(
        /\nquartersec: the installation was interrupted\. Run the command again: it starts over\.\n$/,
      );
      expect(heard.text).not.toContain('    at ');
      const pids = readFileSync(inFolder('pids'), 'utf8');
      await vi.waitFor(() => {
        expect(['npm', 'helper'].filter((name) => isAlive(pidIn(pids, name)))).toEqual([]);
      }, WAIT);
      expect(readdirSync(inFolder('.cache'))).toEqual([]);
    },
  );

  it('in a folder that cannot be written says so in one line', async () => {
    chmodSync(folder, 0o555);
    // Root may write everywhere: another user then takes its part.
    const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const child = spawn(process.execPath, ['tools/bootstrap.mjs', 'script.ts'], {
      cwd: folder,
      env: { PATH: `${inFolder('path')}:/usr/bin:/bin` },
      ...user,
    });
    children.push(child);
    const heard = listen(child);
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(heard.text).toMatch(/^quartersec: \S+ cannot be written \(EACCES\), .*: check who owns the folder, .*\n$/);
    chmodSync(folder, 0o755);
  });

  it('says where to get npm', async () => {
    rmSync(inFolder('path', 'npm'));
    const { exitCode, text } = await run('', [], { PATH: inFolder('path') });
    expect(exitCode).toBe(1);
    expect(text).toContain('npm was not found on PATH');
  });

  it('says which Node it needs', async () => {
    const pretend = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.0'})";
    const { exitCode, text } = await run('', [], { NODE_OPTIONS: `--import "${pretend}"` });
    expect(exitCode).toBe(1);
    expect(text).toContain('this is Node 18.20.0; quartersec needs Node 20 or newer');
  });
});

describe('running', () => {
  it('hands over arguments, exit code and a PATH that begins with the packages', async () => {
    const script =
      'process.stdout.write(JSON.stringify([process.argv.slice(2), process.env.PATH?.split(":")[0]])); process.exit(7);';
    await run('');
    const { exitCode, text } = await run(script, ['a b', '--c']);
    expect(exitCode).toBe(7);
    expect(JSON.parse(text)).toEqual([['a b', '--c'], inFolder('node_modules', '.bin')]);
  });

  it('passes one interrupt on once, however often it arrives, and ends as the script ends', { retry: 2 }, async () => {
    const child = start(`
      let interrupts = 0;
      process.on('SIGINT', () => { interrupts += 1; process.stdout.write('interrupted '); });
      process.on('SIGTERM', () => { process.stdout.write('count=' + interrupts); process.exit(5); });
      setInterval(() => {}, 1000);
      process.stdout.write('ready ');
    `);
    const heard = listen(child);
    // At once, as npm does it: polling would come too late for one key press.
    child.stdout?.on('data', (chunk) => {
      if (/ready|interrupted/.test(String(chunk))) child.kill('SIGINT');
      if (/interrupted/.test(String(chunk))) child.kill('SIGTERM');
    });
    const [exitCode] = await once(child, 'close');
    expect(heard.text).toContain('count=1');
    expect(exitCode).toBe(5);
  });

  it('reports a script that a signal ended as a shell would', async () => {
    expect(await run("process.kill(process.pid, 'SIGKILL')")).toMatchObject({ exitCode: 137 });
  });

  it('leaves no process behind that the script forgot', async () => {
    const { text } = await run(`
      import { spawn } from 'node:child_process';
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      process.stdout.write('child=' + child.pid);
      process.exit(0);
    `);
    expect(pidIn(text, 'child')).toBeGreaterThan(0);
    expect(isAlive(pidIn(text, 'child'))).toBe(false);
  });

  it('says an error that nobody caught in one line, with its place', async () => {
    await run('');
    expect(await run('setTimeout(() => { throw new Error("lost\\nand more"); });')).toEqual({
      exitCode: 1,
      text: expect.stringMatching(/^quartersec: lost \(at file:\S+script\.ts:1:\d+\)\n$/),
    });
  });

  it('ends with the signal’s exit code when the script ends in good order because of it', async () => {
    await run('');
    const child = start(
      "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); process.stdout.write('ready');",
    );
    child.stdout?.once('data', () => child.kill('SIGTERM'));
    expect(await once(child, 'close')).toEqual([143, null]);
  });

  describe.each(['npm', 'bootstrap', 'script'] as const)('as an npm script, ended by a kill of the %s', (victim) => {
    it.each(['SIGTERM', 'SIGKILL'] as const)('with %s leaves no process', async (signal) => {
      await run('');
      rmSync(inFolder('path', 'npm')); // the real one, from the machine's own PATH
      const { start: command = '' } = (
        JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
      ).scripts;
      const start = command.replace(/\S+\.ts$/, 'script.ts');
      writeFileSync(inFolder('package.json'), JSON.stringify({ type: 'module', scripts: { start } }));
      writeFileSync(
        inFolder('script.ts'),
        `import { spawn } from 'node:child_process';
         const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
         console.log('bootstrap=' + process.ppid + ' script=' + process.pid + ' child=' + child.pid + ' ready');
         setInterval(() => {}, 1000);`,
      );
      const npm = spawn('npm', ['start'], {
        cwd: folder,
        env: { ...process.env, npm_config_update_notifier: 'false' },
      });
      children.push(npm);
      const heard = listen(npm);
      await vi.waitFor(() => expect(heard.text).toContain(' ready\n'), WAIT);
      const pids = ['bootstrap', 'script', 'child'].map((name) => pidIn(heard.text, name));
      const ended = once(npm, 'exit');
      process.kill(victim === 'npm' ? (npm.pid ?? 0) : pidIn(heard.text, victim), signal);
      const [exitCode] = await ended;
      if (signal === 'SIGTERM') expect(exitCode).toBe(143);
      await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), WAIT);
    });
  });

  it('ends the script when it is itself killed', async () => {
    const child = start("setInterval(() => {}, 1000); process.stdout.write('script=' + process.pid);");
    const heard = listen(child);
    await vi.waitFor(() => expect(heard.text).toMatch(/script=\d+/), 200_000);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pidIn(heard.text, 'script'))).toBe(false), 200_000);
  });
});
