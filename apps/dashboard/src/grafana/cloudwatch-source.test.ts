import { count, percentile, ratio } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { cloudWatchSource } from './cloudwatch-source.ts';
import type { Line, MeasuredPanel } from './panel.ts';

const scope = { windowMs: 60_000 };
const panel = (kind: MeasuredPanel['kind']): MeasuredPanel => ({
  kind,
  title: 'T',
  meaning: 'M',
  runbook: 'r',
  lines: [],
  bounds: [],
});
const queries = (kind: MeasuredPanel['kind'], line: Omit<Line, 'label'>) =>
  cloudWatchSource.queries(panel(kind), { label: 'l', ...line }, 2).map((query) => query.build());

describe('a line of providers', () => {
  it('refuses arithmetic, which CloudWatch does not do on what a search finds', () => {
    const expression = ratio(count('Failed', scope), count('RoundTrip', scope));
    expect(() => queries('provider-lines', { expression, window: 'own' })).toThrow(
      'no ratio by provider: CloudWatch cannot compute it',
    );
  });

  it('keeps the window of a percentile', () => {
    const expression = percentile('Store', 0.95, { windowMs: 300_000 });
    expect(queries('provider-lines', { expression, window: 'own' })).toMatchObject([
      { id: 'c', refId: 'C', period: '300', statistic: 'p95', dimensions: { provider: '$provider' } },
    ]);
  });
});
