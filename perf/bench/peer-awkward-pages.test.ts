/** Pages that no simulator makes up: both functions must read, refuse and hash the same of them, to the last digit. */
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDeadline } from '@quartersec/sla';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BenchSystem, startBenchSystem } from './testing/bench-system.ts';

const hasGo = spawnSync('go', ['version']).status === 0;
const isCi = process.env.CI === 'true';

/** What the provider answers, whoever asks. */
let pageText = '';
const provider = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(pageText);
});
let system: BenchSystem;

beforeAll(async () => {
  if (!hasGo && !isCi) return;
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const { port } = provider.address() as AddressInfo;
  const processEnvironment = { PLAID_BASE_URL: `http://127.0.0.1:${port}` };
  system = await startBenchSystem({ seed: 1, connections: 40, processEnvironment });
}, 1_800_000); // Go fetches and compiles the AWS SDK once
afterAll(async () => {
  await system?.close();
  provider.close();
});

/** JSON text, so that a number can be spelled as a bank may spell it. */
type Members = Readonly<Record<string, string>>;
const objectText = (members: Members) =>
  `{${Object.entries(members)
    .map(([name, text]) => `${JSON.stringify(name)}:${text}`)
    .join(',')}}`;

const aTransaction: Members = {
  transaction_id: '"t"',
  pending_transaction_id: 'null',
  account_id: '"a"',
  amount: '12.5',
  iso_currency_code: '"USD"',
  unofficial_currency_code: 'null',
  date: '"2026-02-28"',
  datetime: 'null',
  authorized_date: 'null',
  authorized_datetime: 'null',
  pending: 'false',
  name: '"Shop"',
  payment_channel: '"online"',
  payment_meta: '{"payee":"Payee","payer":"Payer"}',
  transaction_code: 'null',
  location: '{}',
  account_owner: 'null',
};
const balances: Members = {
  available: '1.10',
  current: '-0.00',
  limit: 'null',
  iso_currency_code: '"USD"',
  unofficial_currency_code: 'null',
};
const anAccount: Members = {
  account_id: '"a"',
  balances: objectText(balances),
  mask: '"0000"',
  name: '"Current"',
  official_name: 'null',
  type: '"depository"',
  subtype: '"checking"',
};

const pageOf = (lists: Readonly<Record<string, readonly Members[]>>) =>
  objectText({
    accounts: '[]',
    added: '[]',
    modified: '[]',
    removed: '[]',
    next_cursor: '"c1"',
    has_more: 'false',
    request_id: '"r1"',
    transactions_update_status: '"HISTORICAL_UPDATE_COMPLETE"',
    ...Object.fromEntries(
      Object.entries(lists).map(([name, records]) => [name, `[${records.map(objectText).join(',')}]`]),
    ),
  });

const awkward: Readonly<Record<string, readonly string[]>> = {
  amount: [
    ...[
      '0',
      '-0',
      '0.0',
      '-0.00',
      '72.10',
      '72.1',
      '72.100000000000001',
      '0.07',
      '4.35',
      '1e3',
      '1E-2',
      '12.5e1',
      '1e21',
    ],
    ...['1e-18', '1e-19', '9007199254740993', '-123456789012345678901234567890.12', '1e9999', '1e99999', '0e99999'],
    ...['10000000000000000000000000000000000', '0.123456789012345678', '1000', '100e-2', '"1"', 'null', '[1]', '{}'],
  ],
  iso_currency_code: ['"JPY"', '"KWD"', '"XXX"', '"usd"', '""', 'null', '"CLF"', '"BTC"', '"\\ud83d"'],
  unofficial_currency_code: ['"BTC"', '""'],
  date: [
    '"2024-02-29"',
    '"2023-02-29"',
    '"1969-12-31"',
    '"9999-12-31"',
    '"0000-01-01"',
    '"2026-2-1"',
    '"2026-02-01T00:00:00Z"',
    '""',
  ],
  authorized_date: ['"2026-02-30"', '"2026-02-27"', '""', '"0001-01-01"'],
  datetime: [
    ...[
      '"2026-02-28T12:34:56Z"',
      '"2026-02-28T00:00:00Z"',
      '"2026-02-28T00:00:00.000+01:00"',
      '"2026-02-28T24:00:00Z"',
    ],
    ...[
      '"2026-02-28T23:59:60Z"',
      '"2026-02-28T12:34:56.1234567891Z"',
      '"2026-02-28t12:34:56z"',
      '"2026-02-28T12:34:56"',
    ],
    ...['"2026-02-28T12:34:56,5Z"', '"2026-02-28T12:34:56+24:00"', '"2026-02-30T12:34:56Z"', '"2026-02-28T12:34:56.Z"'],
  ],
  pending: ['true', '"true"', '1'],
  name: [
    ...[
      '""',
      '" \\t\\u00a0\\ufeff"',
      '"\\u0085"',
      '"a\\u2028b\\u2029"',
      '"\\\\u2028"',
      '"\\u0000\\u001f\\u007f"',
      '"<&>"',
      '"\\/"',
    ],
    ...[
      '"e\\u0301 \\u00e9 \\ufb01 \\u212b"',
      '"\\ud83d\\ude00"',
      '"\\ud83d"',
      '"\\ude00\\ud83d"',
      `"${'x'.repeat(4_096)}"`,
    ],
    ...[`"${'x'.repeat(4_097)}"`, `"${'😀'.repeat(2_048)}"`, `"${'😀'.repeat(2_049)}"`, '"日本語"'],
  ],
  merchant_name: ['null', '"A"', '7'],
  transaction_id: ['""', '" "', '"😀"', '"\\ud800"', `"${'i'.repeat(257)}"`],
  account_id: ['"other"', '""'],
  pending_transaction_id: ['"p"', '" "'],
  payment_meta: ['null', '{"reason":" ","reference_number":"R"}', '{"payee":7}', '{"extra":{}}', '[]'],
  personal_finance_category: [
    'null',
    '{"primary":"A","detailed":"B"}',
    '{"primary":"A"}',
    '{"primary":"\\ud800","detailed":"B"}',
  ],
  counterparties: ['null', '[]', '[{"name":"N","type":"T","account_numbers":{"bacs":1}}]', '[{"name":"N"}]', '[null]'],
  location: ['{"lat":1.5e2,"lon":null}', '{"lat":"1"}', 'null'],
  payment_channel: ['"other"', '"by pigeon"', '""'],
  transaction_code: ['"atm"', '"telepathy"'],
  category: ['["old"]', 'null', '{}'],
  constructor: ['1'],
};

const awkwardBalances: Readonly<Record<string, readonly string[]>> = {
  current: ['null', '1e2', '1e-30', '"1"'],
  limit: ['500', '500.005'],
  iso_currency_code: ['"XTS"', 'null', '"JPY"'],
  unofficial_currency_code: ['"POINTS"'],
  last_updated_datetime: ['"2026-02-28T12:34:56Z"', '"yesterday"', 'null'],
};
const awkwardAccounts: Readonly<Record<string, readonly string[]>> = {
  type: ['"credit"', '"loan"', '"investment"', '"new"'],
  subtype: ['"savings"', '"mortgage"', 'null'],
  persistent_account_id: ['"p"', '" "', 'null'],
  name: ['" "', '"\\ud800"'],
  mask: ['null', '"12345"'],
  account_id: ['""'],
  balances: ['null', '{}'],
};

/** Each awkward value in an otherwise sound record with an id of its own. */
function eachIn(sound: Members, values: Readonly<Record<string, readonly string[]>>, id: string): Members[] {
  const cases = Object.entries(values).flatMap(([name, texts]) => texts.map((text) => ({ name, text })));
  return cases.map(({ name, text }, index) => ({ ...sound, [id]: `"${id}-${index}"`, [name]: text }));
}

const within = () => ({ deadline: createDeadline(20_000, () => performance.now()), fresh: true });

/** What a connection has, without what its own id, a clock or chance has put in. */
async function storedOf(connectionId: string) {
  const { table } = system;
  const own = new Set(['runId', 'transactionId', 'supersedes', 'sealedToken', 'userId', 'id']);
  const strip = (body: unknown) =>
    JSON.parse(String(body), (name, value) => {
      if (name === 'removed') return value.length;
      return own.has(name) || name.endsWith('EpochMs') ? undefined : value;
    });
  const journal = await table.query({ pk: `CONN#${connectionId}`, fromSk: 'HEAD', toSk: 'LOG#999999999999' }, within());
  const aside = await table.query({ pk: `QUAR#${connectionId}`, fromSk: '0', toSk: ':' }, within());
  const quarantined = aside.map(({ body }) => strip(body) as { path: string });
  return {
    journal: journal.map(({ body }) => strip(body)),
    quarantined: quarantined.sort((one, other) => (one.path < other.path ? -1 : 1)),
  };
}

let used = 0;

/** Each page is read by two fresh connections, one of either function. */
async function readWithBoth(text: string) {
  pageText = text;
  const [mine, theirs] = [`conn-${used++}`, `conn-${used++}`] as const;
  const answers: unknown[] = [];
  for (const [url, connectionId] of [[system.processUrl, mine] as const, [system.peerUrl, theirs] as const]) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ connectionId }) });
    const { outcome, added, quarantined, attempts, version } = (await response.json()) as Record<string, unknown>;
    const { detail: _, ...ended } = outcome as Record<string, unknown>;
    answers.push({ status: response.status, ended, added, quarantined, attempts, version });
  }
  expect(answers[1]).toEqual(answers[0]);
  const [ours, peers] = [await storedOf(mine), await storedOf(theirs)];
  expect(peers).toEqual(ours);
  return ours;
}

describe.skipIf(!hasGo && !isCi)('both functions', () => {
  it('read and refuse the same of awkward records', async () => {
    const accounts = [
      anAccount,
      ...eachIn(anAccount, awkwardAccounts, 'account_id'),
      ...eachIn(balances, awkwardBalances, 'ignored').map((members, index) => ({
        ...anAccount,
        account_id: `"b-${index}"`,
        balances: objectText(members),
      })),
    ];
    const removed = [
      { transaction_id: '"t-1"', account_id: '"a"' },
      { transaction_id: '"t-1"', account_id: '"a"' },
      { transaction_id: '" "', account_id: '"a"' },
      { transaction_id: '7', account_id: '"a"' },
      { transaction_id: '"t-2"' },
    ];
    const added = eachIn(aTransaction, awkward, 'transaction_id');
    const modified = [aTransaction, { ...aTransaction, amount: '99' }, { ...aTransaction, transaction_id: '"new"' }];
    const stored = await readWithBoth(pageOf({ accounts, added, modified, removed }));
    expect(stored.quarantined.length).toBeGreaterThan(40);
    const entry = stored.journal.find(({ kind }) => kind === 'page') as { added: unknown[] };
    expect(entry.added.length).toBeGreaterThan(50);
  });

  it.each([
    ['no JSON', '{"added":[}'],
    ['a number with a leading zero', pageOf({ added: [{ ...aTransaction, amount: '01' }] })],
    ['text behind the page', `${pageOf({})} x`],
    ['white space and a byte order mark around the page', `\ufeff \n${pageOf({})}\t `],
    ['a bare control character', pageOf({ added: [{ ...aTransaction, name: '"\u0001"' }] })],
    ['a page of another shape', '{"added":{}}'],
    ['a list', '[]'],
    ['members given twice', pageOf({ added: [{ ...aTransaction, transaction_id: '"d","transaction_id":"e"' }] })],
    ['unknown members given twice', pageOf({ accounts: [{ ...anAccount, x: '1,"x":2' }], added: [aTransaction] })],
    ['too deep nesting', pageOf({ added: [{ ...aTransaction, extra: `${'['.repeat(70)}${']'.repeat(70)}` }] })],
    ['a cursor that is no Unicode', pageOf({}).replace('"c1"', '"\\ud800"')],
    ['an empty cursor', pageOf({}).replace('"c1"', '""')],
  ])('agree about %s', async (_what, text) => {
    await readWithBoth(text);
  });
});
