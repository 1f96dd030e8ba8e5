import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEventLog, createEventMetrics, loadTracing, noTracing } from './index.ts';

const lines: string[] = [];

beforeEach(() => {
  lines.length = 0;
  vi.stubEnv('POWERTOOLS_DEV', 'true'); // Powertools then writes through `console`, which a test can watch
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false'); // which the line above would switch off
  const capture = (line: unknown) => void lines.push(String(line));
  for (const method of ['log', 'info', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(capture);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('event log', () => {
  it('writes one JSON line with level, time, component and the fields of the event', () => {
    createEventLog('processor.process').write('critical', 'retries exhausted', { correlation_id: 'c-1', attempts: 4 });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'CRITICAL',
      message: 'retries exhausted',
      component: 'processor.process',
      correlation_id: 'c-1',
      attempts: 4,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/),
    });
  });

  it('carries nothing over from one event to the next', () => {
    const log = createEventLog('processor.process');
    log.write('info', 'first', { connection_id: 'one' });
    log.write('info', 'second', {});
    expect(JSON.parse(lines[1] ?? '')).not.toHaveProperty('connection_id');
  });
});

describe('event metrics', () => {
  it('writes one embedded-metric line with unit, high resolution, service and provider', () => {
    createEventMetrics('process').write({ RoundTrip: 81.5, Attempts: 2 }, 'plaid');
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0] ?? '');
    expect(line).toMatchObject({ service: 'process', provider: 'plaid', RoundTrip: 81.5, Attempts: 2 });
    expect(line._aws.CloudWatchMetrics).toEqual([
      {
        Namespace: 'quartersec',
        Dimensions: [['service', 'provider']],
        Metrics: [
          { Name: 'RoundTrip', Unit: 'Milliseconds', StorageResolution: 1 },
          { Name: 'Attempts', Unit: 'Count', StorageResolution: 1 },
        ],
      },
    ]);
  });

  it('keeps the values of two events apart', () => {
    const metrics = createEventMetrics('process');
    metrics.write({ Retries: 3 }, 'plaid');
    metrics.write({ RoundTrip: 10 }, 'other');
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ provider: 'other', RoundTrip: 10 });
    expect(JSON.parse(lines[1] ?? '')).not.toHaveProperty('Retries');
  });
});

describe('tracing', () => {
  it('is off and passes results and errors through unless it is asked for', async () => {
    const tracing = await loadTracing('process', {});
    expect(tracing).toBe(noTracing);
    expect(await tracing.step('load', async () => 7)).toBe(7);
    await expect(tracing.step('load', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('runs a step under the tracer when it is asked for', async () => {
    vi.stubEnv('AWS_XRAY_CONTEXT_MISSING', 'IGNORE_ERROR');
    const tracing = await loadTracing('process', { POWERTOOLS_TRACE_ENABLED: 'true' });
    expect(tracing).not.toBe(noTracing);
    expect(await tracing.step('load', async () => 7)).toBe(7);
    await expect(tracing.step('load', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(tracing.step('load', async () => Promise.reject('text'))).rejects.toBe('text');
  });
});
