/** Users with connections at several banks, the functions between them, and all that these run on: one process, one virtual clock. */
import {
  createSimulatedConnect,
  createSimulatedProcess,
  createSimulatedQuery,
  createSimulatedWebhook,
  type FunctionPorts,
} from '@quartersec/processor/testing';
import { berlinConsent, obukToken } from '@quartersec/sandbox-providers';
import { createDeadline } from '@quartersec/sla';
import { createFaultyTable, createJournal, createMemoryTable, linkConnection, type Table } from '@quartersec/storage';
import { createDice } from '../bank/dice.ts';
import { createSimulatorAtHand } from '../bank/simulator-at-hand.ts';
import { createEnvironment, type Environment, type FunctionWorld, seal } from './environment.ts';
import { createAskedBanks } from './simulated-provider.ts';
import { createSimulatedQueue, sqsRecord } from './simulated-queue.ts';
import { createTrace, shortHash } from './trace.ts';
import { createUser, signToken, type User } from './user.ts';
import { createVirtualTime } from './virtual-time.ts';
import { createWeather } from './weather.ts';

/** At the bank: one of Open Banking and one of the Berlin Group; the others are Plaid's. */
export const obukIndex = 0;
export const berlinIndex = 1;
const plaidFrom = 2;
const bankConnections = 12;
const users = ['user-a', 'user-b', 'user-c'] as const;
const functionTimeoutMs = 30_000;

export interface WorldOptions {
  readonly seed: number;
  /** For tests of the simulation itself: a defect put into the table of the functions. */
  readonly plant?: (table: Table) => Table;
  /** For tests of the simulation itself: drawn from outside, and put into the trace. */
  readonly leak?: () => string;
}

const makers = {
  process: createSimulatedProcess,
  connect: createSimulatedConnect,
  query: createSimulatedQuery,
  webhook: createSimulatedWebhook,
} as const satisfies Record<string, (ports: FunctionPorts) => unknown>;

type FunctionName = keyof typeof makers;
type Handler<Name extends FunctionName> = ReturnType<(typeof makers)[Name]>;

interface Living<Name extends FunctionName> {
  readonly environment: Environment;
  readonly handler: Handler<Name>;
}

export async function createWorld({ seed, plant = (table) => table, leak }: WorldOptions) {
  const time = createVirtualTime();
  const dice = createDice();
  dice.begin(seed);
  const trace = createTrace(time.nowMs);
  const weather = createWeather();
  let ids = 0;
  // A UUID, which some banks want their callers' ids to be.
  const newId = () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`;
  const settings = { connections: bankConnections, linkFrom: plaidFrom, historyTransactions: 12, published: 0 };
  const at = createSimulatorAtHand({ ...settings, seed, nowEpochMs: time.nowEpochMs, newId });
  const memory = createMemoryTable();
  const faulty = createFaultyTable(memory, {
    nextPutFault() {
      if (weather.lostPutsDue === 0 || dice.roll(2) > 0) return undefined;
      weather.lostPutsDue -= 1;
      trace.saw(36);
      return dice.roll(2) === 0 ? 'lost-before' : 'lost-after';
    },
    nextStaleness() {
      const ago = weather.isStale ? dice.roll(3) : 0;
      if (ago > 0) trace.saw(39);
      return ago;
    },
  });
  const queue = createSimulatedQueue({ dice, trace, nowEpochMs: time.nowEpochMs });
  const logged: string[] = [];
  const banks = createAskedBanks(at, dice, trace);
  const functions: FunctionWorld = {
    ...{ time, dice, trace, weather, at, banks, queue, logged, newId },
    table: plant(faulty),
  };
  const free: { [Name in FunctionName]: Living<Name>[] } = { process: [], connect: [], query: [], webhook: [] };
  let environments = 0;

  function take<Name extends FunctionName>(name: Name): Living<Name> {
    const known = free[name].pop();
    if (known !== undefined) return known;
    environments += 1;
    const environment = createEnvironment(functions, `${name}-${environments}`);
    return { environment, handler: makers[name](environment.ports) as Handler<Name> };
  }

  /** One invocation: an environment that is free, or a new one. @returns `undefined` when it died over it */
  async function invoke<Name extends FunctionName, Result>(
    name: Name,
    work: (handler: Handler<Name>, leftMs: () => number) => Promise<Result>,
  ): Promise<Result | undefined> {
    const living = take(name);
    const { environment } = living;
    const untilMs = time.nowMs() + functionTimeoutMs;
    const timeout = time.timer(functionTimeoutMs);
    void timeout.elapsed.then(() => environment.kill('by its timeout'));
    const result = await environment.run(work(living.handler, () => Math.max(0, untilMs - time.nowMs())));
    timeout.cancel();
    if (environment.isAlive) free[name].push(living);
    return result;
  }

  const deadline = () => createDeadline(600_000, time.nowMs);
  const journal = createJournal({ table: memory });

  const people = users.map(createUser);
  if (leak !== undefined) trace.note(leak());

  return {
    ...functions,
    memory,
    journal,
    people,
    deadline,
    invoke,
    /** Of a standard whose consent is given elsewhere. Each is given once, to the first that asks. */
    async linkByCode(user: User, provider: 'openbanking-uk' | 'berlin-group'): Promise<void> {
      const connectionId = `conn-${provider}`;
      if (people.some(({ connections, removed }) => connections.has(connectionId) || removed.has(connectionId))) return;
      const token = provider === 'openbanking-uk' ? obukToken(obukIndex) : berlinConsent(berlinIndex);
      const link = { connectionId, userId: user.id, provider, institutionId: 'ins_1', runId: newId() };
      const entry = { ...link, sealedToken: seal(token, connectionId), writtenEpochMs: time.nowEpochMs() };
      await linkConnection({ journal, table: memory }, entry, { deadline: deadline() });
      user.connections.add(connectionId);
    },

    /** All of them: what comes next finds none that is warm. */
    coolDown(name: FunctionName): void {
      free[name].length = 0;
    },

    /** One invocation of `process` over what the queue hands out. @returns how many messages it was given */
    async work(most: number, isImpatient = false): Promise<number> {
      const messages = queue.receive(most, isImpatient);
      if (messages.length === 0) return 0;
      trace.note(`process is given ${messages.map(({ id }) => id).join(' ')}`);
      const answer = await invoke('process', (handler, leftMs) =>
        handler({ Records: messages.map(sqsRecord) }, { awsRequestId: newId(), getRemainingTimeInMillis: leftMs }),
      );
      if (answer === undefined || !('batchItemFailures' in answer)) return messages.length;
      const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      if (failed.size > 0 && failed.size < messages.length) trace.saw(27);
      for (const message of messages) if (!failed.has(message.id)) queue.delete(message);
      return messages.length;
    },

    /** What a call of a user gets; status 0: no answer came. */
    async ask(userId: string, method: string, target: string, body?: object, authorization?: string): Promise<Answer> {
      const name = method === 'GET' ? 'query' : 'connect';
      const [rawPath = '', rawQueryString = ''] = target.split('?');
      const bearer = authorization ?? `Bearer ${signToken(userId, time.nowEpochMs() + 3_600_000)}`;
      const answer = await invoke(name, (handler) =>
        handler({
          rawPath,
          rawQueryString,
          headers: { authorization: bearer, ...(body !== undefined && { 'content-type': 'application/json' }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
          requestContext: { http: { method, sourceIp: '203.0.113.7' } } as never,
        }),
      );
      const status = answer === undefined ? 0 : (answer.statusCode ?? 200);
      const text = answer?.body ?? '';
      trace.note(`${userId} ${method} ${rawPath} -> ${status} ${shortHash(text)}`);
      return { status, text, body: text === '' ? {} : JSON.parse(text) };
    },

    /** What a sender of a webhook gets; status 0: no answer came. */
    async hook(body: string, token: string | undefined): Promise<number> {
      const answer = await invoke('webhook', (handler) =>
        handler({
          rawPath: '/webhooks/plaid',
          headers: token === undefined ? {} : { 'plaid-verification': token },
          body,
          isBase64Encoded: false,
          requestContext: { http: { method: 'POST' } },
        } as never),
      );
      const status = answer === undefined ? 0 : (answer.statusCode ?? 200);
      trace.note(`webhook -> ${status} ${answer?.body ?? ''}`);
      return status;
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what an app would parse
  readonly body: any;
}

export type World = Awaited<ReturnType<typeof createWorld>>;
