import { describe, expect, it } from 'vitest';
import { readCostOptions } from './workload-options.ts';

describe('readCostOptions', () => {
  it('takes what is given and measured figures for the rest', () => {
    const { load } = readCostOptions(['--events-per-month', '1e6', '--entry-bytes', '2048', '--memory-mb', '1769']);
    expect(load).toMatchObject({ eventsPerMonth: 1_000_000, entryBytes: 2_048, headBytes: 546, memoryMb: 1_769 });
    expect(load?.durationMs).toBeCloseTo(82.5, 1);
    expect(load?.dax).toBeUndefined();
  });

  it('reads every number', () => {
    const { load, json } = readCostOptions(
      '--events-per-month 5 --head-bytes 1 --insight-state-bytes 2 --log-bytes 0 --duration-ms 2.5 --events-per-invocation 3 --webhooks-per-event 0.5 --webhooks-through-gateway --reads-per-event 0 --month 12 --provisioned 4 --json'.split(
        ' ',
      ),
    );
    expect(json).toBe(true);
    expect(load).toMatchObject({
      headBytes: 1,
      insightStateBytes: 2,
      logBytes: 0,
      durationMs: 2.5,
      eventsPerInvocation: 3,
      webhooksPerEvent: 0.5,
      webhooksThroughGateway: true,
      readsPerEvent: 0,
      month: 12,
      provisionedEnvironments: 4,
    });
  });

  it.each(['3xr5.large', '3xdax.r5.large'])('reads the cluster %s', (text) => {
    const { load } = readCostOptions(['--events-per-month', '5', '--dax', text, '--hit-rate', '0.8']);
    expect(load?.dax).toEqual({ nodes: 3, nodeType: 'r5.large', hitRate: 0.8 });
  });

  it.each([
    [[], '--events-per-month is needed'],
    [['--events-per-month', '0'], 'a number above 0, not 0'],
    [['--events-per-month', '1,000'], 'not 1,000'],
    [['--events-per-month', '5', '--month', '-1'], 'month'],
    [['--events-per-month', '5', '--dax', '12xr5.large'], '1 to 11 nodes'],
    [['--events-per-month', '5', '--dax', '3xr9.large'], 'r5.large'],
    [['--events-per-month', '5', '--dax', '3xtoString'], 'r5.large'],
    [['--events-per-month', '5', '--hit-rate', '90'], 'from 0 to 1'],
    [['--event-per-month', '5'], '--event-per-month'],
  ])('refuses %j', (args, reason) => {
    expect(() => readCostOptions(args)).toThrow(reason);
  });

  it('needs no events to write the pages', () => {
    expect(readCostOptions(['--write-pages'])).toMatchObject({ load: undefined, writePages: true });
  });
});
