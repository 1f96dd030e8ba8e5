/**
 * Samples where a running Node process spends its CPU, through Node's own inspector: it is opened by SIGUSR1, on loopback,
 * and closed again, so nothing has to be started differently to be looked at.
 * @see https://chromedevtools.github.io/devtools-protocol/v8/Profiler/
 */
import { setTimeout as sleepMs } from 'node:timers/promises';
import type { CpuProfile } from './profile-shares.ts';

/** Node's default; so one process at a time. */
const inspectorUrl = 'http://127.0.0.1:9229/json/list';
const openWithinMs = 5_000;
const lookAgainMs = 50;
const sampleEveryMicroseconds = 500;

/** @throws {Error} when the process does not open its inspector, or another one holds the port */
export async function profileProcess(pid: number, forMs: number): Promise<CpuProfile> {
  if (await findTarget()) throw new Error(`port 9229 is taken by another inspector`);
  process.kill(pid, 'SIGUSR1');
  const url = await openedTarget(pid);
  const session = await connectTo(url);
  try {
    await session.ask('Profiler.enable');
    await session.ask('Profiler.setSamplingInterval', { interval: sampleEveryMicroseconds });
    await session.ask('Profiler.start');
    await sleepMs(forMs);
    const { profile } = await session.ask<{ profile: CpuProfile }>('Profiler.stop');
    return profile;
  } finally {
    // It blocks until nobody is connected any more: so after us.
    const close = `setTimeout(() => process.getBuiltinModule('node:inspector').close(), ${lookAgainMs})`;
    await session.ask('Runtime.evaluate', { expression: close });
    session.end();
    await untilClosed(pid);
  }
}

async function findTarget(): Promise<string | undefined> {
  try {
    const targets = (await (await fetch(inspectorUrl)).json()) as { webSocketDebuggerUrl: string }[];
    return targets[0]?.webSocketDebuggerUrl;
  } catch {
    return undefined; // nobody listens
  }
}

async function openedTarget(pid: number): Promise<string> {
  for (let waitedMs = 0; waitedMs < openWithinMs; waitedMs += lookAgainMs) {
    const url = await findTarget();
    if (url !== undefined) return url;
    await sleepMs(lookAgainMs);
  }
  throw new Error(`process ${pid} does not open its inspector`);
}

async function untilClosed(pid: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < openWithinMs; waitedMs += lookAgainMs) {
    if ((await findTarget()) === undefined) return;
    await sleepMs(lookAgainMs);
  }
  throw new Error(`process ${pid} does not close its inspector`);
}

interface Session {
  ask<Answer = unknown>(method: string, params?: object): Promise<Answer>;
  end(): void;
}

async function connectTo(url: string): Promise<Session> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  const failAll = () => {
    for (const { reject } of waiting.values()) reject(new Error('the inspector hung up'));
  };
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error(`no connection to ${url}`)));
  });
  socket.addEventListener('close', failAll);
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(String(data)) as {
      id?: number;
      result?: unknown;
      error?: { message: string };
    };
    const call = waiting.get(id ?? -1);
    waiting.delete(id ?? -1);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error.message));
  });
  return {
    ask: <Answer>(method: string, params: object = {}) =>
      new Promise<Answer>((resolve, reject) => {
        asked += 1;
        waiting.set(asked, { resolve: resolve as (answer: unknown) => void, reject });
        socket.send(JSON.stringify({ id: asked, method, params }));
      }),
    end: () => socket.close(),
  };
}
