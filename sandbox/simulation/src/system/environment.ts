/**
 * One Lambda environment: ports through which every call of a function goes. It may die at each of them, before or after the call has
 * had its effect: then nothing of it happens any more, as with a killed process.
 */
import { type FunctionPorts, ProcessorError } from '@quartersec/processor/testing';
import { StorageError, type Table, type TableItem } from '@quartersec/storage';
import { inProcessUrl } from '../bank/in-process-transport.ts';
import { createSimulatedHttp, type ProviderWorld } from './simulated-provider.ts';
import type { SimulatedQueue } from './simulated-queue.ts';
import { shortHash } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface FunctionWorld extends ProviderWorld {
  readonly time: VirtualTime;
  /** Shared by all environments; old and lost answers included. */
  readonly table: Table;
  readonly queue: SimulatedQueue;
  /** What all functions have written to their logs. */
  readonly logged: string[];
  newId(): string;
}

export interface Environment {
  readonly ports: FunctionPorts;
  readonly isAlive: boolean;
  kill(why: string): void;
  /** @returns `undefined` when the environment has died over it */
  run<Result>(work: Promise<Result>): Promise<Result | undefined>;
}

export const tokenSecret: Uint8Array = new Uint8Array(32).fill(7);
const never = new Promise<never>(() => {});
const isLog = ({ sk }: { readonly sk: string }) => sk.startsWith('LOG#');

export function createEnvironment(world: FunctionWorld, name: string): Environment {
  const { time, dice, trace, weather, queue } = world;
  const dead = Promise.withResolvers<undefined>();
  let isAlive = true;

  function kill(why: string): void {
    if (!isAlive) return;
    isAlive = false;
    trace.note(`${name} dies ${why}`);
    trace.saw(33);
    trace.saw(51);
    dead.resolve(undefined);
  }

  function passCrash(what: string): boolean {
    if (!isAlive) return false;
    if (weather.crashInCalls > 0) {
      weather.crashInCalls -= 1;
      if (weather.crashInCalls === 0) kill(what);
    }
    return isAlive;
  }

  /** Nothing comes back to an environment that has died meanwhile. */
  async function call<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    if (!passCrash(`before ${what}`)) return never;
    let result: Result;
    try {
      result = await work();
    } catch (error) {
      if (!isAlive) return never;
      throw error;
    }
    return passCrash(`after ${what}`) ? result : never;
  }

  const wait = async (ms: number): Promise<void> => {
    await time.wait(ms);
    if (!isAlive) await never;
  };

  async function tableCall<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    return call(what, async () => {
      const takesMs = 1 + dice.roll(weather.tableMs);
      await wait(takesMs);
      if (weather.throttlesDue > 0 && dice.roll(2) === 0) {
        weather.throttlesDue -= 1;
        trace.saw(34);
        if (dice.roll(4) === 0) throw new StorageError('TABLE_THROTTLED', { operation: what });
        await wait(20 + dice.roll(200));
      }
      if (weather.tableMs > 100) trace.saw(75);
      const result = await work();
      trace.note(`${name} ${what} -> ${shown(result)}`);
      await wait(takesMs);
      return result;
    });
  }

  const tableOf = (isCache: boolean): Table => {
    const of = world.table;
    const at = isCache ? 'cache' : 'table';
    return {
      get: (key, options) => tableCall(`${at} get ${key.pk} ${key.sk}`, () => of.get(key, options)),
      getAll: (keys, options) => tableCall(`${at} get ${keys.length} items`, () => of.getAll(keys, options)),
      put: (item, condition, options) =>
        tableCall(`${at} put ${item.pk} ${item.sk} ${contentHash(item)}`, async () => {
          const answer = await of.put(item, condition, options);
          if (answer === 'refused' && isLog(item)) trace.saw(35);
          return answer;
        }),
      query: (range, options) => tableCall(`${at} query ${range.pk} ${range.fromSk}`, () => of.query(range, options)),
      delete: (key, options) => tableCall(`${at} delete ${key.pk} ${key.sk}`, () => of.delete(key, options)),
      scan: (options) => of.scan(options),
    };
  };

  const send = (body: object, delayMs: number, correlationId: string) =>
    call('queue send', async () => {
      await wait(2 + dice.roll(10));
      const isRefused = weather.queueRefusalsDue > 0;
      const isTaken = !isRefused || dice.roll(2) === 0;
      if (isTaken) queue.send(JSON.stringify(body), delayMs);
      if (isTaken && weather.duplicatesDue > 0) {
        weather.duplicatesDue -= 1;
        trace.saw(24);
        queue.send(JSON.stringify(body), delayMs);
      }
      if (!isRefused) return;
      weather.queueRefusalsDue -= 1;
      trace.saw(43);
      throw new ProcessorError('QUEUE_UNAVAILABLE', { correlationId });
    });

  const nowEpochMs = () => time.nowEpochMs() + weather.skewMs;
  const ports: FunctionPorts = {
    table: tableOf(false),
    cache: tableOf(true),
    queue: {
      // `queuedEpochMs` and `handedOutEpochMs` are the queue's own, and no part of a message.
      send: ({ queuedEpochMs: _, handedOutEpochMs: __, ...event }, _provider, delayMs) =>
        send(event, delayMs, event.correlationId),
      sendDue: (message) => send(message, 0, 'schedule'),
    },
    http: createSimulatedHttp(world, { call, wait, nowEpochMs }),
    banks: {
      plaid: inProcessUrl,
      openBankingUk: `${inProcessUrl}/open-banking/v3.1/aisp`,
      berlinGroup: `${inProcessUrl}/berlin-group/psd2/v1`,
    },
    plaidKeys: { clientId: 'client-sandbox', secret: 'secret-sandbox' },
    tokenSecret,
    seal,
    open,
    nowMs: time.nowMs,
    nowEpochMs,
    sleep: (ms) => call('sleep', () => wait(ms)),
    afterMs: time.timer,
    random: () => dice.roll(1_000) / 1_000,
    newId: world.newId,
    writeLine(line) {
      if (!isAlive) return;
      world.logged.push(line);
      trace.note(line);
    },
    outside: time.outside,
    inside: time.inside,
  };

  return {
    ports,
    get isAlive() {
      return isAlive;
    },
    kill,
    run: (work) => Promise.race([work, dead.promise]),
  };
}

const sealPattern = /^sealed<([^>]*)>(.*)$/s;

/** Says whose it is, and turns the text, so that one in the clear is seen where none belongs. */
export function seal(text: string, connectionId: string): string {
  return `sealed<${connectionId}>${Buffer.from(text).toString('hex')}`;
}

function open(sealed: string, connectionId: string): string {
  const [, of, hex = ''] = sealPattern.exec(sealed) ?? [];
  if (of !== connectionId) throw new StorageError('TOKEN_UNREADABLE', { connectionId });
  return Buffer.from(hex, 'hex').toString();
}

function contentHash(item: TableItem): string {
  const values = Object.entries(item).map(([name, value]) =>
    value instanceof Uint8Array ? `${name}:${shortHash(value)}` : `${name}:${value}`,
  );
  return shortHash(values.sort().join('\n'));
}

function shown(result: unknown): string {
  if (result === undefined) return 'nothing';
  if (typeof result === 'string') return result;
  if (Array.isArray(result)) return `${result.length} items`;
  return 'an item';
}
