/**
 * typia against zod 4 and ajv 8 on one page: text in, proven page out. Rounds are interleaved, so that a noisy machine
 * slows all contenders alike, and ratios are taken within a round. Bundle it with typia's transform first: `run.ts`.
 */
import { parseExact, parseWithReviver } from '../src/exact-json.ts';
import { checkRemoved, checkSyncEnvelope } from '../src/plaid/check.ts';
import { accountRecord, transactionRecord } from '../src/plaid/records.ts';
import { ajvAccepts } from './ajv-page.ts';
import { examplePageText } from './example-page.ts';
import { zodAccepts } from './zod-page.ts';

export interface ValidationBenchOptions {
  readonly transactions?: number;
  readonly rounds?: number;
  /** Processor time of one contender in one round. */
  readonly sliceMs?: number;
}

export interface BenchFigure {
  readonly name: string;
  /** Pages per second of processor time. */
  readonly medianOpsPerSecond: number;
  /** How many times as fast as `baseline`: median, 10th and 90th percentile over the rounds. */
  readonly ratio: { readonly baseline: string; readonly median: number; readonly p10: number; readonly p90: number };
}

export interface ValidationBenchReport {
  readonly bench: 'validation';
  readonly node: string;
  readonly transactions: number;
  readonly pageBytes: number;
  readonly rounds: number;
  readonly parse: readonly BenchFigure[];
  readonly validate: readonly BenchFigure[];
  readonly parseAndValidate: readonly BenchFigure[];
}

type Task = () => unknown;

/** @throws {Error} when the contenders disagree on a page: then they are not equally strict, and no figure is worth anything */
export function runValidationBench(options: ValidationBenchOptions = {}): ValidationBenchReport {
  const { transactions = 100, rounds = 21, sliceMs = 40 } = options;
  const text = examplePageText(transactions);
  assertEquallyStrict(text);
  const page = parseExact(text);
  const measured = (tasks: Readonly<Record<string, Task>>) => measure(tasks, rounds, sliceMs);
  return {
    bench: 'validation',
    node: process.version,
    transactions,
    pageBytes: Buffer.byteLength(text),
    rounds,
    parse: measured({
      parseExact: () => parseExact(text),
      'JSON.parse (floats)': () => JSON.parse(text),
      'JSON.parse with reviver': () => parseWithReviver(text),
    }),
    validate: measured({
      typia: () => typiaAccepts(page),
      'zod 4': () => zodAccepts(page),
      'ajv 8': () => ajvAccepts(page),
    }),
    parseAndValidate: measured({
      typia: () => typiaAccepts(parseExact(text)),
      'zod 4': () => zodAccepts(parseExact(text)),
      'ajv 8': () => ajvAccepts(parseExact(text)),
    }),
  };
}

/** The way the connector does it: page first, then each record on its own. */
function typiaAccepts(value: unknown): boolean {
  const envelope = checkSyncEnvelope(value);
  if (!envelope.ok) return false;
  const { added, modified, removed, accounts } = envelope.value;
  return (
    (added ?? []).every((record) => transactionRecord.check(record).ok) &&
    (modified ?? []).every((record) => transactionRecord.check(record).ok) &&
    (removed ?? []).every((record) => checkRemoved(record).ok) &&
    (accounts ?? []).every((record) => accountRecord.check(record).ok)
  );
}

const contenders = { typia: typiaAccepts, zod: zodAccepts, ajv: ajvAccepts };

type Json = Record<string, unknown>;
type Damage = (page: { added: Json[]; accounts: Json[]; removed: Json[] } & Json) => void;

const refusedByAll: readonly Damage[] = [
  (page) => delete page.has_more,
  (page) => Object.assign(page, { next_cursor: 'x'.repeat(1025) }),
  (page) => Object.assign(page, { added: {} }),
  (page) => Object.assign(page.added[7] ?? {}, { amount: '5' }),
  (page) => Object.assign(page.added[7] ?? {}, { amount: { literal: '5' } }),
  (page) => Object.assign(page.added[7] ?? {}, { name: 'x'.repeat(4097) }),
  (page) => Object.assign(page.added[7] ?? {}, { merchant_name: 5 }),
  (page) => Object.assign(page.added[7] ?? {}, { payment_meta: { payee: false } }),
  (page) => Object.assign(page.added[7] ?? {}, { payment_meta: null }),
  (page) => Object.assign(page.added[7] ?? {}, { location: { lat: '43' } }),
  (page) => Object.assign(page.added[7] ?? {}, { counterparties: [{ name: 'x' }] }),
  (page) => Object.assign(page.added[7] ?? {}, { personal_finance_category: { primary: 'x' } }),
  (page) => delete page.added[7]?.authorized_datetime,
  (page) => delete page.removed[0]?.transaction_id,
  (page) => Object.assign(page.accounts[1] ?? {}, { balances: { current: null } }),
  (page) => Object.assign(page.accounts[1] ?? {}, { mask: 4417 }),
];

const acceptedByAll: readonly Damage[] = [
  () => undefined,
  (page) => Object.assign(page, { new_member: 1 }),
  (page) =>
    Object.assign(page, { modified: null, removed: undefined, request_id: 7, transactions_update_status: null }),
  (page) => Object.assign(page.removed[0] ?? {}, { account_id: null }),
  (page) => Object.assign(page.added[7] ?? {}, { new_member: {}, transaction_code: 'new value', merchant_name: null }),
  (page) => delete page.added[7]?.counterparties,
  (page) => Object.assign(page.added[7] ?? {}, { payment_meta: {}, location: {}, personal_finance_category: null }),
];

function assertEquallyStrict(text: string): void {
  const cases = [
    ...refusedByAll.map((damage) => ({ damage, expected: false })),
    ...acceptedByAll.map((damage) => ({ damage, expected: true })),
  ];
  for (const { damage, expected } of cases) {
    for (const [name, accepts] of Object.entries(contenders)) {
      const page = JSON.parse(text);
      damage(page);
      if (accepts(parseExact(JSON.stringify(page))) !== expected) {
        throw new Error(`${name} ${expected ? 'refuses' : 'accepts'} a page with: ${damage}`);
      }
    }
  }
}

function measure(tasks: Readonly<Record<string, Task>>, rounds: number, sliceMs: number): BenchFigure[] {
  const entries = Object.entries(tasks);
  const opsPerSecond = new Map<string, number[]>(entries.map(([name]) => [name, []]));
  for (const [, task] of entries) opsIn(task, sliceMs * 3); // let the compiler finish first
  for (let round = 0; round < rounds; round += 1) {
    const first = round % entries.length;
    for (const [name, task] of [...entries.slice(first), ...entries.slice(0, first)]) {
      opsPerSecond.get(name)?.push(opsIn(task, sliceMs));
    }
  }
  const [baseline = ''] = entries.map(([name]) => name);
  const base = opsPerSecond.get(baseline) ?? [];
  return entries.map(([name]) => {
    const own = opsPerSecond.get(name) ?? [];
    const ratios = own.map((ops, round) => ops / (base[round] ?? Number.NaN));
    return {
      name,
      medianOpsPerSecond: Math.round(quantile(own, 0.5)),
      ratio: {
        baseline,
        median: at2(quantile(ratios, 0.5)),
        p10: at2(quantile(ratios, 0.1)),
        p90: at2(quantile(ratios, 0.9)),
      },
    };
  });
}

/** Per second of processor time, garbage collection included: waiting for other processes is not the contender's fault. */
function opsIn(task: Task, sliceMs: number): number {
  const started = process.cpuUsage();
  let operations = 0;
  let usedMs = 0;
  do {
    task();
    operations += 1;
    const { user, system } = process.cpuUsage(started); // microseconds
    usedMs = (user + system) / 1_000;
  } while (usedMs < sliceMs);
  return (operations / usedMs) * 1_000;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function at2(value: number): number {
  return Number(value.toPrecision(3));
}

/** The report for people. */
export function reportTable(report: ValidationBenchReport): string {
  const lines = [
    `validation bench: page of ${report.transactions} transactions, ${report.pageBytes} bytes, ${report.rounds} interleaved rounds, processor time, Node ${report.node}`,
  ];
  for (const part of ['parse', 'validate', 'parseAndValidate'] as const) {
    lines.push(
      '',
      `${part.padEnd(26)}${'pages/s'.padStart(10)}   speed against ${report[part][0]?.name} (10th to 90th percentile)`,
    );
    for (const { name, medianOpsPerSecond, ratio } of report[part]) {
      lines.push(
        `  ${name.padEnd(24)}${String(medianOpsPerSecond).padStart(10)}   ${ratio.median} (${ratio.p10} to ${ratio.p90})`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}
