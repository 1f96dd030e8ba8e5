/** What a table at the other end of a network must do besides: keep its deadline and its word when the network does not. */
import { randomUUID } from 'node:crypto';
import { createDeadline, type Deadline } from '@quartersec/sla';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultProxy } from './fault-proxy.contract.ts';
import { createJournal } from './journal.ts';
import { sampleLinked } from './journal-samples.ts';
import type { Table } from './table.ts';

export interface RemoteTable {
  readonly proxy: FaultProxy;
  /** A table behind the proxy, with this back-off. */
  readonly connect: (options: {
    readonly sleep: (ms: number) => Promise<unknown>;
    readonly attemptTimeoutMs?: number;
  }) => Table;
}

export function describeRemoteTable(name: string, reach: () => Promise<RemoteTable>): void {
  describe(`${name} on a bad day`, () => {
    let remote: RemoteTable;
    let counter = 0;
    beforeAll(async () => {
      remote = await reach();
    });
    afterEach(() => remote.proxy.heal());

    const newKey = () => ({ pk: `FAULT#${name}#${++counter}`, sk: 'a' });
    const soon = () => createDeadline(600_000, () => performance.now());

    /** Waits of 13, 25, 50, 100, 200, 200 ... ms: the last attempt has 205 ms to go, the next wait does not fit. */
    const lastingMs = 13 + 25 + 50 + 100 + 200 * 7 + 205;

    /** A deadline that only waiting uses up: the test does not depend on how fast the machine is. */
    function waitingClock(totalMs: number): {
      deadline: Deadline;
      sleep: (ms: number) => Promise<void>;
      waits: number[];
    } {
      let nowMs = 0;
      const waits: number[] = [];
      const sleep = async (ms: number) => {
        waits.push(ms);
        nowMs += ms;
      };
      return { deadline: createDeadline(totalMs, () => nowMs), sleep, waits };
    }

    it('asks again when throttled, with waits between, and succeeds inside the deadline', async () => {
      const { deadline, sleep, waits } = waitingClock(60_000);
      const table = remote.connect({ sleep });
      const key = newKey();
      remote.proxy.inject('throttled', 3);
      expect(await table.put({ ...key, n: 1 }, { kind: 'absent' }, { deadline })).toBe('written');
      expect(remote.proxy.operations).toEqual(['PutItem', 'PutItem', 'PutItem', 'PutItem']);
      expect(waits).toHaveLength(3);
      remote.proxy.inject('throttled', 2);
      expect(await table.get(key, { deadline, fresh: true })).toEqual({ ...key, n: 1 });
    });

    it('names throttling when it lasts until the deadline', async () => {
      const forPut = waitingClock(lastingMs);
      const forGet = waitingClock(lastingMs);
      remote.proxy.inject('throttled', Number.POSITIVE_INFINITY);
      const key = newKey();
      const put = remote.connect(forPut).put({ ...key }, { kind: 'absent' }, forPut);
      await expect(put).rejects.toMatchObject({ code: 'TABLE_THROTTLED', facts: { operation: 'PutItem', ...key } });
      expect(forPut.waits).toEqual([13, 25, 50, 100, 200, 200, 200, 200, 200, 200, 200]);
      await expect(remote.connect(forGet).get(key, forGet)).rejects.toMatchObject({ code: 'TABLE_THROTTLED' });
    });

    it.each(['server-error', 'reset-before', 'html'] as const)('reads and deletes again after %s', async (fault) => {
      const { deadline, sleep } = waitingClock(60_000);
      const table = remote.connect({ sleep });
      const key = newKey();
      await table.put({ ...key, n: 1 }, undefined, { deadline });
      remote.proxy.inject(fault, 2);
      expect(await table.get(key, { deadline, fresh: true })).toEqual({ ...key, n: 1 });
      remote.proxy.inject(fault, 2);
      expect(await table.getAll([key, newKey()], { deadline, fresh: true })).toEqual([{ ...key, n: 1 }]);
      remote.proxy.inject(fault, 2);
      expect(await table.query({ pk: key.pk, fromSk: 'a', toSk: 'b' }, { deadline, fresh: true })).toHaveLength(1);
      remote.proxy.inject(fault, 2);
      await table.delete(key, { deadline });
      expect(remote.proxy.operations).toEqual(['DeleteItem', 'DeleteItem', 'DeleteItem']);
      expect(await table.get(key, { deadline, fresh: true })).toBeUndefined();
    });

    it.each([
      ['server-error', undefined],
      ['reset-before', undefined],
      ['html', undefined],
      ['reset-after', 1],
      ['server-error-after', 1],
    ] as const)('calls a put unknown after %s, and does not put it again by itself', async (fault, stored) => {
      const table = remote.connect({ sleep: waitingClock(60_000).sleep });
      const key = newKey();
      remote.proxy.inject(fault);
      expect(await table.put({ ...key, n: 1 }, { kind: 'absent' }, { deadline: soon() })).toBe('unknown');
      expect(remote.proxy.operations).toEqual(['PutItem']);
      expect((await table.get(key, { deadline: soon(), fresh: true }))?.n).toBe(stored);
    });

    it('names an unreachable table when the faults last until the deadline', async () => {
      const { deadline, sleep } = waitingClock(lastingMs);
      const table = remote.connect({ sleep });
      remote.proxy.inject('reset-before', Number.POSITIVE_INFINITY);
      await expect(table.get(newKey(), { deadline })).rejects.toMatchObject({ code: 'TABLE_UNREACHABLE' });
    });

    it.each(['server-error', 'reset-before'] as const)(
      'stores an entry once while puts meet %s for most of a second, and pauses longer each time',
      async (fault) => {
        const { deadline, sleep, waits } = waitingClock(2_000);
        const journal = createJournal({ table: remote.connect({ sleep }) });
        const connectionId = randomUUID();
        remote.proxy.inject(fault, 6, 'PutItem');
        const linked = await journal.append(undefined, connectionId, sampleLinked(), { deadline });
        expect(linked).toMatchObject({ outcome: 'committed', entry: { version: 1 } });
        expect(remote.proxy.operations.filter((operation) => operation === 'PutItem')).toHaveLength(7);
        expect(waits).toEqual([13, 25, 50, 100, 200, 200]);
      },
    );

    it('ends a hung read with its deadline and a hung put as unknown', async () => {
      const table = remote.connect({ sleep: waitingClock(60_000).sleep });
      const short = () => createDeadline(60, () => performance.now());
      remote.proxy.inject('hang', Number.POSITIVE_INFINITY);
      await expect(table.get(newKey(), { deadline: short() })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
      expect(await table.put({ ...newKey() }, undefined, { deadline: short() })).toBe('unknown');
    });

    it('gives a hung attempt up long before the deadline and reads on another connection', async () => {
      const table = remote.connect({ sleep: waitingClock(60_000).sleep, attemptTimeoutMs: 60 });
      const key = newKey();
      expect(
        await remote.connect({ sleep: waitingClock(1).sleep }).put({ ...key }, undefined, { deadline: soon() }),
      ).toBe('written');
      remote.proxy.inject('hang', 1);
      expect(await table.get(key, { deadline: soon(), fresh: true })).toEqual(key);
      expect(remote.proxy.operations.slice(0, 2)).toEqual(['GetItem', 'GetItem']);
    });
  });
}
