import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addHealthySecond, type FakeSystem, startFakeSystem } from '../../test/fake-system.ts';
import { Board } from './board.ts';
import type { BoardReader } from './board-reader.ts';
import { SystemReader } from './system-reader.ts';

let system: FakeSystem;
let reader: SystemReader;
let board: Board;
let nowEpochMs: number;
beforeEach(async () => {
  nowEpochMs = 1_760_000_000_000;
  system = await startFakeSystem();
  reader = new SystemReader(system.url);
  board = new Board(reader, () => nowEpochMs);
});
afterEach(() => system.close());

/** As a read does, without its request. */
function healthySeconds(count: number): void {
  for (let second = 0; second < count; second += 1) {
    nowEpochMs += 1_000;
    addHealthySecond(system, second);
    reader.take(system.exposition(), nowEpochMs);
    board.snapshot();
  }
}
const verdict = () => board.snapshot().verdict.level;

describe('Board', () => {
  it('connects, has nothing to judge, then keeps the promise', async () => {
    expect(board.snapshot().source).toMatchObject({ status: 'connecting', dataAgeMs: null });
    await board.read();
    expect(board.snapshot().source).toMatchObject({ status: 'live', dataAgeMs: 0 });
    expect(verdict()).toBe('no-data');
    healthySeconds(60);
    expect(verdict()).toBe('kept');
  });

  it('shows an outage as an alert within one read, keeps it for its latch, and then as history', async () => {
    await board.read();
    healthySeconds(30);
    system.count('RetriesExhausted');
    healthySeconds(1);
    const [fired] = board.snapshot().alerts;
    expect(fired).toMatchObject({ path: 'live', name: 'RetriesExhausted', status: 'firing', arrivedWithinMs: 1_000 });
    expect(verdict()).toBe('at-risk');
    const alertRow = board.snapshot().objectives.find(({ key }) => key === 'alert');
    expect(alertRow).toMatchObject({ status: 'kept', value: 1_000 });
    healthySeconds(119);
    expect(board.snapshot().alerts[0]?.status).toBe('firing');
    healthySeconds(70);
    expect(board.snapshot().alerts).toMatchObject([{ name: 'RetriesExhausted', status: 'resolved' }]);
    const [ended] = board.snapshot().alerts;
    const firedForMs = (ended?.resolvedEpochMs ?? 0) - (ended?.firedEpochMs ?? 0);
    expect(firedForMs).toBeGreaterThanOrEqual(120_000);
    expect(firedForMs).toBeLessThanOrEqual(181_000);
    expect(verdict()).toBe('kept');
  });

  it('says that it is disconnected when nobody answers, and recovers', async () => {
    await board.read();
    await system.shut();
    nowEpochMs += 2_000;
    await board.read();
    expect(board.snapshot().source).toMatchObject({ status: 'disconnected', dataAgeMs: 2_000 });
    expect(board.snapshot().source.trouble).toMatch(/^no connection to 127\.0\.0\.1:\d+ \(\w+\)$/);
    await system.listen();
    await board.read();
    expect(board.snapshot().source).toMatchObject({ status: 'live', dataAgeMs: 0 });
    expect(board.snapshot().source).not.toHaveProperty('trouble');
  });

  it('says that its data is stale when the source hangs or answers wrongly for longer than it may', async () => {
    await board.read();
    system.answer = { status: 503, body: 'busy' };
    nowEpochMs += 4_000;
    await board.read();
    expect(board.snapshot().source.status).toBe('live');
    nowEpochMs += 8_000;
    await board.read();
    expect(board.snapshot().source).toMatchObject({ status: 'stale', dataAgeMs: 12_000 });
    expect(board.snapshot().verdict.detail).toContain('No data for 12 s.');
  });

  it('is stale from the start with a source that has never answered rightly', async () => {
    system.answer = { status: 404, body: '' };
    await board.read();
    expect(board.snapshot().source).toMatchObject({ status: 'stale', dataAgeMs: null });
  });

  it('survives a reader that fails in a way nobody foresaw', async () => {
    const broken: BoardReader = Object.assign(Object.create(reader), {
      kind: 'system',
      url: 'http://127.0.0.1:1',
      read: () => Promise.reject(new TypeError('undefined is not a function')),
      view: () => reader.view(nowEpochMs),
    });
    const other = new Board(broken, () => nowEpochMs);
    await other.read();
    expect(other.snapshot().source.trouble).toBe('TypeError: undefined is not a function');
  });
});
