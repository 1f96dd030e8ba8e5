/** CPU of deriving insights and size of what is kept for it. Each round has a ledger that the process has not seen. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Transaction } from '@quartersec/validation';
import {
  applyChanges,
  type ConnectionState,
  connectionInsights,
  packState,
  stateOf,
  unpackState,
  type View,
  viewOf,
} from '../src/index.ts';
import { median } from '../src/spread.ts';
import { benchCounterparties, benchTransactions, powerLawLedger } from './power-law-ledger.ts';

const usage = `Usage: npm run bench -- insights [options]
CPU and size of the insights of one connection: ${benchTransactions} transactions with ${benchCounterparties} counterparties in two years.

  --rounds N  ledgers (default 60)
  --out FILE  JSON report (default perf/reports/bench-insights.json)
  --help      this text
`;

/** What the issue promises. */
const targets = { microsPerTransaction: 10, packedBytes: 4_096 };
const eventTransactions = 5;
const warmUpRounds = 10;

function viewAt(state: ConnectionState): View {
  const today = state.newestDay ?? 0;
  const account = {
    accountId: 'a1',
    identityBasis: 'iban',
    providerAccountId: 'p1',
    currency: 'EUR',
    type: 'CACC',
    nature: 'asset',
    name: null,
    mask: null,
    balances: [],
  } as const;
  const facts = {
    connectionId: 'c1',
    institutionId: 'i1',
    consentEndsDay: null,
    syncedDay: today,
    isHistoryComplete: true,
    accounts: [account],
  };
  return viewOf([{ facts, state }], today);
}

/** Microseconds of CPU of this process, user and system. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function measure(seed: number, isEnriched: boolean) {
  const all = powerLawLedger(seed, isEnriched).toSorted((a, b) =>
    (a.bookingDate ?? '') < (b.bookingDate ?? '') ? -1 : 1,
  );
  let packed: Uint8Array = new Uint8Array();
  const wholeMicros = cpuOf(() => connectionInsights(viewAt(stateOf(all))));
  // An event on a state that was stored before it.
  const before = packState(stateOf(all.slice(0, -eventTransactions)));
  const added: readonly Transaction[] = all.slice(-eventTransactions);
  const parts = { unpack: 0, apply: 0, assess: 0, pack: 0 };
  let state: ConnectionState | undefined;
  parts.unpack = cpuOf(() => (state = unpackState(before)));
  const loaded = state;
  parts.apply = cpuOf(() => (state = loaded && applyChanges(loaded, { added, modified: [], removed: [] })));
  const next = state;
  if (next === undefined) throw new Error('The bench needs an event that can be taken in.');
  parts.assess = cpuOf(() => connectionInsights(viewAt(next)));
  parts.pack = cpuOf(() => (packed = packState(next)));
  return {
    wholeMicros,
    parts,
    packedBytes: packed.length,
    movements: next.ledgers.reduce((sum, { movements }) => sum + movements.length, 0),
  };
}

function summary(rounds: number, isEnriched: boolean) {
  for (let seed = 1; seed <= warmUpRounds; seed++) measure(900_000 + seed, isEnriched);
  const results = Array.from({ length: rounds }, (_, index) => measure(index + 1, isEnriched));
  const of = (value: (result: ReturnType<typeof measure>) => number) => median(results.map(value));
  const perTransaction = (micros: number) => Math.round((100 * micros) / benchTransactions) / 100;
  const event = {
    unpack: of(({ parts }) => parts.unpack),
    apply: of(({ parts }) => parts.apply),
    assess: of(({ parts }) => parts.assess),
    pack: of(({ parts }) => parts.pack),
  };
  return {
    microsPerTransaction: perTransaction(of(({ wholeMicros }) => wholeMicros)),
    eventMicros: { ...event, total: event.unpack + event.apply + event.assess + event.pack },
    packedBytes: of(({ packedBytes }) => packedBytes),
    keptMovements: of(({ movements }) => movements),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '60' },
      out: { type: 'string', default: join(import.meta.dirname, '../../../perf/reports/bench-insights.json') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds needs a whole number above 0, not "${values.rounds}". --help lists the options.`);
  const report = {
    targets,
    rounds,
    transactions: benchTransactions,
    enriched: summary(rounds, true),
    statementText: summary(rounds, false),
  };
  const out = resolve(values.out);
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, `${JSON.stringify(report, null, 2)}\n`);
  const line = (
    name: string,
    { microsPerTransaction, eventMicros, packedBytes, keptMovements }: ReturnType<typeof summary>,
  ) =>
    `${name}: ${microsPerTransaction} us/transaction from scratch;\n` +
    `  event of ${eventTransactions}: ${eventMicros.total} us (unpack ${eventMicros.unpack}, apply ${eventMicros.apply}, assess ${eventMicros.assess}, pack ${eventMicros.pack}); packed ${packedBytes} bytes, ${keptMovements} movements\n`;
  process.stdout.write(
    `${line('enriched', report.enriched)}${line('statement text', report.statementText)}report: ${out}\n`,
  );
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
