/** The way from an environment to the simulated providers: the real HTTP client, with time and losses of the simulation. */
import { createHttpClient, type HttpClient, ProviderError } from '@quartersec/providers';
import { type ChangeKind, type SimulatedAnswer, tellBadDays } from '@quartersec/sandbox-providers';
import { type FullRead, fullReadOf } from '../bank/bank-reads.ts';
import type { Dice } from '../bank/dice.ts';
import { createInProcessTransport, inProcessUrl } from '../bank/in-process-transport.ts';
import type { SimulatorAtHand } from '../bank/simulator-at-hand.ts';
import { rowOfFault } from './rows.ts';
import type { Trace } from './trace.ts';
import type { Weather } from './weather.ts';

/** The banks as they were asked: what the oracle has to know. */
export interface AskedBanks {
  readonly changes: Set<ChangeKind>;
  /** Reads from the empty cursor, by connection at the bank. */
  readonly fullReads: Map<number, FullRead[]>;
  tellDays(index: number, days: number): void;
}

export interface ProviderWorld {
  readonly at: SimulatorAtHand;
  readonly banks: AskedBanks;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly weather: Weather;
}

const rowOfChange: Partial<Record<ChangeKind, number>> = {
  modify: 15,
  restore: 16,
  post: 17,
  churn: 18,
  open: 57,
  move: 61,
};

export function createAskedBanks({ bank }: SimulatorAtHand, dice: Dice, trace: Trace): AskedBanks {
  const changes = new Set<ChangeKind>();
  return {
    changes,
    fullReads: new Map(),
    tellDays(index, days) {
      for (const { change } of tellBadDays(bank, index, { days, seed: dice.roll(1_000_000) })) {
        changes.add(change);
        const row = rowOfChange[change];
        if (row !== undefined) trace.saw(row);
      }
    },
  };
}

/** @returns the connection at the bank that a call is of; `undefined` for one of none */
function indexOf(headers: Readonly<Record<string, unknown>>, body: string): number | undefined {
  const named =
    /"access_token":"access-sandbox-(\d+)"/.exec(body) ??
    /obuk-sandbox-(\d+)/.exec(String(headers.authorization)) ??
    /berlin-sandbox-(\d+)/.exec(String(headers['consent-id']));
  return named === null ? undefined : Number(named[1]);
}

/**
 * @param on runs one call of an environment: it may never come back
 * @param nowEpochMs of the environment
 */
export function createSimulatedHttp(
  world: ProviderWorld,
  {
    call: on,
    wait,
    nowEpochMs,
  }: {
    call<Result>(what: string, work: () => Promise<Result>): Promise<Result>;
    wait(ms: number): Promise<void>;
    nowEpochMs(): number;
  },
): HttpClient {
  const { at, banks, dice, trace, weather } = world;
  let answered: SimulatedAnswer | undefined;

  function answer(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): SimulatedAnswer {
    const index = indexOf(headers, body);
    const isPage = url.endsWith('/transactions/sync') || url.includes('/transactions');
    const due = index === undefined ? 0 : (weather.changesDue.get(index) ?? 0);
    if (index !== undefined && isPage && due > 0) {
      weather.changesDue.set(index, due - 1);
      banks.tellDays(index, 1);
    }
    const given = at.simulator.answer(method, url, headers, body);
    answered = given;
    trace.note(`provider ${method} ${url} of ${index ?? 'none'} -> ${given.status} ${given.outcome}`);
    const row = rowOfFault(given.outcome);
    if (row !== undefined) trace.saw(row);
    if (index !== undefined && url.endsWith('/transactions/sync') && !/"cursor":"./.test(body)) {
      const reads = banks.fullReads.get(index) ?? [];
      banks.fullReads.set(index, [...reads, fullReadOf(at.bank.holds(index))]);
    }
    // What would end by a timer of the machine ends by the simulation's.
    const isEndless = given.manner.way === 'never' || given.manner.way === 'byte-by-byte';
    return isEndless ? { ...given, manner: { way: 'reset' } } : given;
  }

  const transport = createInProcessTransport({
    answer: (method, url, headers, body) => answer(method, url, headers as Record<string, string>, body),
  });
  const client = createHttpClient({ provider: 'plaid', allowedOrigins: [inProcessUrl], nowEpochMs, transport });
  return {
    send: (call, limits) =>
      on(`provider ${call.method}`, async () => {
        const timeoutMs = Math.min(limits.attemptTimeoutMs, limits.deadline.remainingMs());
        const sentMs = 5 + dice.roll(40);
        await wait(sentMs);
        answered = undefined;
        const result = client.send(call, limits);
        const { manner, delayMs } = answered ?? { manner: { way: 'whole' }, delayMs: 0 };
        const isEndless = manner.way === 'never' || manner.way === 'byte-by-byte';
        const backMs = isEndless ? Number.POSITIVE_INFINITY : delayMs + 5 + dice.roll(80);
        const settled = await result.then(
          (given) => ({ given }),
          (error: unknown) => ({ error }),
        );
        const isLate = sentMs + backMs > timeoutMs;
        await wait(isLate ? Math.max(0, timeoutMs - sentMs) : backMs);
        if (isLate) {
          trace.saw(4);
          throw new ProviderError('TIMEOUT', { provider: 'plaid' });
        }
        if ('error' in settled) throw settled.error;
        return settled.given;
      }),
    close() {},
  };
}
