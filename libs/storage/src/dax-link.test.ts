import { describe, expect, it } from 'vitest';
import type { DaxConnection } from './dax-client.ts';
import { createDaxLink, pauseCeilingMs } from './dax-link.ts';
import { type DynamoDbAnswer, deleteRequest, getRequest, putRequest } from './dynamodb-requests.ts';

const probe = getRequest('t', { pk: 'PROBE', sk: 'PROBE' }, true);
const request = getRequest('t', { pk: 'a', sk: 'HEAD' }, false);
const answer: DynamoDbAnswer = { Item: { pk: { S: 'a' } } };
const never = () => new Promise<DynamoDbAnswer>(() => {});
const named = (name: string, httpStatusCode?: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

type Reaction = () => Promise<DynamoDbAnswer>;
const answers: Reaction = async () => answer;

/** Connections one after the other; what each does with its probe, and then with each of its calls. */
function scripted(...scripts: readonly { readonly probe?: Reaction; readonly calls?: readonly Reaction[] }[]) {
  let nowMs = 0;
  const opened: { closed: boolean; calls: number }[] = [];
  const connect = async (): Promise<DaxConnection> => {
    const script = scripts[opened.length] ?? {};
    const state = { closed: false, calls: 0 };
    opened.push(state);
    return {
      send(sent) {
        if (sent === probe) return (script.probe ?? answers)();
        state.calls += 1;
        return (script.calls?.[state.calls - 1] ?? answers)();
      },
      close() {
        state.closed = true;
      },
    };
  };
  const reasons: string[] = [];
  const link = createDaxLink({
    connect,
    probe,
    nowMs: () => nowMs,
    random: () => 1,
    connectTimeoutMs: 20,
    onRefusedWrite: (reason) => void reasons.push(reason),
  });
  return {
    link,
    reasons,
    opened,
    pass(ms: number) {
      nowMs += ms;
    },
    kind: async () => (await link.send(request, 20)).kind,
  };
}

describe('pauseCeilingMs', () => {
  it.each([
    [1, 500],
    [2, 1_000],
    [5, 8_000],
    [40, 8_000],
  ])('after %i failures is %i ms', (failures, ceilingMs) => {
    expect(pauseCeilingMs(failures)).toBe(ceilingMs);
  });
});

describe('a link to DAX', () => {
  it('is not waited for while it is being made, and then answers', async () => {
    const { link, opened, kind } = scripted({});
    expect(await kind()).toBe('not-ready');
    expect(await link.connected()).toBe(true);
    expect(await link.send(request, 20)).toEqual({ kind: 'answered', answer });
    expect(opened).toEqual([{ closed: false, calls: 1 }]);
  });

  it('is not used before its probe has an answer, and closes one that has none', async () => {
    const { link, opened, kind } = scripted({ probe: never });
    expect(await link.connected()).toBe(false);
    expect(opened).toEqual([{ closed: true, calls: 0 }]);
    expect(await kind()).toBe('not-done');
  });

  it('ends a call that hangs as lost, throws the whole connection away, and tries another after a pause', async () => {
    const { link, opened, kind, pass } = scripted({ calls: [answers, never] });
    await link.connected();
    expect(await kind()).toBe('answered');
    expect(await kind()).toBe('lost');
    expect(opened[0]?.closed).toBe(true);
    pass(499);
    expect(await kind()).toBe('not-done');
    expect(opened).toHaveLength(1);
    pass(1);
    expect(await kind()).toBe('not-done'); // beside this call, not by it
    expect(await link.connected()).toBe(true);
    expect(await kind()).toBe('answered');
    expect(opened).toHaveLength(2);
  });

  it('pauses longer with each failure in a row, and no longer after an answer', async () => {
    const refused = () => Promise.reject(named('ConnectionException'));
    const { link, opened, kind, pass } = scripted({ probe: refused }, { probe: refused }, { calls: [answers, never] });
    await link.connected();
    pass(500);
    await link.connected();
    pass(999);
    await link.connected();
    expect(opened).toHaveLength(2);
    pass(1);
    expect(await link.connected()).toBe(true);
    expect(await kind()).toBe('answered');
    expect(await kind()).toBe('lost');
    pass(500);
    expect(await link.connected()).toBe(true);
    expect(opened).toHaveLength(4);
  });

  it('counts calls that hang together as one failure', async () => {
    const { link, opened, kind, pass } = scripted({ calls: [never, never, never] });
    await link.connected();
    expect(await Promise.all([kind(), kind(), kind()])).toEqual(['lost', 'lost', 'lost']);
    pass(500);
    expect(await link.connected()).toBe(true);
    expect(opened).toHaveLength(2);
  });

  it.each([
    ['ConditionalCheckFailedException', 400, 'refused'],
    ['ThrottlingException', 400, 'throttled'],
  ] as const)('keeps its connection when the table itself says %s', async (name, status, kindExpected) => {
    const { link, opened, kind } = scripted({ calls: [() => Promise.reject(named(name, status))] });
    await link.connected();
    expect(await kind()).toBe(kindExpected);
    expect(await kind()).toBe('answered');
    expect(opened).toEqual([{ closed: false, calls: 2 }]);
  });

  it.each([
    ['NoRouteException', undefined, 'not-done'],
    ['ConnectionException', undefined, 'lost'],
    ['AccessDeniedException', 400, 'rejected'],
  ] as const)('gives a connection up after %s', async (name, status, kindExpected) => {
    const { link, opened, kind } = scripted({ calls: [() => Promise.reject(named(name, status))] });
    await link.connected();
    expect(await kind()).toBe(kindExpected);
    expect(opened[0]?.closed).toBe(true);
    expect(await kind()).toBe('not-done');
  });

  it('keeps its connection where a write is not allowed: reads go on, and the reason is told once', async () => {
    const denied = () => Promise.reject(named('AccessDeniedException', 400));
    const { link, opened, kind, reasons } = scripted({ calls: [denied, denied] });
    await link.connected();
    const item = { pk: 'a', sk: 'b' };
    expect(await link.send(putRequest('t', item, undefined), 20)).toEqual({ kind: 'rejected' });
    expect(await link.send(deleteRequest('t', item), 20)).toEqual({ kind: 'rejected' });
    expect(await kind()).toBe('answered');
    expect(opened).toEqual([{ closed: false, calls: 3 }]);
    expect(reasons).toEqual(['AccessDeniedException']);
  });

  it('closes a connection that comes after its time', async () => {
    const { promise, resolve } = Promise.withResolvers<DaxConnection>();
    const closed = Promise.withResolvers<void>();
    const link = createDaxLink({
      connect: () => promise,
      probe,
      nowMs: () => 0,
      random: () => 1,
      connectTimeoutMs: 5,
    });
    expect(await link.connected()).toBe(false);
    resolve({ send: answers, close: closed.resolve });
    await closed.promise;
    expect(await link.connected()).toBe(false);
  });

  it('survives a client that cannot even be loaded', async () => {
    const connect = () => Promise.reject(new Error('no such module'));
    const link = createDaxLink({ connect, probe, nowMs: () => 0, random: () => 1 });
    expect(await link.connected()).toBe(false);
    expect(await link.send(request, 20)).toEqual({ kind: 'not-done' });
  });

  it('stays closed', async () => {
    const { link, opened, kind } = scripted({});
    link.close();
    expect(await link.connected()).toBe(false);
    expect(opened).toEqual([{ closed: true, calls: 0 }]);
    expect(await kind()).toBe('not-done');
    const used = scripted({});
    await used.link.connected();
    used.link.close();
    expect(used.opened[0]?.closed).toBe(true);
    expect(await used.link.connected()).toBe(false);
  });
});
