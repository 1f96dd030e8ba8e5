import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from './clock.ts';
import { DueHeap } from './due-heap.ts';
import type { DeadLetter } from './message-queue.ts';
import { type QueueDefinition, Queues } from './queues.ts';

function setUp(...definitions: readonly QueueDefinition[]) {
  const clock = createManualClock();
  const letters: DeadLetter[] = [];
  const queues = new Queues(clock, (letter) => letters.push(letter));
  for (const definition of definitions) queues.create(definition);
  const take = async (name: string, maxMessages = 10) => await queues.get(name).receive({ maxMessages, waitMs: 0 });
  const bodies = async (name: string) => (await take(name)).map(({ message }) => message.body);
  return { clock, queues, letters, take, bodies };
}

describe('a queue', () => {
  it('hides what was received until its visibility timeout ends, and counts', async () => {
    const { clock, queues, take } = setUp({ name: 'q', visibilityTimeoutMs: 5_000 });
    queues.send('q', 'a', {});
    const [first] = await take('q');
    expect(first?.message).toMatchObject({ body: 'a', receiveCount: 1, sentEpochMs: 1_700_000_000_000 });
    clock.advance(4_999);
    expect(await take('q')).toEqual([]);
    clock.advance(1);
    const [second] = await take('q');
    expect(second?.message).toMatchObject({
      messageId: first?.message.messageId,
      receiveCount: 2,
      firstReceivedEpochMs: 1_700_000_000_000,
    });
    expect(second?.receiptHandle).not.toBe(first?.receiptHandle);
  });

  it('forgets what is deleted with the latest receipt handle, and only then', async () => {
    const { clock, queues, take } = setUp({ name: 'q', visibilityTimeoutMs: 5_000 });
    queues.send('q', 'a', {});
    const [first] = await take('q');
    clock.advance(5_000);
    const [second] = await take('q');
    queues.get('q').delete(first?.receiptHandle ?? '');
    expect(queues.stats().q).toMatchObject({ inFlight: 1, deleted: 0 });
    clock.advance(5_000); // visible again, and the latest handle still holds
    queues.get('q').delete(second?.receiptHandle ?? '');
    queues.get('q').delete(second?.receiptHandle ?? '');
    expect(queues.stats().q).toEqual({
      visible: 0,
      inFlight: 0,
      delayed: 0,
      sent: 1,
      deleted: 1,
      deadLettered: 0,
      expired: 0,
      oldestMs: 0,
    });
    expect(await take('q')).toEqual([]);
    expect(() => queues.get('q').delete('nonsense')).toThrow(
      expect.objectContaining({ code: 'ReceiptHandleIsInvalid' }),
    );
  });

  it('holds a delayed message back', async () => {
    const { clock, queues, bodies } = setUp({ name: 'q', delayMs: 1_000 });
    queues.send('q', 'default', {});
    queues.send('q', 'own', {}, 0);
    expect(queues.stats().q).toMatchObject({ visible: 1, delayed: 1 });
    expect(await bodies('q')).toEqual(['own']);
    clock.advance(1_000);
    expect(await bodies('q')).toEqual(['default']);
  });

  it('tells the age of its oldest message: not of one that is held back, nor of one received three times', async () => {
    const { clock, queues, take } = setUp({ name: 'q', visibilityTimeoutMs: 30_000 });
    const oldestMs = () => queues.stats().q?.oldestMs;
    expect(oldestMs()).toBe(0);
    queues.send('q', 'late', {}, 60_000);
    clock.advance(10_000);
    expect(oldestMs()).toBe(0);
    queues.send('q', 'failing', {});
    clock.advance(5_000);
    queues.send('q', 'younger', {});
    expect(oldestMs()).toBe(5_000);
    const [first] = await take('q', 1); // in hand, and not done
    expect(first?.message.body).toBe('failing');
    clock.advance(1_000);
    expect(oldestMs()).toBe(6_000);
    for (let received = 1; received < 3; received += 1) {
      clock.advance(30_000);
      await take('q');
    }
    expect(oldestMs()).toBe(76_000); // of the message that was held back, and is in hand for the first time
  });

  it('shows a message again when its visibility is changed, sooner or later', async () => {
    const { clock, queues, take, bodies } = setUp({ name: 'q' });
    queues.send('q', 'a', {});
    const [received] = await take('q');
    const handle = received?.receiptHandle ?? '';
    queues.get('q').changeVisibility(handle, 60_000);
    clock.advance(59_999);
    expect(await bodies('q')).toEqual([]);
    queues.get('q').changeVisibility(handle, 0);
    expect(() => queues.get('q').changeVisibility(handle, 0)).toThrow(
      expect.objectContaining({ code: 'MessageNotInflight' }),
    );
    expect(await bodies('q')).toEqual(['a']);
    expect(() => queues.get('q').changeVisibility(handle, 0)).toThrow(
      expect.objectContaining({ code: 'InvalidParameterValue' }),
    );
  });

  it('answers who waits as soon as there is something, and with nothing when the wait is over', async () => {
    const { clock, queues } = setUp({ name: 'q' });
    const answered = queues.get('q').receive({ maxMessages: 1, waitMs: 20_000 });
    queues.send('q', 'a', {});
    expect((await answered).map(({ message }) => message.body)).toEqual(['a']);
    const unanswered = queues.get('q').receive({ maxMessages: 1, waitMs: 20_000 });
    clock.advance(20_000);
    expect(await unanswered).toEqual([]);
    const aborted = new AbortController();
    const left = queues.get('q').receive({ maxMessages: 1, waitMs: Number.POSITIVE_INFINITY, signal: aborted.signal });
    aborted.abort();
    expect(await left).toEqual([]);
    queues.send('q', 'b', {});
    expect(queues.stats().q).toMatchObject({ visible: 1 });
  });

  it('wakes who waits when a hidden message shows', async () => {
    const { clock, queues, take } = setUp({ name: 'q', visibilityTimeoutMs: 5_000 });
    queues.send('q', 'a', {});
    await take('q');
    queues.send('q', 'b', {}, 7_000);
    const first = queues.get('q').receive({ maxMessages: 10, waitMs: Number.POSITIVE_INFINITY });
    clock.advance(5_000);
    expect((await first).map(({ message }) => message.body)).toEqual(['a']);
    const second = queues.get('q').receive({ maxMessages: 10, waitMs: Number.POSITIVE_INFINITY });
    clock.advance(2_000);
    expect((await second).map(({ message }) => message.body)).toEqual(['b']);
  });

  it('drops what is older than its retention', async () => {
    const { clock, queues, take } = setUp({ name: 'q', retentionMs: 60_000 });
    queues.send('q', 'a', {});
    clock.advance(60_000);
    expect(await take('q')).toEqual([]);
    expect(queues.stats().q).toMatchObject({ visible: 0, expired: 1 });
  });

  it('purges everything', async () => {
    const { queues, take } = setUp({ name: 'q' });
    for (const body of ['a', 'b', 'c']) queues.send('q', body, {});
    await take('q', 1);
    queues.get('q').purge();
    expect(queues.stats().q).toMatchObject({ visible: 0, inFlight: 0 });
    expect(await take('q')).toEqual([]);
  });

  it('keeps nearly the order of arrival over thousands of messages', async () => {
    const { queues, bodies } = setUp({ name: 'q' });
    for (let count = 0; count < 5_000; count += 1) queues.send('q', String(count), {});
    const received: string[] = [];
    for (let round = 0; round < 500; round += 1) received.push(...(await bodies('q')));
    expect(received).toEqual(Array.from({ length: 5_000 }, (_, index) => String(index)));
  });
});

describe('a dead-letter queue', () => {
  const pair = [
    { name: 'q', visibilityTimeoutMs: 1_000, redrive: { deadLetterQueue: 'dead', maxReceiveCount: 2 } },
    { name: 'dead' },
  ] as const;

  it('takes a message on the receive after maxReceiveCount, with id, age and origin, and says so once', async () => {
    const { clock, queues, letters, take } = setUp(...pair);
    const { messageId } = queues.send('q', 'poison', {});
    for (let round = 0; round < 2; round += 1) {
      expect(await take('q')).toHaveLength(1);
      clock.advance(1_000);
    }
    expect(queues.stats()).toMatchObject({ q: { visible: 1 }, dead: { visible: 0 } });
    expect(letters).toEqual([]);
    queues.send('q', 'good', {});
    expect((await take('q')).map(({ message }) => message.body)).toEqual(['good']);
    expect(queues.stats()).toMatchObject({ q: { visible: 0, inFlight: 1, deadLettered: 1 }, dead: { visible: 1 } });
    expect(letters).toEqual([{ sourceQueue: 'q', deadLetterQueue: 'dead', messageId, body: 'poison' }]);
    const [dead] = await take('dead');
    expect(dead?.message).toMatchObject({ messageId, deadLetterSource: 'q', sentEpochMs: 1_700_000_000_000 });
  });

  it('takes it also from who only waits', async () => {
    const { clock, queues, take } = setUp(...pair);
    queues.send('q', 'poison', {});
    await take('q');
    const again = queues.get('q').receive({ maxMessages: 1, waitMs: Number.POSITIVE_INFINITY });
    clock.advance(1_000);
    await again;
    const waiting = new AbortController();
    const third = queues.get('q').receive({ maxMessages: 1, waitMs: Number.POSITIVE_INFINITY, signal: waiting.signal });
    const dead = queues.get('dead').receive({ maxMessages: 1, waitMs: Number.POSITIVE_INFINITY });
    clock.advance(1_000);
    expect((await dead)[0]?.message.body).toBe('poison');
    waiting.abort();
    expect(await third).toEqual([]);
  });

  it('is redriven: its messages are sent again as new ones', async () => {
    const { clock, queues, take } = setUp(...pair);
    const { messageId } = queues.send('q', 'poison', { tenant: { DataType: 'String', StringValue: 't1' } });
    for (let round = 0; round < 3; round += 1) {
      await take('q');
      clock.advance(1_000);
    }
    expect(queues.redrive('dead')).toBe(1);
    const [again] = await take('q');
    expect(again?.message).toMatchObject({
      body: 'poison',
      receiveCount: 1,
      attributes: { tenant: { StringValue: 't1' } },
    });
    expect(again?.message.messageId).not.toBe(messageId);
    expect(queues.stats()).toMatchObject({ dead: { visible: 0 } });
    expect(() => queues.redrive('q')).toThrow(expect.objectContaining({ code: 'ResourceNotFound' }));
  });

  it('is done without when it was deleted: nothing is lost', async () => {
    const { clock, queues, take } = setUp(...pair);
    queues.send('q', 'poison', {});
    queues.remove('dead');
    for (let round = 0; round < 4; round += 1) {
      expect(await take('q')).toHaveLength(1);
      clock.advance(1_000);
    }
  });

  it('must exist, and be another queue', () => {
    const redrive = { deadLetterQueue: 'absent', maxReceiveCount: 1 };
    const { queues } = setUp({ name: 'q', redrive });
    expect(() => queues.assertDeadLetterQueues()).toThrow('its dead-letter queue absent does not exist');
    expect(() => queues.create({ name: 'absent', redrive })).toThrow('cannot be its own dead-letter queue');
  });
});

describe('Queues', () => {
  it('loses nothing and invents nothing, whatever is done to them', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ act: fc.constant('send' as const), delayMs: fc.constantFrom(0, 500, 3_000) }),
      },
      {
        weight: 4,
        arbitrary: fc.record({ act: fc.constant('receive' as const), max: fc.integer({ min: 1, max: 4 }) }),
      },
      fc.record({ act: fc.constant('delete' as const), pick: fc.nat() }),
      fc.record({ act: fc.constant('show' as const), pick: fc.nat(), ms: fc.constantFrom(0, 700) }),
      fc.record({ act: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 2_000 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const redrive = { deadLetterQueue: 'dead', maxReceiveCount: 3 };
        const { clock, queues, take } = setUp({ name: 'q', visibilityTimeoutMs: 1_000, redrive }, { name: 'dead' });
        const handles: string[] = [];
        for (const one of steps) {
          const handle = 'pick' in one ? handles[one.pick % Math.max(1, handles.length)] : undefined;
          if (one.act === 'send') queues.send('q', 'x', {}, one.delayMs);
          if (one.act === 'receive')
            handles.push(...(await take('q', one.max)).map(({ receiptHandle }) => receiptHandle));
          if (one.act === 'delete' && handle !== undefined) queues.get('q').delete(handle);
          if (one.act === 'advance') clock.advance(one.ms);
          if (one.act === 'show' && handle !== undefined) {
            try {
              queues.get('q').changeVisibility(handle, one.ms);
            } catch {
              // not in flight any more
            }
          }
          const { q, dead } = queues.stats();
          if (q === undefined || dead === undefined) throw new Error('a queue is gone');
          expect(q.visible + q.inFlight + q.delayed + q.deleted + dead.visible).toBe(q.sent);
          expect(dead.visible).toBe(q.deadLettered);
        }
        const sent = queues.stats().q?.sent ?? 0;
        const deleted = queues.stats().q?.deleted ?? 0;
        for (let round = 0; round < 5; round += 1) {
          clock.advance(10_000);
          while ((await take('q')).length > 0);
        }
        expect(queues.stats()).toMatchObject({
          q: { visible: 0, inFlight: 0, delayed: 0 },
          dead: { visible: sent - deleted },
        });
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    [{ name: 'q.fifo' }, 'standard queues only'],
    [{ name: 'a b' }, 'alphanumeric'],
    [{ name: 'q', visibilityTimeoutMs: 43_200_001 }, 'visibilityTimeoutMs must be 0 to 43200000'],
    [{ name: 'q', delayMs: 900_001 }, 'delayMs must be 0 to 900000'],
    [{ name: 'q', redrive: { deadLetterQueue: 'd', maxReceiveCount: 0 } }, 'maxReceiveCount must be'],
  ])('refuses %j', (definition, reason) => {
    expect(() => setUp(definition)).toThrow(reason);
  });

  it('fails the sends that it is told to fail', async () => {
    const { queues, bodies } = setUp({ name: 'q' });
    queues.setSendFault('q', (body) => body === 'unlucky');
    expect(() => queues.send('q', 'unlucky', {})).toThrow(expect.objectContaining({ code: 'InternalError' }));
    queues.send('q', 'lucky', {});
    queues.setSendFault('q', undefined);
    queues.send('q', 'unlucky', {});
    expect(await bodies('q')).toEqual(['lucky', 'unlucky']);
  });
});

describe('DueHeap', () => {
  it('gives out what is due in order of time', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), (dues) => {
        const heap = new DueHeap<number>();
        for (const due of dues) heap.push(due, due);
        const popped: number[] = [];
        for (let entry = heap.popDue(25); entry !== undefined; entry = heap.popDue(25)) popped.push(entry.item);
        expect(popped).toEqual(dues.filter((due) => due <= 25).sort((a, b) => a - b));
        expect(heap.size).toBe(dues.filter((due) => due > 25).length);
      }),
    );
  });
});
