/**
 * Source B: a Prometheus that scrapes a deployed system and judges the rules. The board asks it the same expressions, in
 * PromQL, and keeps nothing but the last answers.
 */
import { cadence, type Expression, prometheusCountName, toPromql } from '@quartersec/sla';
import type { AlertNotice } from './alert-log.ts';
import { readPrometheusAlerts } from './alertmanager.ts';
import type { BoardReader, SourceView } from './board-reader.ts';
import { rangeOf, rounded } from './chart-points.ts';
import { type Chart, type ChartRange, chartRanges, chartsOf, drawn, windowOf } from './charts.ts';
import { eventsLastMinute, objectiveRows } from './objective-rows.ts';
import type { RangeData } from './snapshot.ts';
import { requestJson, SourceError } from './source-request.ts';

const timeoutMs = 10_000;
/** Range queries cost Prometheus more than instant ones: the shortest range is asked again after this. */
const chartsEveryMs = 15_000;
/** Prometheus works on 20 queries at once unless told otherwise; leave it some. */
const queriesAtOnce = 6;

/** Every expression that the rows ask for. */
function expressionsOfRows(): readonly Expression[] {
  const asked: Expression[] = [eventsLastMinute];
  const record = (expression: Expression) => {
    asked.push(expression);
    return undefined;
  };
  objectiveRows(record, { arrivals: { count: 0, slowestMs: 0 } });
  return asked;
}

const rowQueries = [...new Set(expressionsOfRows().map((expression) => toPromql(expression)))];
const newestQuery = `max(timestamp(${prometheusCountName('Events')}))`;
const providersQuery = `group by (provider) (${prometheusCountName('ProviderTime')} > 0)`;

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

function finite(text: string | undefined): number | undefined {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

async function inTurn<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: queriesAtOnce }, worker));
  return results;
}

export class PrometheusReader implements BoardReader {
  readonly kind = 'prometheus';
  readonly readEveryMs = cadence.evaluateMs;
  readonly staleAfterMs = 3 * cadence.scrapeMs + cadence.evaluateMs;
  readonly url: string;
  #answers = new Map<string, number | undefined>();
  #dataEpochMs: number | undefined;
  #notices: readonly AlertNotice[] = [];
  #listedEpochMs = 0;
  #charts = new Map<string, { readonly readEpochMs: number; readonly data: RangeData }>();

  constructor(url: string) {
    this.url = url;
  }

  async #ask(call: string, query: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const answer = await requestJson(`${this.url}/api/v1/${call}?${new URLSearchParams(query)}`, { timeoutMs });
    const { status, data, error } = (answer ?? {}) as { status?: unknown; data?: unknown; error?: unknown };
    if (status !== 'success') throw new SourceError('SOURCE_WRONG', `Prometheus says: ${String(error).slice(0, 200)}`);
    return data;
  }

  async #samples(call: string, query: Readonly<Record<string, string>>): Promise<readonly Sample[]> {
    const { result } = ((await this.#ask(call, query)) ?? {}) as { result?: unknown };
    return Array.isArray(result) ? (result as readonly Sample[]) : [];
  }

  async read(nowEpochMs: () => number): Promise<void> {
    const listedEpochMs = nowEpochMs();
    const alerts = readPrometheusAlerts(await this.#ask('alerts'));
    const queries = [...rowQueries, newestQuery];
    const answers = await inTurn(queries, async (query) => {
      const [first] = await this.#samples('query', { query });
      return [query, finite(first?.value?.[1])] as const;
    });
    const providers = await this.#samples('query', { query: providersQuery });
    this.#answers = new Map(answers);
    this.#notices = alerts;
    this.#listedEpochMs = listedEpochMs;
    const newestSeconds = this.#answers.get(newestQuery);
    this.#dataEpochMs = newestSeconds === undefined ? this.#dataEpochMs : newestSeconds * 1_000;
    await this.#readCharts(providers.flatMap(({ metric: { provider } }) => provider ?? []).sort(), nowEpochMs());
  }

  async #readCharts(providers: readonly string[], nowEpochMs: number): Promise<void> {
    for (const range of chartRanges) {
      const last = this.#charts.get(range.id);
      if (last !== undefined && nowEpochMs - last.readEpochMs < Math.max(range.stepMs, chartsEveryMs)) continue;
      const data = await this.#readRange(range, chartsOf(providers), nowEpochMs);
      this.#charts.set(range.id, { readEpochMs: nowEpochMs, data });
    }
  }

  async #readRange(range: ChartRange, charts: readonly Chart[], nowEpochMs: number): Promise<RangeData> {
    const { id, spanMs, stepMs } = range;
    const end = Math.floor(nowEpochMs / stepMs) * (stepMs / 1_000);
    const start = end - spanMs / 1_000;
    const times = Array.from({ length: spanMs / stepMs + 1 }, (_, index) => start + (index * stepMs) / 1_000);
    const span = { start: `${start}`, end: `${end}`, step: `${stepMs / 1_000}` };
    const wanted = charts.flatMap((chart) => chart.lines.map((line) => ({ chart, line })));
    const lines = await inTurn(wanted, async ({ chart, line }) => {
      const query = toPromql(line.expression(windowOf(range)));
      const [first] = await this.#samples('query_range', { query, ...span });
      const at = new Map(first?.values?.map(([seconds, text]) => [seconds, finite(text)]));
      return { chart, name: line.name, values: times.map((seconds) => rounded(at.get(seconds))) };
    });
    return {
      range: id,
      spanMs,
      stepMs,
      toEpochMs: nowEpochMs,
      times,
      charts: drawn(
        charts,
        (chart, name) => lines.find((line) => line.chart === chart && line.name === name)?.values ?? [],
      ),
    };
  }

  view(): SourceView {
    return {
      ask: (expression) => this.#answers.get(toPromql(expression)),
      dataEpochMs: this.#dataEpochMs,
      notices: this.#notices,
      listedEpochMs: this.#listedEpochMs,
      errors: [],
      errorsElsewhere: 'Prometheus has no logs. Look in CloudWatch Logs, by the correlation id or the error code.',
      faultSwitch: { available: false, on: false, says: 'This is no sandbox: there is no fault to switch.' },
      warnings: [],
    };
  }

  chartData(rangeId: string, nowEpochMs: number): RangeData {
    const { id, spanMs, stepMs } = rangeOf(rangeId);
    const none = { range: id, spanMs, stepMs, toEpochMs: nowEpochMs, times: [], charts: [] };
    return this.#charts.get(id)?.data ?? none;
  }

  async switchFault(): Promise<string> {
    throw new SourceError('SOURCE_WRONG', this.view().faultSwitch.says, { status: 404 });
  }
}
