import { describe, expect, it } from 'vitest';
import {
  type AlertNotice,
  arrivalsOf,
  endedAtMost,
  endUnnamed,
  firingAtMost,
  noWords,
  recordAlerts,
} from './alert-log.ts';

const notice = (change: Partial<AlertNotice> = {}): AlertNotice => ({
  path: 'live',
  name: 'RetriesExhausted',
  status: 'firing',
  firedEpochMs: 10_000,
  words: noWords,
  ...change,
});
const recorded = (notices: readonly AlertNotice[], nowEpochMs = 11_000) => recordAlerts([], notices, nowEpochMs, 5_000);

describe('recordAlerts', () => {
  it('shows an alert of ours with its own words and its section of the runbook', () => {
    expect(recorded([notice({ happenedAfterEpochMs: 9_000 })])).toEqual([
      {
        path: 'live',
        name: 'RetriesExhausted',
        severity: 'critical',
        title: 'Retries exhausted',
        whatToDo:
          'Find the event by its correlation id in the critical log; the provider panel shows whether it is alone. It is redelivered by itself.',
        clears: 'Clears after 3 minutes without another one.',
        runbook: { href: '/runbook/retries-exhausted', label: 'docs/troubleshooting.md#retries-exhausted' },
        status: 'firing',
        firedEpochMs: 10_000,
        shownEpochMs: 11_000,
        arrivedWithinMs: 2_000,
      },
    ]);
  });

  it('keeps its figure up to date while it fires', () => {
    const twice = recorded([notice({ value: 1 }), notice({ value: 3 })]);
    expect(twice.map(({ figure }) => figure)).toEqual(['3 in the last 3 minutes']);
    const without = recorded([notice({ value: 1 }), notice()]);
    expect(without.map(({ figure }) => figure)).toEqual(['1 in the last 3 minutes']);
  });

  it('does not say how long what happened before the board watched took to arrive', () => {
    expect(recorded([notice({ happenedAfterEpochMs: 4_999 })])[0]).not.toHaveProperty('arrivedWithinMs');
    expect(recorded([notice({ happenedAfterEpochMs: 5_000 })])[0]).toHaveProperty('arrivedWithinMs', 6_000);
  });

  it('shows an alert that only the other side knows with the words that came', () => {
    const words = {
      severity: 'info',
      title: 'Disk full',
      whatToDo: 'Make room.',
      runbookUrl: 'https://wiki.example/disk',
    };
    const [entry] = recorded([notice({ path: 'prometheus', name: 'DiskFull', words })]);
    expect(entry).toMatchObject({
      severity: 'info',
      title: 'Disk full',
      whatToDo: 'Make room.',
      runbook: { href: 'https://wiki.example/disk', label: 'https://wiki.example/disk' },
    });
    const plain = recorded([
      notice({ name: 'DiskFull', words: { ...words, title: '', runbookUrl: 'javascript:alert(1)' } }),
    ]);
    expect(plain[0]).toMatchObject({ title: 'DiskFull' });
    expect(plain[0]).not.toHaveProperty('runbook');
  });

  it('keeps one entry while it fires, and both paths apart', () => {
    const first = recorded([notice(), notice({ path: 'prometheus', firedEpochMs: 12_000 })]);
    const again = recordAlerts(first, [notice(), notice({ path: 'prometheus', firedEpochMs: 12_000 })], 20_000, 0);
    expect(again).toEqual(first);
    expect(again.map(({ path }) => path)).toEqual(['prometheus', 'live']);
  });

  it('keeps an alert that has ended as history, below those that fire', () => {
    const fired = recorded([notice()]);
    const ended = recordAlerts(fired, [notice({ status: 'resolved', resolvedEpochMs: 30_000 })], 31_000, 0);
    expect(ended).toEqual([{ ...fired[0], status: 'resolved', resolvedEpochMs: 30_000 }]);
    const both = recordAlerts(ended, [notice({ firedEpochMs: 40_000 })], 41_000, 0);
    expect(both.map(({ status, firedEpochMs }) => [status, firedEpochMs])).toEqual([
      ['firing', 40_000],
      ['resolved', 10_000],
    ]);
  });

  it('ends now when the notice does not say when', () => {
    const ended = recordAlerts(recorded([notice()]), [notice({ status: 'resolved' })], 31_000, 0);
    expect(ended[0]).toMatchObject({ status: 'resolved', resolvedEpochMs: 31_000 });
  });

  it('takes an end whose beginning never came', () => {
    const [entry] = recorded([notice({ status: 'resolved', resolvedEpochMs: 10_500 })]);
    expect(entry).toMatchObject({ status: 'resolved', firedEpochMs: 10_000, resolvedEpochMs: 10_500 });
  });

  it('is not confused by notices that come late or twice', () => {
    const ended = recordAlerts(
      recorded([notice()]),
      [notice({ status: 'resolved', resolvedEpochMs: 30_000 })],
      31_000,
      0,
    );
    const late = recordAlerts(ended, [notice(), notice({ status: 'resolved', resolvedEpochMs: 32_000 })], 33_000, 0);
    expect(late).toEqual(ended);
  });

  it('shows what is critical above what is newer', () => {
    const names = recorded([notice(), notice({ name: 'StoreSlow', firedEpochMs: 10_500 })]).map(({ name }) => name);
    expect(names).toEqual(['RetriesExhausted', 'StoreSlow']);
  });

  it('is bounded', () => {
    const many = Array.from({ length: 300 }, (_, index) => notice({ name: `A${index}`, firedEpochMs: index }));
    const firing = recorded(many);
    expect(firing).toHaveLength(firingAtMost);
    expect(firing[0]?.name).toBe('A299');
    const ended = recorded(
      many.map((one) => ({ ...one, status: 'resolved' as const, resolvedEpochMs: one.firedEpochMs })),
    );
    expect(ended).toHaveLength(endedAtMost);
    expect(ended[0]?.name).toBe('A299');
  });
});

describe('endUnnamed', () => {
  const firing = recorded([
    notice(),
    notice({ name: 'StoreSlow', firedEpochMs: 9_000 }),
    notice({ path: 'prometheus', firedEpochMs: 8_000 }),
  ]);

  it('ends what its path does not list any more, and nothing of other paths', () => {
    const left = endUnnamed(firing, 'live', ['StoreSlow'], 20_000, 20_000);
    expect(left.map(({ path, name, status }) => [path, name, status])).toEqual([
      ['prometheus', 'RetriesExhausted', 'firing'],
      ['live', 'StoreSlow', 'firing'],
      ['live', 'RetriesExhausted', 'resolved'],
    ]);
    expect(left[2]?.resolvedEpochMs).toBe(20_000);
  });

  it('does not end what came here after the list was made', () => {
    expect(endUnnamed(firing, 'live', [], 11_000, 20_000)).toEqual(firing);
  });
});

describe('arrivalsOf', () => {
  it('is the slowest of those that are known', () => {
    const entries = recorded([
      notice({ happenedAfterEpochMs: 9_000 }),
      notice({ name: 'DeadLettered', happenedAfterEpochMs: 7_500 }),
      notice({ name: 'StoreSlow' }),
    ]);
    expect(arrivalsOf(entries)).toEqual({ count: 2, slowestMs: 3_500 });
    expect(arrivalsOf([])).toEqual({ count: 0, slowestMs: 0 });
  });
});
