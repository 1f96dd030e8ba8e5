/** The tables of docs/cost.md, from the code. */
import { daxBreakEven } from './dax-break-even.ts';
import { eventFigures, type Figure } from './event-figures.ts';
import { amount, markdownTable, number, percent, usd } from './markdown-table.ts';
import { type CostLine, monthlyCost, storedGb } from './monthly-cost.ts';
import { daxNodes, gatewayRequests, logIngestion, type Price, prices, type TieredPrice } from './price-list.ts';
import { type DaxCluster, eventsPerMonthAt, type Workload, workload } from './workload.ts';

/** What AWS advises for production: three nodes in three zones. */
export const advisedDax: DaxCluster = { nodes: 3, nodeType: 'r5.large', hitRate: 0.9 };
const smallDax: DaxCluster = { nodes: 3, nodeType: 't3.small', hitRate: 0.9 };
/** The promised rate, all day: what the page computes with unless it says otherwise. */
const promised = eventsPerMonthAt(10_000);

export function linesTable(load: Workload): string {
  const { lines, usd: total, usdPerMillionEvents } = monthlyCost(load);
  const row = ({ item, quantity, unit, usd: each, fixed }: CostLine) => [
    fixed ? `${item} (fixed)` : item,
    `${amountOf(quantity)} ${unit}`,
    usd(each),
    usd((each / load.eventsPerMonth) * 1e6),
    percent(each / total),
  ];
  return markdownTable(
    ['line', 'how much', 'USD a month>', 'USD a million events>', 'share>'],
    [
      ...lines.filter(({ quantity }) => quantity > 0).map(row),
      ['**together**', '', `**${usd(total)}**`, `**${usd(usdPerMillionEvents)}**`, '100 %'],
    ],
  );
}

function amountOf(quantity: number): string {
  return quantity < 100 ? String(Number(quantity.toPrecision(3))) : amount(Math.round(quantity));
}

export function volumesTable(): string {
  const perMonth = [1e6, 1e7, 1e8, promised, eventsPerMonthAt(100_000)];
  return markdownTable(
    [
      'events a month',
      'events a minute>',
      'USD a month>',
      'USD a million>',
      'with DAX 3 x t3.small>',
      'with DAX 3 x r5.large>',
    ],
    perMonth.map((eventsPerMonth) => {
      const load = workload({ eventsPerMonth });
      const { usd: total, usdPerMillionEvents } = monthlyCost(load);
      return [
        amount(eventsPerMonth),
        number(eventsPerMonth / eventsPerMonthAt(1)),
        usd(total),
        usd(usdPerMillionEvents),
        usd(monthlyCost({ ...load, dax: smallDax }).usd),
        usd(monthlyCost({ ...load, dax: advisedDax }).usd),
      ];
    }),
  );
}

/** Each knob turned alone, at the promised rate. */
export function knobsTable(): string {
  const base = workload({ eventsPerMonth: promised });
  const baseUsd = monthlyCost(base).usd;
  const turned: readonly (readonly [what: string, load: Workload])[] = [
    ['entry of 4.7 KB, as before it was packed', { ...base, entryBytes: 4_700 }],
    ['no insights', { ...base, insightStateBytes: 0 }],
    ['webhooks through the gateway', { ...base, webhooksThroughGateway: true }],
    ['no webhooks: events come by the schedule or from the app', { ...base, webhooksPerEvent: 0 }],
    ['no log line for an event that went well (metrics stay)', { ...base, logBytes: base.logBytes - 336 }],
    [
      '5 messages an invocation, lasting half as long again',
      { ...base, eventsPerInvocation: 5, durationMs: base.durationMs * 1.5 },
    ],
    ['512 MB of memory', workload({ eventsPerMonth: promised, memoryMb: 512 })],
    ['1,769 MB of memory (one whole core)', workload({ eventsPerMonth: promised, memoryMb: 1_769 })],
    ['a provider twice as slow', { ...base, durationMs: base.durationMs * 2 }],
    ['50 environments kept ready', { ...base, provisionedEnvironments: 50 }],
    ['10 reads an event instead of 1', { ...base, readsPerEvent: 10 }],
    ['the twelfth month: everything is kept', { ...base, month: 12 }],
    ['three of four events coalesced, by 2,500 calls a minute', { ...workload({ eventsPerMonth: promised / 4 }) }],
  ];
  return markdownTable(
    ['turned', 'USD a month>', 'against now>'],
    turned.map(([what, load]) => {
      const total = monthlyCost(load).usd;
      const change = total / baseUsd - 1;
      return [what, usd(total), `${change < 0 ? '-' : '+'}${percent(Math.abs(change))}`];
    }),
  );
}

export function storageTable(): string {
  const months = [1, 6, 12, 24];
  return markdownTable(
    ['month', 'stored on average>', 'storage and recovery, USD>', 'whole bill, USD>'],
    months.map((month) => {
      const load = workload({ eventsPerMonth: promised, month });
      const { lines, usd: total } = monthlyCost(load);
      const kept = lines.filter(({ unit }) => unit === 'GB-months').reduce((sum, each) => sum + each.usd, 0);
      return [String(month), `${number(storedGb(load))} GB`, usd(kept), usd(total)];
    }),
  );
}

export function breakEvenTable(): string {
  const cases: readonly (readonly [cluster: DaxCluster, readsPerEvent: number])[] = [
    [smallDax, 1],
    [smallDax, 10],
    [smallDax, 30],
    [advisedDax, 1],
    [advisedDax, 10],
    [advisedDax, 30],
  ];
  return markdownTable(
    [
      'cluster',
      'reads an event>',
      'fixed, USD a month>',
      'pays from events a month',
      'the nodes alone, from',
      'or, at 10,000 a minute, from reads an event>',
      'reads a second>',
    ],
    cases.map(([cluster, readsPerEvent]) => {
      const point = daxBreakEven(workload({ eventsPerMonth: promised, readsPerEvent }), cluster);
      return [
        `${cluster.nodes} x ${cluster.nodeType}`,
        String(readsPerEvent),
        usd(point.fixedUsdPerMonth),
        fromEvents(point.eventsPerMonth),
        fromEvents(point.eventsPerMonthNodesAlone),
        number(point.readsPerEvent ?? Number.NaN, 1),
        number(point.readsPerSecond ?? Number.NaN),
      ];
    }),
  );
}

function fromEvents(events: number | undefined): string {
  return events === undefined ? 'never' : amount(events);
}

export function figuresTable(): string {
  return markdownTable(
    ['figure', 'value>', 'what it is', 'from'],
    Object.entries<Figure>(eventFigures).map(([name, { value, unit, meaning, from, kind }]) => [
      `\`${name}\``,
      `${value < 100 ? value : number(value)} ${unit}`,
      meaning,
      `${kind}: ${kind === 'measured' ? `\`${from}\`` : from}`,
    ]),
  );
}

export function pricesTable(): string {
  const tiersOf = ({ tiers }: TieredPrice) => tiers.map(({ usd: each }) => plain(each)).join(' / ');
  const row = ({ per, source, found }: Omit<Price, 'usd'>, shown: string) => [
    shown,
    per,
    `[AWS](${source})`,
    found === undefined
      ? 'no: check before relying on it'
      : `[${new URL(found.page).hostname}](${found.page}), ${found.dated}`,
  ];
  return markdownTable(
    ['USD>', 'per', 'price page', 'found elsewhere, dated'],
    [
      ...Object.values<Price>(prices).map((price) => row(price, plain(price.usd))),
      row(gatewayRequests, tiersOf(gatewayRequests)),
      row(logIngestion, tiersOf(logIngestion)),
      ...Object.values<Price>(daxNodes).map((price) => row(price, plain(price.usd))),
    ],
  );
}

function plain(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 12 });
}

export const costTables = {
  'at the promised rate': () => linesTable(workload({ eventsPerMonth: promised })),
  'by volume': volumesTable,
  knobs: knobsTable,
  storage: storageTable,
  'when DAX pays': breakEvenTable,
  figures: figuresTable,
  prices: pricesTable,
} as const satisfies Record<string, () => string>;
