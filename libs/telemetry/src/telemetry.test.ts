import { dimensionSetsOf } from '@quartersec/sla';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEventLog, createEventMetrics } from './index.ts';

let lines: string[] = [];
const sinks = { writeLine: (line: string) => void lines.push(line), nowEpochMs: () => 1_700_000_000_000 };

beforeEach(() => {
  lines = [];
});

afterEach(() => vi.unstubAllEnvs());

describe('event log', () => {
  it('writes one JSON line with level, time, component and the fields of the event', () => {
    const log = createEventLog('processor.process', sinks);
    log.write('critical', 'retries exhausted', { correlation_id: 'c-1', attempts: 4 });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        level: 'CRITICAL',
        message: 'retries exhausted',
        timestamp: '2023-11-14T22:13:20.000Z',
        component: 'processor.process',
        correlation_id: 'c-1',
        attempts: 4,
      },
    ]);
  });

  it('carries nothing over from one event to the next, and keeps a line a line', () => {
    const log = createEventLog('processor.process', sinks);
    log.write('info', 'first', { connection_id: 'one' });
    log.write('info', 'two\nlines', {});
    expect(JSON.parse(lines[1] ?? '')).not.toHaveProperty('connection_id');
    expect(lines.join('')).not.toContain('\n');
  });
});

describe('event metrics', () => {
  it('writes one embedded-metric line: over everything, by service, and by service and provider', () => {
    createEventMetrics('process', sinks.writeLine).write(
      { RoundTrip: 81.500_400_1, Attempts: 2 },
      'plaid',
      1_700_000_000_000,
    );
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        _aws: {
          Timestamp: 1_700_000_000_000,
          CloudWatchMetrics: [
            {
              Namespace: 'quartersec',
              Dimensions: [[], ['service'], ['service', 'provider']],
              Metrics: [
                { Name: 'RoundTrip', Unit: 'Milliseconds', StorageResolution: 1 },
                { Name: 'Attempts', Unit: 'Count', StorageResolution: 1 },
              ],
            },
          ],
        },
        service: 'process',
        provider: 'plaid',
        RoundTrip: 81.5,
        Attempts: 2,
      },
    ]);
  });

  it('says of what is blamed whose doing it was, under dimension sets of its own', () => {
    createEventMetrics('process', sinks.writeLine).write({ Events: 1, Bad: 1 }, 'plaid', 1, 'provider');
    const { _aws, ...members } = JSON.parse(lines[0] ?? '');
    expect(members).toEqual({ service: 'process', provider: 'plaid', blame: 'provider', Events: 1, Bad: 1 });
    expect(
      _aws.CloudWatchMetrics.map(({ Dimensions, Metrics }: { Dimensions: string[][]; Metrics: { Name: string }[] }) => [
        Metrics.map(({ Name }) => Name).join(),
        Dimensions.map((set) => set.join('+')).join(' '),
      ]),
    ).toEqual([
      ['Events', ' service service+provider'],
      ['Bad', ' service service+provider blame service+provider+blame'],
    ]);
  });

  it('keeps the values of two events apart, also where they measure the same things', () => {
    const metrics = createEventMetrics('process', sinks.writeLine);
    metrics.write({ Retries: 3 }, 'plaid', 1);
    metrics.write({ Retries: 1 }, 'other', 2);
    metrics.write({ RoundTrip: 10 }, 'other', 3);
    const read = lines.map((line) => JSON.parse(line));
    expect(read.map(({ provider, Retries, RoundTrip }) => ({ provider, Retries, RoundTrip }))).toEqual([
      { provider: 'plaid', Retries: 3 },
      { provider: 'other', Retries: 1 },
      { provider: 'other', RoundTrip: 10 },
    ]);
    expect(read[2]._aws.CloudWatchMetrics[0].Metrics).toHaveLength(1);
  });

  it('writes what only ever has a blame under the sets of blame alone', () => {
    createEventMetrics('process', sinks.writeLine).write({ Bad: 1 }, 'plaid', 0, 'provider');
    const { _aws, blame } = JSON.parse(lines[0] ?? '');
    expect(blame).toBe('provider');
    expect(_aws.CloudWatchMetrics).toEqual([
      {
        Namespace: 'quartersec',
        Dimensions: dimensionSetsOf('Bad'),
        Metrics: [{ Name: 'Bad', Unit: 'Count', StorageResolution: 1 }],
      },
    ]);
  });
});
