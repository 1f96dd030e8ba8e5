#!/usr/bin/env node
/**
 * The first thing that runs, on whatever Node the machine has (20 or newer), before anything is installed:
 * `node tools/bootstrap.mjs <script.ts> [arguments]`. Plain JavaScript, no dependencies.
 * It installs the packages when package-lock.json changed since the last time, then runs the script on the
 * Node 24 that came with them, first on PATH, and stands aside: terminal, signals and exit code are the script's.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const OLDEST_NODE_MAJOR = 20;
const BUNDLED_NODE_MAJOR = 24;
const PLAIN_PROGRESS_INTERVAL_MS = 15_000;
const SAME_KEYPRESS_MS = 1_000; // the terminal and npm both pass one Ctrl-C on
const SWEEP_GRACE_MS = 2_000;
const LOCK_POLL_MS = 200;
const PARENT_POLL_MS = 500;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const bin = join(modules, '.bin');
const bundledNode = join(bin, 'node');
const lockFile = join(root, 'package-lock.json');
const marker = join(modules, '.quartersec-installed');
const installLock = join(root, '.cache', 'installing');

const say = (text) => process.stderr.write(`${text}\n`);

class Unfit extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

const exitCodeOf = (signal) => 128 + constants.signals[signal];
const isDenied = (error) => ['EACCES', 'EPERM', 'EROFS'].includes(error.code);

/** What a failed `npm ci` most likely died of, and what to do about it: first match wins. */
const REMEDIES = [
  [
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH)\b/,
    'the npm registry cannot be reached. Check the network, the proxy and `npm config get registry`, then run the command again.',
  ],
  [
    /\bSELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET)|CERT_/,
    'the certificate of the npm registry is not trusted. Behind a proxy that inspects TLS, set NODE_EXTRA_CA_CERTS to its certificate.',
  ],
  [/\bE40[13]\b/, 'the npm registry refuses access. Log in with `npm login`, or check `npm config get registry`.'],
  [
    /\b(E404|ETARGET)\b/,
    'the npm registry does not have a package of package-lock.json. Check `npm config get registry`: a mirror may lag behind.',
  ],
  [/\b(ENOSPC|EDQUOT)\b/, 'the disk is full. The packages need about 1 GB; free some space and run the command again.'],
  [
    /\b(EACCES|EPERM|EROFS)\b/,
    "npm may not write here. Check who owns this folder and npm's cache (`npm config get cache`); an earlier run with sudo often is the cause.",
  ],
  [/\bEINTEGRITY\b/, 'a downloaded package is damaged. Run `npm cache clean --force`, then the command again.'],
  [
    /\bEUSAGE\b|in sync|Missing: .* from lock file/,
    'package.json and package-lock.json do not agree. Run `npm install` and commit package-lock.json with package.json.',
  ],
];

const BLOCKED_SCRIPTS = `the packages are installed, but node_modules/.bin/node is not Node ${BUNDLED_NODE_MAJOR}: npm did not run the install script of the package "node", which puts it there.
  mend it:  npm rebuild node --ignore-scripts=false --foreground-scripts
  see why:  npm config get ignore-scripts   (true blocks every install script; package.json allows the ones this project needs)`;

function digest() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} `);
  return hash.update(readFileSync(lockFile)).digest('hex');
}

/** npm's own record of what it installed, against the lock file: so that a plain `npm install` is not repeated. */
function matchesLock() {
  try {
    const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
    const found = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages;
    return Object.entries(wanted)
      .filter(([path]) => path.includes('node_modules/'))
      .every(([path, entry]) => {
        const other = found[path];
        if (other === undefined) return entry.optional === true;
        return other.version === entry.version && other.integrity === entry.integrity && other.link === entry.link;
      });
  } catch {
    return false;
  }
}

function isInstalled() {
  if (!existsSync(modules)) return false;
  const wanted = digest();
  const recorded = existsSync(marker) ? readFileSync(marker, 'utf8').trim() : '';
  if (recorded === wanted) return true;
  if (!matchesLock()) return false;
  try {
    writeFileSync(marker, `${wanted}\n`);
  } catch (error) {
    if (!isDenied(error)) throw error; // it only spares this comparison the next time
  }
  return true;
}

function bundledNodeMajor() {
  const asked = spawnSync(bundledNode, ['--version'], { encoding: 'utf8' });
  return asked.status === 0 ? Number(/^v(\d+)/.exec(asked.stdout)?.[1]) : undefined;
}

function requireMachine() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE_MAJOR) {
    throw new Unfit(
      `this is Node ${process.versions.node}; quartersec needs Node ${OLDEST_NODE_MAJOR} or newer to begin (it brings its own Node ${BUNDLED_NODE_MAJOR} for the rest).\n` +
        '  get it:  https://nodejs.org, or your package manager or version manager (`nvm install 24`)',
    );
  }
  if (process.platform === 'win32')
    throw new Unfit('Windows alone is not supported. Run it inside WSL: https://learn.microsoft.com/windows/wsl');
}

function requireNpm() {
  const asked = spawnSync('npm', ['--version'], { encoding: 'utf8', cwd: root });
  if (asked.error === undefined && asked.status === 0) return;
  throw new Unfit(
    'npm was not found on PATH. It comes with Node (https://nodejs.org); Debian and Ubuntu package it apart: `apt-get install npm`',
  );
}

/** One live line on a terminal; elsewhere a plain line now and then, so that a log shows that it lives. */
function showProgress(title) {
  const startedMs = Date.now();
  const elapsedSeconds = () => Math.round((Date.now() - startedMs) / 1000);
  const live = process.stderr.isTTY === true;
  if (!live) say(`${title} ...`);
  const timer = live
    ? setInterval(() => process.stderr.write(`\r${title} ... ${elapsedSeconds()} s `), 200)
    : setInterval(() => say(`${title} ... ${elapsedSeconds()} s`), PLAIN_PROGRESS_INTERVAL_MS);
  return (outcome) => {
    clearInterval(timer);
    if (live) process.stderr.write('\r\x1b[K');
    say(`${title}: ${outcome} after ${elapsedSeconds()} s`);
  };
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** @returns the process that installs; 0 when nobody does */
function installingPid() {
  try {
    return Number(readlinkSync(installLock));
  } catch (error) {
    if (error.code === 'ENOENT') return 0;
    throw error;
  }
}

/**
 * One installation at a time. The lock is a symbolic link to our process id: it is made in one step, and whoever finds it knows
 * whether its owner lives. @returns whether it is ours now
 */
function takeInstallLock() {
  try {
    mkdirSync(dirname(installLock), { recursive: true });
    symlinkSync(String(process.pid), installLock);
    return true;
  } catch (error) {
    if (isDenied(error))
      throw new Unfit(
        `${root} cannot be written (${error.code}), and the packages must be installed there: check who owns the folder, or clone it to a place that is yours.`,
      );
    if (error.code !== 'EEXIST') throw error;
  }
  const pid = installingPid();
  if (pid === 0 || isAlive(pid)) return false;
  // Left by a killed one. Of two that find it, one may already have taken it over: what is moved aside is looked at again.
  const aside = `${installLock}.${process.pid}`;
  try {
    renameSync(installLock, aside);
    if (Number(readlinkSync(aside)) !== pid) symlinkSync(readlinkSync(aside), installLock);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
  return false;
}

/** Another command may be installing in the same folder: its result is waited for, and is then ours as well. */
async function installOnce() {
  let finish;
  while (!takeInstallLock()) {
    const pid = installingPid();
    finish ??= showProgress(`Another command installs the packages (process ${pid}), waiting for it`);
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
  finish?.('over');
  try {
    if (isInstalled()) return requireBundledNode();
    await install();
    requireBundledNode();
    writeFileSync(marker, `${digest()}\n`);
  } finally {
    rmSync(installLock, { force: true });
  }
}

async function install() {
  requireNpm();
  rmSync(marker, { force: true });
  const finish = showProgress(
    existsSync(modules) ? 'Packages changed, installing them anew' : 'Installing the packages (once)',
  );
  // Before npm starts: a signal that comes at once must find them.
  let interruptedBy;
  const stop = (signal) => {
    interruptedBy ??= signal;
    if (groupLives(npm.pid)) process.kill(-npm.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, stop);
  // --include=dev: NODE_ENV=production would leave out the Node, the compiler and the test runner.
  const npm = spawn('npm', ['ci', '--include=dev', '--no-progress', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, so that the packages' install scripts end with it
  });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk) => (output += chunk));
  const watching = watchParent(() => stop('SIGTERM'));
  const code = await new Promise((resolve, reject) => {
    npm.on('error', reject);
    npm.on('exit', () => sweep(npm.pid)); // what it started would keep its output open
    npm.on('close', (code, signal) => resolve(code ?? exitCodeOf(signal)));
  });
  for (const signal of signals) process.off(signal, stop);
  clearInterval(watching);
  if (interruptedBy !== undefined) {
    finish('interrupted');
    throw new Unfit(
      'the installation was interrupted. Run the command again: it starts over.',
      exitCodeOf(interruptedBy),
    );
  }
  finish(code === 0 ? 'done' : 'failed');
  if (code === 0) return;
  const remedy = REMEDIES.find(([pattern]) => pattern.test(output))?.[1];
  const [facts = ''] = output.split(/^.*Clean install a project$/m); // what follows is npm's own usage text
  say(facts.trim().split('\n').slice(-30).join('\n'));
  throw new Unfit(
    `npm could not install the packages: ${remedy ?? 'its own words are above. `npm ci` in this folder shows them again.'}`,
  );
}

/** npm passes SIGINT and SIGTERM on to us. When it ends in any other way, as by SIGKILL, we only see that we have another parent. */
function watchParent(onGone) {
  const parentPid = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return undefined; // a shell may end before what it has started
  return setInterval(() => {
    if (process.ppid !== parentPid) onGone();
  }, PARENT_POLL_MS);
}

function requireBundledNode() {
  if (bundledNodeMajor() === BUNDLED_NODE_MAJOR) return;
  throw new Unfit(BLOCKED_SCRIPTS);
}

const groupLives = (pid) => {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** What the script started and did not stop, if anything, ends with it. */
async function sweep(pid) {
  if (!groupLives(pid)) return;
  process.kill(-pid, 'SIGTERM');
  const untilMs = Date.now() + SWEEP_GRACE_MS;
  while (groupLives(pid) && Date.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 50));
  if (groupLives(pid)) process.kill(-pid, 'SIGKILL');
}

/**
 * Runs the script in a process group of its own. Only this process then hears the terminal's Ctrl-C (npm passes
 * a second one on) and hands exactly one to the script. The pipe on descriptor 3 closes when this process
 * is gone for whatever reason, and `end-with-parent.ts` then ends the script.
 */
function run(script, args) {
  const preload = pathToFileURL(join(root, 'tools', 'src', 'end-with-parent.ts')).href;
  let lastInterruptMs = 0;
  let stoppedBy;
  const pass = (signal) => {
    if (signal === 'SIGINT') {
      if (Date.now() - lastInterruptMs < SAME_KEYPRESS_MS) return;
      lastInterruptMs = Date.now();
    }
    if (['SIGINT', 'SIGTERM', 'SIGHUP'].includes(signal)) stoppedBy ??= signal;
    child.kill(signal);
  };
  // Before the script starts: a signal that comes at once must find them.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGWINCH', 'SIGUSR2']) process.on(signal, pass);
  const child = spawn(bundledNode, ['--import', preload, script, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    detached: true,
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
      QUARTERSEC_PARENT_PID: String(process.pid),
    },
  });
  const watching = watchParent(() => {
    clearInterval(watching);
    pass('SIGTERM');
  });
  process.on('SIGTSTP', () => {
    process.kill(-child.pid, 'SIGSTOP');
    process.kill(process.pid, 'SIGSTOP');
  });
  process.on('SIGCONT', () => process.kill(-child.pid, 'SIGCONT'));
  child.on('error', (error) => {
    say(`quartersec: ${bundledNode} does not start: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', async (code, signal) => {
    await sweep(child.pid);
    // A script that ended in good order because it was told to has not done what it was called for.
    process.exit(code === 0 && stoppedBy !== undefined ? exitCodeOf(stoppedBy) : (code ?? exitCodeOf(signal)));
  });
}

const USAGE = `usage: node tools/bootstrap.mjs <script.ts> [arguments]
       node tools/bootstrap.mjs --install
Installs the packages when needed, then runs the script, if any, on the Node that came with them.`;

const [script, ...args] = process.argv.slice(2);
try {
  if (script === undefined || script === '--help') {
    say(USAGE);
    process.exit(script === undefined ? 2 : 0);
  }
  requireMachine();
  if (isInstalled()) requireBundledNode();
  else await installOnce();
  if (script !== '--install') run(script, args);
} catch (error) {
  say(`quartersec: ${error.message}`);
  process.exit(error instanceof Unfit ? error.exitCode : 1);
}
