/** What may happen to the system. A history is its acts alone: the same acts, the same end. */
import assert from 'node:assert/strict';
import { berlinConsent, obukToken } from '@quartersec/sandbox-providers';
import { parseErasureKey, parseListKey } from '@quartersec/storage';
import type { Fault } from '../bank/fault.ts';
import { listFaults, plaidFaults } from './rows.ts';
import { signToken, type User } from './user.ts';
import { assertOwn, dismiss, indexOf, link, mendLogin, readFeed, remove } from './user-acts.ts';
import {
  anyWebhook,
  forgedWebhook,
  replayedWebhook,
  rotateKey,
  sendWebhook,
  tokenOfIndex,
  updates,
} from './webhook-acts.ts';
import { berlinIndex, obukIndex, type World } from './world.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Of a user, and the connection of it at its bank. */
interface Own {
  readonly user: User;
  readonly connectionId: string;
  readonly index: number;
}

const pick = <T>({ dice }: World, list: readonly T[]): T | undefined => list[dice.roll(Math.max(1, list.length))];

async function anyOwn(world: World, isPlaid = false): Promise<Own | undefined> {
  const all = world.people.flatMap((user) => [...user.connections].map((connectionId) => ({ user, connectionId })));
  const wanted = all.filter(({ connectionId }) => !isPlaid || !connectionId.startsWith('conn-'));
  const own = pick(world, wanted);
  const index = own && (await indexOf(world, own.connectionId));
  return own === undefined || index === undefined ? undefined : { ...own, index };
}

const anyUser = (world: World): User => pick(world, world.people) as User;

function tokenAtBank(index: number): string {
  if (index === obukIndex) return obukToken(index);
  return index === berlinIndex ? berlinConsent(index) : tokenOfIndex(index);
}

function plant(world: World, { index }: Own, fault: Fault): void {
  world.at.plant(tokenAtBank(index), fault);
}

/** The event of a webhook; of a bank that sends none, of its user. */
async function news(world: World, { user, connectionId, index }: Own): Promise<void> {
  if (index === obukIndex || index === berlinIndex)
    await world.ask(user.id, 'POST', `/v1/connections/${connectionId}/refresh`);
  else await sendWebhook(world, index, updates);
}

/** The timer's own messages, for the parts of the list that have a connection, or one that is being erased. */
export async function tick({ deadline, memory, queue }: World): Promise<void> {
  const shards = new Set<number>();
  for await (const item of memory.scan({ deadline: deadline() }))
    if (parseListKey(item) !== undefined || parseErasureKey(item) !== undefined)
      shards.add(Number(item.pk.replace(/\D/g, '')));
  for (const shard of [...shards].sort((one, other) => one - other))
    queue.send(JSON.stringify({ type: 'ScheduleDue', shard }), 0);
}

/** Delivers what waits until nothing does. @throws {AssertionError} where it never ends */
export async function drain(world: World): Promise<void> {
  for (let rounds = 0; world.queue.size > 0; rounds += 1) {
    assert(rounds < 400, 'the queue never comes to rest');
    const nextEpochMs = world.queue.nextEpochMs() ?? 0;
    await world.time.wait(Math.max(0, nextEpochMs - world.time.nowEpochMs()));
    await world.work(10);
  }
}

/** With something to do for each connection it touches. */
const withOwn =
  (act: (world: World, own: Own) => Promise<void> | void, isPlaid = false) =>
  async (world: World): Promise<void> => {
    const own = await anyOwn(world, isPlaid);
    if (own !== undefined) await act(world, own);
  };

const acts = {
  link: (world) => link(world, anyUser(world), false),
  linkTwiceAtOnce: (world) => link(world, anyUser(world), true),
  linkOtherStandard: (world) =>
    world.linkByCode(anyUser(world), world.dice.roll(2) === 0 ? 'openbanking-uk' : 'berlin-group'),
  days: withOwn(({ banks, dice }, { index }) => banks.tellDays(index, 1 + dice.roll(3))),
  news: withOwn(news),
  async work(world) {
    await world.work(1 + world.dice.roll(10));
  },
  drain,
  /** Two invocations over different messages, or over the same ones where the first is slow. */
  async workAtOnce(world) {
    const isImpatient = world.dice.roll(2) === 0;
    for (let events = 0; events < 2; events += 1) {
      const own = await anyOwn(world);
      if (own !== undefined) await news(world, own);
    }
    if (isImpatient) world.weather.tableMs = 400;
    const one = world.work(1 + world.dice.roll(2), isImpatient);
    await world.time.wait(isImpatient ? 1_200 : world.dice.roll(60));
    const second = await Promise.all([one, world.work(10)]);
    world.weather.tableMs = 5;
    if (second[1] > 0) world.trace.saw(isImpatient ? 30 : 52);
  },
  anyWebhook: withOwn((world, { index }) => anyWebhook(world, index), true),
  forgedWebhook: withOwn((world, { index }) => forgedWebhook(world, index), true),
  replayedWebhook: withOwn((world, { index }) => replayedWebhook(world, index), true),
  rotatedKey: (world) => rotateKey(world),
  /** News while the bank is being read: another look must follow. */
  newsMeanwhile: withOwn(async (world, own) => {
    await news(world, own);
    const one = world.work(10);
    await world.time.wait(world.dice.roll(120));
    world.banks.tellDays(own.index, 1);
    await Promise.all([one, news(world, own)]);
    world.trace.saw(42);
  }),
  disturbed: withOwn(async (world, own) => {
    world.weather.changesDue.set(own.index, 1 + world.dice.roll(3));
    await news(world, own);
    await world.work(10);
  }),
  async wait({ dice, time }) {
    await time.wait([minuteMs, 20 * minuteMs, 7 * hourMs, 25 * hourMs][dice.roll(4)] ?? minuteMs);
  },
  async schedule(world) {
    await tick(world);
    await world.work(10);
  },
  refresh: withOwn(async (world, { user, connectionId }) => {
    await world.ask(user.id, 'POST', `/v1/connections/${connectionId}/refresh`);
  }),
  faulty: withOwn(async (world, own) => {
    const isList = own.index === obukIndex || own.index === berlinIndex;
    const fault = pick(world, isList ? listFaults : plaidFaults);
    if (fault === undefined) return;
    plant(world, own, { ...fault, times: 1 + world.dice.roll(6) });
    await news(world, own);
    await world.work(10);
  }),
  loggedOut: withOwn(async (world, own) => {
    plant(world, own, { kind: 'login-required' });
    await news(world, own);
    await world.work(10);
    await mendLogin(world, own.user, own.connectionId);
  }, true),
  remove: withOwn(async (world, { user, connectionId }) => {
    await remove(world, user, connectionId);
  }),
  removeMeanwhile: withOwn(async (world, own) => {
    await news(world, own);
    const one = world.work(10);
    await world.time.wait(world.dice.roll(240));
    await Promise.all([one, remove(world, own.user, own.connectionId)]);
  }),
  feed: (world) => readFeed(world, anyUser(world), 3),
  read: async (world) => {
    const user = anyUser(world);
    for (const target of ['/v1/connections', '/v1/accounts', '/v1/transactions?limit=20', '/v1/forecast']) {
      const { status, body } = await world.ask(user.id, 'GET', target);
      if (status === 200) assertOwn(world, user, body);
    }
  },
  dismiss: (world) => dismiss(world, anyUser(world)),
  /** Somebody asks for what is not theirs, or with a token that is none. */
  intruder: withOwn(async (world, { user, connectionId }) => {
    const other = world.people.find((each) => each !== user) as User;
    const path = `/v1/connections/${connectionId}`;
    const isRefused = async (method: string, target: string, as: number) => {
      const { status } = await world.ask(other.id, method, target);
      assert(status === as || status === 0 || status >= 500, `another user's ${method} ${target} gets ${status}`);
    };
    await isRefused('GET', path, 404);
    await isRefused('POST', `${path}/refresh`, 404);
    await isRefused('DELETE', path, 204); // no more than that there is none of theirs
    const forged = `Bearer ${signToken(user.id, world.time.nowEpochMs() + hourMs, new Uint8Array(32).fill(8))}`;
    const expired = `Bearer ${signToken(user.id, world.time.nowEpochMs() - hourMs)}`;
    for (const authorization of [forged, expired]) {
      const { status } = await world.ask(user.id, 'GET', '/v1/accounts', undefined, authorization);
      assert([0, 401].includes(status) || world.weather.skewMs !== 0, `a wrong token gets ${status}`);
    }
    world.trace.saw(53);
  }),
  crashing({ dice, weather }) {
    weather.crashInCalls = 1 + dice.roll(60);
  },
  throttled({ dice, weather }) {
    weather.throttlesDue = 1 + dice.roll(20);
  },
  lossy({ dice, weather }) {
    weather.lostPutsDue = 1 + dice.roll(6);
  },
  stale({ weather }) {
    weather.isStale = !weather.isStale;
  },
  queueRefuses({ dice, weather }) {
    weather.queueRefusalsDue = 1 + dice.roll(2);
  },
  twice({ dice, weather }) {
    weather.duplicatesDue = 1 + dice.roll(3);
  },
  clocksApart({ dice, trace, weather }) {
    weather.skewMs = (dice.roll(17) - 8) * minuteMs;
    if (weather.skewMs !== 0) trace.saw(40);
  },
  poison({ queue, trace }) {
    queue.send('{"connectionId": 5', 0);
    trace.saw(28);
  },
  async redrive(world) {
    world.queue.send('{"connectionId": 5', 0);
    await drain(world);
    if (world.queue.redrive() > 0) world.trace.saw(31);
  },
  coldStart: (world) =>
    world.coolDown((['process', 'connect', 'query', 'webhook'] as const)[world.dice.roll(4)] ?? 'query'),
} as const satisfies Record<string, (world: World) => Promise<void> | void>;

export type ActName = keyof typeof acts;
export const actNames = Object.keys(acts) as ActName[];

export interface SystemStep {
  readonly act: ActName;
  readonly seed: number;
}

/** Somebody is there before anything happens: with nobody, most acts are about nothing. */
export async function begin(world: World): Promise<void> {
  await world.time.until(link(world, anyUser(world), false));
}

export async function play(world: World, { act, seed }: SystemStep): Promise<void> {
  world.dice.begin(seed);
  world.trace.note(`act ${act}`);
  await world.time.until(Promise.resolve(acts[act](world)));
}
