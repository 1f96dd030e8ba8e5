/** `npm run cost`: what a month costs, with and without DAX; and the tables of docs/cost.md and docs/scale.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { runCommand } from '@quartersec/command-line';
import { advisedDax, costTables, linesTable } from './cost-tables.ts';
import { daxBreakEven } from './dax-break-even.ts';
import { amount, number, usd } from './markdown-table.ts';
import { monthlyCost } from './monthly-cost.ts';
import { type Blocks, renderBlocks } from './page-blocks.ts';
import { priceRegion, pricesWrittenOn } from './price-list.ts';
import { scaleTables } from './scale-tables.ts';
import type { Workload } from './workload.ts';
import { costOptions, readCostOptions } from './workload-options.ts';

const usage = `npm run cost -- --events-per-month N [options]
  --entry-bytes N              journal entry an event (default: as measured, see docs/cost.md)
  --head-bytes N               head of a connection
  --insight-state-bytes N      state of its insights; 0: none
  --log-bytes N                log and metrics lines an event
  --memory-mb N                of the functions (default 1024)
  --duration-ms N              of an invocation (default: from the measured round trip and the memory)
  --events-per-invocation N    messages a batch has on average (default 1)
  --webhooks-per-event N       events that a webhook tells of; the others come by the schedule or from the app (default 1)
  --webhooks-through-gateway   as deployed without webhookConcurrency (default: to an address of their own)
  --reads-per-event N          head reads with an event, its own among them (default 1)
  --month N                    months since the start; storage grows (default 1)
  --provisioned N              environments kept ready (default 0)
  --dax NODESxTYPE             such as 3xr5.large; --hit-rate N (default 0.9)
  --json                       figures instead of a table
  --write-pages                makes the tables of docs/cost.md and docs/scale.md anew
List prices of ${priceRegion}, written down on ${pricesWrittenOn}; free tiers and discounts are left out.
`;

const pages: readonly (readonly [path: string, blocks: Blocks])[] = [
  ['docs/cost.md', costTables],
  ['docs/scale.md', scaleTables],
];

await runCommand({ name: 'cost', usage, options: costOptions }, () => {
  const { load, json, writePages } = readCostOptions(process.argv.slice(2));
  if (writePages) rewritePages();
  if (load !== undefined) process.stdout.write(json ? `${JSON.stringify(report(load), null, 2)}\n` : text(load));
});

function report(load: Workload): unknown {
  const { dax, ...without } = load;
  const cluster = dax ?? advisedDax;
  return {
    region: priceRegion,
    pricesWrittenOn,
    workload: load,
    withoutDax: monthlyCost(without),
    withDax: { cluster, ...monthlyCost({ ...load, dax: cluster }) },
    breakEven: daxBreakEven(load, cluster),
  };
}

function text(load: Workload): string {
  const cluster = load.dax ?? advisedDax;
  const { dax: _, ...without } = load;
  const point = daxBreakEven(load, cluster);
  const gatewayUsd = monthlyCost({ ...without, webhooksThroughGateway: true }).usdPerMillionEvents;
  const webhooks = load.webhooksThroughGateway
    ? 'Webhooks come through the gateway; an address of their own costs less (docs/deploy.md, webhookConcurrency).'
    : `Webhooks come to an address of their own (docs/deploy.md, webhookConcurrency); through the gateway it is ${usd(gatewayUsd)} USD a million events.`;
  const difference = monthlyCost({ ...load, dax: cluster }).usd - monthlyCost(without).usd;
  const verdict =
    point.eventsPerMonth === undefined
      ? 'at no number of events with this many reads each: the way through the NAT gateway costs more than they save'
      : `from ${amount(point.eventsPerMonth)} events a month`;
  const reads =
    point.readsPerEvent === undefined
      ? ''
      : `; or from ${number(point.readsPerEvent, 1)} reads an event (${number(point.readsPerSecond ?? 0)} a second)`;
  return `${linesTable(load)}

${webhooks}
DAX ${cluster.nodes} x ${cluster.nodeType}, ${number(cluster.hitRate * 100)} % hits: ${usd(Math.abs(difference))} USD a month ${difference > 0 ? 'more' : 'less'} than without.
On cost alone it pays ${verdict}${reads}.
${priceRegion}, list prices written down on ${pricesWrittenOn}; free tiers and discounts left out. Sources: docs/cost.md.
`;
}

function rewritePages(): void {
  for (const [path, blocks] of pages) {
    const file = new URL(`../../../${path}`, import.meta.url);
    const page = readFileSync(file, 'utf8');
    const rendered = renderBlocks(page, blocks);
    if (rendered !== page) writeFileSync(file, rendered);
    process.stdout.write(`${path}: ${rendered === page ? 'as it was' : 'tables made anew'}\n`);
  }
}
