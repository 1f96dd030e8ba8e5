/** Every dashboard, from both data sources, as Grafana will read it. */
import { alerts } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { cloudWatchSource } from './cloudwatch-source.ts';
import { dashboards } from './dashboards.ts';
import { panelsOf } from './panel.ts';
import { prometheusSource } from './prometheus-source.ts';
import { renderDashboard } from './render-dashboard.ts';

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface RenderedPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: Place;
  readonly links?: readonly { readonly url: string }[];
  readonly timeFrom?: string;
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string; readonly noValue?: string; readonly thresholds?: unknown };
  };
  readonly options?: { readonly reduceOptions?: { readonly calcs: readonly string[] } };
  readonly targets?: readonly Readonly<Record<string, unknown>>[];
}

interface Rendered {
  readonly uid: string;
  readonly title: string;
  readonly refresh: string;
  readonly panels: readonly RenderedPanel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

const all = [prometheusSource, cloudWatchSource].flatMap((source) =>
  dashboards.map((definition) => {
    const text = renderDashboard(definition, source, 'https://example.test/runbook');
    return {
      name: `${definition.name} from ${source.name}`,
      definition,
      source,
      text,
      board: JSON.parse(text) as Rendered,
    };
  }),
);

/** Those that Grafana knows by itself. */
const builtIn = ['__rate_interval', '__range', '__all'];

function overlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

const shownBy = (name: string) => all.find((one) => one.name === name)?.board.panels ?? [];
const panelOf = (dashboard: string, title: string) => shownBy(dashboard).find((one) => one.title === title);

describe.each(all)('$name', ({ definition, source, text, board }) => {
  const drawn = board.panels.filter(({ type }) => type !== 'row');

  it('is the same text each time', () => {
    expect(renderDashboard(definition, source, 'https://example.test/runbook')).toBe(text);
  });

  it('shows every panel of the definition, in its order', () => {
    expect(drawn.map(({ title }) => title)).toEqual(panelsOf(definition).map(({ title }) => title));
  });

  it('has an id of its own for every panel', () => {
    expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
  });

  it('has panels beside each other, never over each other, within 24 columns', () => {
    const places = board.panels.map(({ gridPos }) => gridPos);
    const pairs = places.flatMap((a, index) => places.slice(index + 1).filter((b) => overlap(a, b)));
    expect(pairs).toEqual([]);
    expect(places.filter(({ x, w }) => x < 0 || x + w > 24)).toEqual([]);
  });

  it('says of every panel what it means and what to do', () => {
    expect(drawn.filter(({ description = '' }) => description.length < 10)).toEqual([]);
    const links = drawn.map((panel) => panel.links?.map(({ url }) => url));
    expect(links).toEqual(panelsOf(definition).map(({ runbook }) => [`https://example.test/runbook#${runbook}`]));
  });

  it('asks something in every panel, each query under a name of its own', () => {
    for (const { title, targets = [] } of drawn) {
      const refIds = targets.map(({ refId }) => refId);
      expect(refIds.length, title).toBeGreaterThan(0);
      expect(new Set(refIds).size, title).toBe(refIds.length);
    }
  });

  it('uses the variables that it defines, and defines those that it uses', () => {
    const used = [...text.matchAll(/\$(\w+)/g)].map(([, name = '']) => name);
    const defined = board.templating.list.map(({ name }) => name);
    expect([...new Set(used)].filter((name) => !builtIn.includes(name)).sort()).toEqual([...defined].sort());
  });

  it('is told apart from all others', () => {
    expect(all.filter((one) => one.board.uid === board.uid || one.board.title === board.title)).toHaveLength(1);
    expect(board.uid.length).toBeLessThanOrEqual(40);
  });
});

describe('from Prometheus', () => {
  it('a figure is asked for once, in the window of its expression', () => {
    expect(panelOf('sla-overview from prometheus', 'Round trip p95')?.targets).toMatchObject([
      {
        expr: 'histogram_quantile(0.95, sum by (le) (rate(quartersec_round_trip_milliseconds_bucket[5m])))',
        instant: true,
      },
    ]);
  });

  it('lines follow the zoom, and those of providers what is chosen', () => {
    expect(panelOf('providers from prometheus', 'Failed a minute')?.targets).toMatchObject([
      {
        expr: '60 * sum by (provider) (rate(quartersec_failed_total{provider=~"$provider",service=~"$service"}[$__rate_interval]))',
        legendFormat: '{{provider}} Failed',
        range: true,
      },
    ]);
  });

  it('totals cover the time that is shown', () => {
    const totals = panelOf('data-integrity from prometheus', 'Worth a look');
    expect(totals?.targets?.[0]).toMatchObject({
      expr: 'sum(increase(quartersec_quarantined_total[$__range]))',
      instant: true,
      legendFormat: 'Quarantined',
    });
  });

  it('errors are the alerts that fire, and the panel says why', () => {
    const errors = panelOf('critical-errors from prometheus', 'Errors');
    expect(errors?.type).toBe('table');
    expect(errors?.targets).toMatchObject([{ expr: 'ALERTS{alertstate="firing"}', format: 'table' }]);
    expect(errors?.description).toContain('Prometheus has no log lines');
  });
});

describe('from CloudWatch', () => {
  it('a plain metric is asked for without arithmetic, over the set that has no dimensions', () => {
    expect(panelOf('sla-overview from cloudwatch', 'Store p95')).toMatchObject({
      timeFrom: '15m',
      targets: [
        {
          id: 'a',
          namespace: 'quartersec',
          metricName: 'Store',
          statistic: 'p95',
          dimensions: {},
          matchExact: true,
          period: '300',
          region: '$region',
        },
      ],
    });
  });

  it('arithmetic refers to hidden queries of the same panel', () => {
    const panel = panelOf('sla-overview from cloudwatch', 'Cold starts a minute');
    expect(panel?.targets).toMatchObject([
      { id: 'a_m0', hide: true, metricName: 'ColdStart', statistic: 'Sum', period: '' },
      { id: 'a', expression: '(a_m0 / PERIOD(a_m0) * 60)', metricEditorMode: 1, period: '' },
    ]);
  });

  it('every query of a metric has a statistic, without which Grafana refuses it, and an id that CloudWatch takes', () => {
    const queries = all
      .filter(({ source }) => source.name === 'cloudwatch')
      .flatMap(({ board }) => board.panels.flatMap(({ targets = [] }) => targets))
      .filter(({ queryMode }) => queryMode === 'Metrics');
    expect(queries.length).toBeGreaterThan(0);
    expect(queries.filter(({ statistic }) => typeof statistic !== 'string')).toEqual([]);
    expect(queries.filter(({ id }) => !/^[a-z][a-zA-Z0-9_]*$/.test(String(id)))).toEqual([]);
  });

  it('an error budget is added up by the day, over its 30 days', () => {
    const panel = panelOf('sla-overview from cloudwatch', 'Events without an error: budget left');
    expect(panel?.timeFrom).toBe('30d');
    expect(panel?.targets?.at(-1)).toMatchObject({
      expression: '(1 - (SUM(FILL(a_m0, 0)) / SUM(a_m1)) / 0.001) + 0 * a_m1',
      period: '86400',
    });
  });

  it('providers are searched for, so a rate is what is counted in a minute', () => {
    expect(panelOf('providers from cloudwatch', 'Failed a minute')?.targets).toEqual([
      expect.objectContaining({
        metricName: 'Failed',
        statistic: 'Sum',
        dimensions: { service: '$service', provider: '$provider' },
        period: '60',
        label: `\${PROP('Dim.provider')} Failed`,
      }),
    ]);
  });

  it('DAX and the dead-letter queue are asked themselves', () => {
    const [hits] = panelOf('sla-overview from cloudwatch', 'Cached reads a minute')?.targets ?? [];
    expect(hits).toMatchObject({
      namespace: 'AWS/DAX',
      metricName: 'ItemCacheHits',
      dimensions: { ClusterId: '$ClusterId' },
    });
    const [dead] = panelOf('critical-errors from cloudwatch', 'Dead letters')?.targets ?? [];
    expect(dead).toMatchObject({ namespace: 'AWS/SQS', dimensions: { QueueName: '$QueueName' }, statistic: 'Maximum' });
  });

  it('totals are added up, and the silence of a counter is 0', () => {
    expect(panelOf('data-integrity from cloudwatch', 'Must be 0')).toMatchObject({
      options: { reduceOptions: { calcs: ['sum'] } },
      fieldConfig: { defaults: { noValue: '0' } },
    });
    const latency = panelOf('sla-overview from cloudwatch', 'Round trip p95');
    expect(latency?.fieldConfig?.defaults).not.toHaveProperty('noValue');
  });

  it('errors are log lines with what identifies the event', () => {
    const errors = panelOf('critical-errors from cloudwatch', 'Errors');
    expect(errors?.type).toBe('logs');
    expect(errors?.targets).toMatchObject([
      {
        queryMode: 'Logs',
        logGroups: [{ arn: '$loggroup' }],
        expression:
          'fields @timestamp, level, message, component, provider, error_code, error_detail, correlation_id, connection_id | filter level in ["CRITICAL", "ERROR"] | sort @timestamp desc | limit 200',
      },
    ]);
  });

  it('an open dashboard asks rarely, since every query is paid for', () => {
    const refreshes = all.map(({ source, board }) => [source.name, board.refresh].join(' '));
    expect(new Set(refreshes)).toEqual(new Set(['prometheus 10s', 'cloudwatch 5m']));
  });
});

describe('limits', () => {
  it('are those of the objectives, on the figures and on the lines', () => {
    const limit = { steps: [{ color: 'green' }, { value: 250, color: 'red' }] };
    for (const title of ['Round trip p95', 'Round trip', 'Processing p95', 'Processing']) {
      expect(panelOf('sla-overview from prometheus', title)?.fieldConfig?.defaults.thresholds).toMatchObject(limit);
    }
  });

  it('rise with the severity of the burn', () => {
    const burn = panelOf('sla-overview from prometheus', 'Events within the promise: budget burn');
    expect(burn?.fieldConfig?.defaults.thresholds).toMatchObject({
      steps: [
        { color: 'green' },
        { value: 1, color: 'orange' },
        { value: 6, color: 'orange' },
        { value: 14.4, color: 'red' },
      ],
    });
    expect(burn?.targets?.map(({ legendFormat }) => legendFormat)).toEqual([
      'last 5 min',
      'last 30 min',
      'last 1 h',
      'last 6 h',
      'last 72 h',
    ]);
  });

  it('turn a share green from its bound upwards', () => {
    expect(panelOf('sla-overview from prometheus', 'Cache hit rate')?.fieldConfig?.defaults.thresholds).toMatchObject({
      steps: [{ color: 'orange' }, { value: 0.2, color: 'green' }],
    });
  });

  it('are missing where nothing is promised', () => {
    const load = panelOf('sla-overview from prometheus', 'Events a minute');
    expect(load?.fieldConfig?.defaults.thresholds).toMatchObject({ steps: [{ color: 'text' }] });
  });
});

describe('critical errors', () => {
  it('count every metric that an event alert is about, but for levels', () => {
    const titles = panelOf('critical-errors from prometheus', 'In the time shown')?.targets?.map(
      ({ legendFormat }) => legendFormat,
    );
    const events = alerts.filter(({ kind }) => kind === 'event').map(({ name }) => name);
    expect(titles).toEqual(events.filter((name) => name !== 'DeadLettered'));
  });
});
