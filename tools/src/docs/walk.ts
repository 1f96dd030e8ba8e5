/** Takes the steps of a page in a terminal, one after the other, and says of each how long it took. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Running, Terminal } from './terminal.ts';
import type { Replacement, RunStep, Step } from './walk-steps.ts';

export interface WalkOptions {
  readonly terminal: Terminal;
  /** Where the reader would clone from. */
  readonly repository: string;
  /** How soon an alert must be visible on the board. */
  readonly alertWithinMs: number;
  readonly stepLimitMs: number;
  readonly onStep: (title: string) => void;
}

export interface StepResult {
  readonly title: string;
  readonly tookMs: number;
  /** From the beginning of the step to the alert on the board. */
  readonly alertAfterMs?: number;
  readonly problem?: string;
}

const POLL_MS = 200;
const ANSWER_LIMIT_MS = 5_000;
/** By itself, or as shells report an interrupted command. */
const INTERRUPTED: readonly (number | string | null)[] = [0, 130, 'SIGINT'];
const ADDRESS = /https?:\/\/[\w.:-]+/;

/** Ends at the first step that goes wrong: the reader would be lost there too. */
export async function walk(steps: readonly Step[], options: WalkOptions): Promise<readonly StepResult[]> {
  const { terminal, repository, alertWithinMs, stepLimitMs, onStep } = options;
  const results: StepResult[] = [];
  let background: Running | undefined;
  const addresses = () => [...new Set(background?.output().match(new RegExp(ADDRESS, 'g')))];

  function fill({ script, replacements }: RunStep): string {
    return replacements.reduce((filled, { text, after }) => filled.replaceAll(text, addressOf(text, after)), script);
  }

  function addressOf(text: string, after: Replacement['after']): string {
    if (after === undefined) return repository;
    const printed = background?.output() ?? '';
    const at = printed.indexOf(after);
    const address = at === -1 ? undefined : ADDRESS.exec(printed.slice(at + after.length))?.[0];
    if (address === undefined) throw new Error(`no address was printed behind "${after}", for ${text}`);
    return address;
  }

  async function take(step: Step): Promise<Pick<StepResult, 'alertAfterMs'>> {
    if (step.kind === 'ctrl-c') {
      if (background === undefined) throw new Error('nothing runs that Ctrl-C could end');
      const known = addresses();
      const { ending, left } = await background.interrupt(stepLimitMs);
      background = undefined;
      if (!INTERRUPTED.includes(ending)) throw new Error(`Ctrl-C: ended with ${ending}`);
      if (left.length > 0) throw new Error(`Ctrl-C left processes behind: ${left.join(', ')}`);
      const open = await Promise.all(known.map(answers));
      const stillOpen = known.filter((_, index) => open[index]);
      if (stillOpen.length > 0) throw new Error(`Ctrl-C left ports open: ${stillOpen.join(', ')}`);
      return {};
    }
    const script = fill(step);
    if (step.kind === 'background') {
      if (background !== undefined) throw new Error('something runs in the background already');
      background = terminal.start(script);
      await background.printed(step.expected, stepLimitMs);
      return {};
    }
    // An alert that fires already would be seen at once, and prove nothing.
    if (step.alert !== undefined && (await statusOf(step.alert, addresses())) === 'firing')
      throw new Error(`${step.alert} was firing before this step`);
    const startedMs = performance.now();
    const { code, output } = await terminal.run(script, stepLimitMs);
    if (step.kind === 'run' && code !== 0) throw new Error(`exit code ${code}`);
    if (step.kind === 'fails' && code === 0) throw new Error('it was to fail, and did not');
    const missing = step.expected.filter((text) => !output.includes(text));
    if (missing.length > 0) throw new Error(`did not print ${missing.join(', ')}`);
    if (step.alert === undefined) return {};
    return { alertAfterMs: await untilFiring(step.alert, addresses(), startedMs, alertWithinMs) };
  }

  for (const step of steps) {
    onStep(step.title);
    const startedMs = performance.now();
    const tookMs = () => Math.round(performance.now() - startedMs);
    try {
      const facts = await take(step);
      results.push({ title: step.title, tookMs: tookMs(), ...facts });
    } catch (error) {
      results.push({ title: step.title, tookMs: tookMs(), problem: (error as Error).message });
      break;
    }
  }
  return results;
}

interface Snapshot {
  readonly alerts?: readonly { readonly name?: string; readonly status?: string }[];
}

/** @returns ms from `startedMs` until one of the addresses shows the alert as firing. @throws {Error} when none does in time */
async function untilFiring(
  alert: string,
  addresses: readonly string[],
  startedMs: number,
  withinMs: number,
): Promise<number> {
  for (;;) {
    const status = await statusOf(alert, addresses);
    const afterMs = Math.round(performance.now() - startedMs);
    if (status === 'firing') return afterMs;
    if (afterMs > withinMs) throw new Error(`${alert} did not fire within ${withinMs} ms: it is ${status}`);
    await sleep(POLL_MS);
  }
}

/** What the boards among the addresses say; a board lists what has fired, and nothing else. */
async function statusOf(alert: string, addresses: readonly string[]): Promise<string> {
  const snapshots = await Promise.all(addresses.map(snapshotOf));
  const boards = snapshots.flatMap((snapshot) => snapshot?.alerts ?? []);
  if (snapshots.every((snapshot) => snapshot?.alerts === undefined)) return 'on no board';
  return boards.find(({ name }) => name === alert)?.status ?? 'not shown';
}

/** @returns `undefined` from an address that is no board, or answers no more */
async function snapshotOf(address: string): Promise<Snapshot | undefined> {
  try {
    const response = await fetch(`${address}/snapshot.json`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    return response.ok ? ((await response.json()) as Snapshot) : undefined;
  } catch {
    return undefined;
  }
}

function answers(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
