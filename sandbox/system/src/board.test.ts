import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Board, type BoardOptions, startBoard } from './board.ts';

const modulePath = fileURLToPath(new URL('./fixtures/board.ts', import.meta.url));
const patient = { timeout: 200_000 };
let said: string[];
let board: Board | undefined;

beforeEach(() => {
  said = [];
});

afterEach(async () => {
  await board?.close();
  vi.unstubAllEnvs();
});

async function start(options: Partial<BoardOptions> = {}): Promise<Board> {
  const say = (line: string) => void said.push(line);
  board = await startBoard({
    modulePath,
    systemUrl: 'http://127.0.0.1:9',
    port: 0,
    say,
    restartAfterMs: 0,
    ...options,
  });
  return board;
}

async function ask({ url }: Board): Promise<Record<string, unknown>> {
  return (await (await fetch(url)).json()) as Record<string, unknown>;
}

/** Ends the board's process and waits until another answers in its place. */
async function dieAndComeBack(running: Board): Promise<void> {
  const before = running.pid();
  await expect(fetch(`${running.url}/die`)).rejects.toThrow();
  await vi.waitFor(async () => expect((await ask(running)).pid).not.toBe(before), patient);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('tells the board which system it shows, and nothing of the shell that would show another or is secret', async () => {
  vi.stubEnv('PROMETHEUS_URL', 'http://127.0.0.1:9090');
  vi.stubEnv('PLAID_SECRET', 'secret');
  const running = await start();
  expect(await ask(running)).toEqual({
    SYSTEM_URL: 'http://127.0.0.1:9',
    PROMETHEUS_URL: '',
    PLAID_SECRET: '',
    pid: running.pid(),
  });
});

it('starts a board that died again, at the same address, and says so in one line each time', async () => {
  const running = await start();
  await dieAndComeBack(running);
  await dieAndComeBack(running);
  expect(said).toEqual([
    'the board ended (code 3 told to die): starting it again, 1 of 3',
    'the board ended (code 3 told to die): starting it again, 2 of 3',
  ]);
});

it('gives up after the third time and says that the system goes on', async () => {
  const running = await start();
  for (let time = 0; time < 3; time += 1) await dieAndComeBack(running);
  await expect(fetch(`${running.url}/die`)).rejects.toThrow();
  await vi.waitFor(() => expect(said).toHaveLength(4), patient);
  expect(said[3]).toBe(
    'the board ended (code 3 told to die) and stays down; the system goes on: http://127.0.0.1:9/metrics',
  );
  await expect(fetch(running.url)).rejects.toThrow();
});

it('ends the board when it is closed, without starting another', async () => {
  const running = await start();
  const pid = running.pid();
  await running.close();
  expect(isAlive(pid)).toBe(false);
  await expect(fetch(running.url)).rejects.toThrow();
  expect(said).toEqual([]);
});

it('leaves no board behind when it is closed while one is being started again', async () => {
  const running = await start({ restartAfterMs: 600_000 });
  await expect(fetch(`${running.url}/die`)).rejects.toThrow();
  await vi.waitFor(() => expect(isAlive(running.pid())).toBe(false), patient);
  await running.close();
  await expect(fetch(running.url)).rejects.toThrow();
  expect(said).toEqual([]);
});

it("rejects with the board's own words when it does not start at all", async () => {
  const absent = fileURLToPath(new URL('./fixtures/no-such-board.ts', import.meta.url));
  await expect(start({ modulePath: absent })).rejects.toThrow(/no-such-board\.ts ended with code 1: .*/s);
});
