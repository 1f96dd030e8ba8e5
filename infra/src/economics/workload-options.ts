/** The command's options, read strictly: a typing error must not become a wrong bill. */
import { CommandError, readArguments } from '@quartersec/command-line';
import { limits } from './limits.ts';
import { daxNodes, isDaxNodeType } from './price-list.ts';
import { type DaxCluster, type Workload, workload } from './workload.ts';

export interface CostOptions {
  /** `undefined` when only the pages are to be written. */
  readonly load: Workload | undefined;
  readonly json: boolean;
  readonly writePages: boolean;
}

const numbers = {
  'entry-bytes': 'entryBytes',
  'head-bytes': 'headBytes',
  'insight-state-bytes': 'insightStateBytes',
  'log-bytes': 'logBytes',
  'memory-mb': 'memoryMb',
  'duration-ms': 'durationMs',
  'events-per-invocation': 'eventsPerInvocation',
  'webhooks-per-event': 'webhooksPerEvent',
  'reads-per-event': 'readsPerEvent',
  month: 'month',
  provisioned: 'provisionedEnvironments',
} as const satisfies Record<string, keyof Workload>;
type NumberOption = keyof typeof numbers;

/** May be 0; everything else must be more. */
const mayBeNone: ReadonlySet<string> = new Set([
  'reads-per-event',
  'webhooks-per-event',
  'provisioned',
  'log-bytes',
  'hit-rate',
]);

const text = { type: 'string' } as const;
export const costOptions = {
  'events-per-month': text,
  ...(Object.fromEntries(Object.keys(numbers).map((name) => [name, text])) as Record<NumberOption, typeof text>),
  dax: text,
  'hit-rate': text,
  'webhooks-through-gateway': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  'write-pages': { type: 'boolean', default: false },
} as const;

/** @throws {CommandError} naming the option that is wrong and what belongs in it */
export function readCostOptions(args: readonly string[]): CostOptions {
  const { values } = readArguments({ name: 'cost', usage: '', options: costOptions }, args);
  const shown = { json: values.json, writePages: values['write-pages'] };
  if (shown.writePages && values['events-per-month'] === undefined) return { load: undefined, ...shown };
  if (values['events-per-month'] === undefined)
    throw new CommandError('USAGE', '--events-per-month is needed, for example 438000000');
  const given: Record<string, number> = {};
  for (const [option, name] of Object.entries(numbers) as [NumberOption, keyof Workload][]) {
    const value = values[option];
    if (value !== undefined) given[name] = amountOf(option, value);
  }
  const webhooksThroughGateway = values['webhooks-through-gateway'];
  const eventsPerMonth = amountOf('events-per-month', values['events-per-month']);
  const hitRate = amountOf('hit-rate', values['hit-rate'] ?? '0.9');
  if (hitRate > 1) throw new CommandError('USAGE', '--hit-rate must be from 0 to 1');
  const dax = values.dax === undefined ? {} : { dax: readCluster(values.dax, hitRate) };
  return { load: workload({ ...given, eventsPerMonth, webhooksThroughGateway, ...dax }), ...shown };
}

function amountOf(option: string, text: string): number {
  const value = /^\d+(\.\d+)?(e\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 || (value === 0 && mayBeNone.has(option))) return value;
  throw new CommandError(
    'USAGE',
    `--${option} must be a number${mayBeNone.has(option) ? '' : ' above 0'}, not ${text}`,
  );
}

function readCluster(text: string, hitRate: number): DaxCluster {
  const [, nodes = '', nodeType = ''] = /^(\d+)x(?:dax\.)?(.+)$/.exec(text) ?? [];
  if (nodes === '' || Number(nodes) < 1 || Number(nodes) > limits.daxNodes.value || !isDaxNodeType(nodeType))
    throw new CommandError(
      'USAGE',
      `--dax must be 1 to ${limits.daxNodes.value} nodes of a type, such as 3xr5.large (${Object.keys(daxNodes).join(', ')}), not ${text}`,
    );
  return { nodes: Number(nodes), nodeType, hitRate };
}
