/** `npm run read`: what the API says to a user, as a table or as JSON. */
import { type Arguments, CommandError, runCommand } from '@quartersec/command-line';
import type { Money } from '@quartersec/validation';
import { type ApiClient, openApi } from './api-client.ts';
import { renderRows } from './render-rows.ts';

const usage = `npm run read -- connections|accounts|transactions|insights|recommendations|changes [options]
  Reads from the running system's API (npm start) as one of its users.
  --user ID         whose data (default: demo, the user of npm run link; user-0, user-1, ... have a connection from the start)
  --connection ID   of one connection only
  --account ID      transactions of one account only
  --from, --to DAY  transactions of these days (YYYY-MM-DD, inclusive)
  --status STATUS   BOOK or PDNG
  --kind KIND       insights of one kind only, e.g. recurring
  --insight ID      one insight by its fingerprint, with the movements it rests on and what to do about it
  --limit N         rows a page (1 to 500)
  --cursor TEXT     the next page; of changes: where to go on
  --wait SECONDS    changes: wait so long for one (0 to 20)
  --all             every page there is
  --json            the answers as they came, one a line
`;

const options = {
  user: { type: 'string', default: 'demo' },
  connection: { type: 'string' },
  account: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  status: { type: 'string' },
  kind: { type: 'string' },
  insight: { type: 'string' },
  limit: { type: 'string' },
  cursor: { type: 'string' },
  wait: { type: 'string' },
  all: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;
/** What goes to the API as it is. */
const filterNames = ['connection', 'account', 'from', 'to', 'status', 'kind', 'limit', 'wait'] as const;
type Values = Arguments<typeof options>['values'];

type Row = Readonly<Record<string, unknown>>;
interface Page {
  readonly nextCursor?: string | null;
  readonly more?: boolean;
  readonly [rows: string]: unknown;
}

/** Which parameters each has is the API's to say: what it does not know, it refuses by name. */
const columns: Readonly<Record<string, (row: Row) => readonly string[]>> = {
  connections: ({ connectionId, institutionId, status, userAction, history, accounts, syncedEpochMs }) => [
    text(connectionId),
    text(institutionId),
    text(status),
    userAction === 'none' ? '' : `user: ${text(userAction)}`,
    `history ${text(history)}`,
    `${text(accounts)} accounts`,
    syncedEpochMs === null ? 'not read yet' : `read ${time(syncedEpochMs)}`,
  ],
  accounts: ({ accountId, name, state, balances, connectionId }) => [
    text(accountId),
    text(name),
    text(state),
    (balances as readonly Row[]).map((balance) => `${text(balance.balanceType)} ${money(balance.amount)}`).join(', '),
    text(connectionId),
  ],
  transactions: (row) => [
    day(row),
    text(row.status),
    money(row.amount),
    text(row.merchantName ?? row.description),
    text(row.accountId),
  ],
  insights: (row) => [
    text(row.kind),
    text(row.date),
    text(row.counterparty),
    insightWords(row),
    `${text(row.confidencePercent)} %`,
    text(row.fingerprint),
  ],
  recommendations: (row) => [
    text(row.action),
    text(row.counterparty),
    row.benefitMinor === null ? '' : `${minor(row, row.benefitMinor)} ${text(row.benefitPeriod)}`,
    `${text(row.confidencePercent)} %`,
    text(row.fingerprint),
  ],
  changes: ({ kind, version, transaction, transactionId, account, connection, insight, fingerprint, connectionId }) => [
    text(connectionId),
    text(version),
    text(kind),
    transaction === undefined ? '' : `${day(transaction as Row)} ${money((transaction as Row).amount)}`,
    text(
      transactionId ??
        (transaction as Row | undefined)?.transactionId ??
        (account as Row | undefined)?.accountId ??
        (connection as Row | undefined)?.status ??
        (insight as Row | undefined)?.kind ??
        fingerprint,
    ),
  ],
};

/** Members of an insight that its row shows beside its amounts. */
const insightDetails = new Set([
  'direction',
  'cadence',
  'status',
  'nextDate',
  'reason',
  'times',
  'category',
  'month',
  'days',
  'of',
]);

await runCommand({ name: 'read', usage, options, argumentsAtMost: 1 }, async ({ values, positionals: [what] }) => {
  if (what === undefined || !Object.hasOwn(columns, what))
    throw new CommandError('USAGE', `read what? npm run read -- ${Object.keys(columns).join('|')}`);
  if (values.insight !== undefined && what !== 'insights')
    throw new CommandError('USAGE', `--insight is of insights: npm run read -- insights --insight ${values.insight}`);
  const api = await openApi(values.user);
  await (values.insight === undefined ? read(api, what, values) : readInsight(api, values.insight, values.json));
});

async function readInsight(api: ApiClient, id: string, isJson: boolean): Promise<void> {
  const found = await api.call<{ readonly insight: Row; readonly recommendations: readonly Row[] } & Page>(
    'GET',
    `/v1/insights/${encodeURIComponent(id)}`,
  );
  sayUnreadable(found);
  if (isJson) {
    process.stdout.write(`${JSON.stringify(found)}\n`);
    return;
  }
  const { insight, recommendations } = found;
  const evidence = insight.evidence as readonly Row[];
  process.stdout.write(
    [
      renderRows([columns.insights?.(insight) ?? []]),
      `\nrests on ${evidence.length} movements\n`,
      renderRows(
        evidence.map((one) => [text(one.date), minor(insight, one.minor), text(one.accountId), text(one.connectionId)]),
      ),
      ...(recommendations.length === 0
        ? []
        : ['\nwhat to do\n', renderRows(recommendations.map(columns.recommendations ?? (() => [])))]),
    ].join(''),
  );
}

async function read(api: ApiClient, what: string, values: Values): Promise<void> {
  const { all, json, cursor } = values;
  const query = filterNames.flatMap((name): [string, string][] => {
    const value = values[name];
    return value === undefined ? [] : [[name, value]];
  });
  const cursorName = what === 'changes' ? 'after' : 'cursor';
  let next = cursor;
  let rows = 0;
  for (;;) {
    const search = new URLSearchParams([
      ...query,
      ...(next === undefined ? [] : [[cursorName, next] as [string, string]]),
    ]);
    const page = await api.call<Page>('GET', `/v1/${what}${search.size === 0 ? '' : `?${search}`}`);
    const found = page[what] as readonly Row[];
    rows += found.length;
    process.stdout.write(json ? `${JSON.stringify(page)}\n` : renderRows(found.map(columns[what] ?? (() => []))));
    sayUnreadable(page);
    next = page.nextCursor ?? undefined;
    const isLast = next === undefined || page.more === false;
    if (isLast || !all) break;
  }
  if (json) return;
  const goOn = what === 'changes' ? 'go on with' : 'more with';
  process.stdout.write(`${rows} ${what}${next === undefined ? '' : `; ${goOn} --cursor=${next}`}\n`);
}

function sayUnreadable({ unreadable = [] }: Page): void {
  for (const { connectionId, code } of unreadable as readonly Row[])
    process.stderr.write(`read: ${text(connectionId)} cannot be read: ${text(code)}\n`);
}

/** The figures of an insight, by their names: `typical 12.99 USD, next 2026-12-03`. */
function insightWords(row: Row): string {
  return Object.entries(row)
    .flatMap(([name, value]) => {
      if (name.endsWith('Minor')) return [`${name.slice(0, -'Minor'.length)} ${minor(row, value)}`];
      return insightDetails.has(name) ? [`${name.replace(/Date$/, '')} ${text(value)}`] : [];
    })
    .join(', ');
}

function minor({ currency, exponent }: Row, value: unknown): string {
  return money({ minor: text(value), exponent, currency });
}

function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}

function time(epochMs: unknown): string {
  return new Date(Number(epochMs)).toISOString();
}

function day({ bookingDate, executionDate, valueDate }: Row): string {
  return text(bookingDate ?? executionDate ?? valueDate);
}

function money(amount: unknown): string {
  const { minor, exponent, currency, unofficialCurrency } = amount as Money;
  const digits = minor.replace('-', '').padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const fraction = exponent > 0 ? `.${digits.slice(-exponent)}` : '';
  return `${minor.startsWith('-') ? '-' : ''}${whole}${fraction} ${currency ?? unofficialCurrency ?? ''}`;
}
