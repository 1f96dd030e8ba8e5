/** `npm run link`, `read` and `token` beside `npm start`, as docs/integrate.md has them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { until } from './journey.ts';
import { type StartedSystem, startSystemProcess } from './started-system.ts';

let system: StartedSystem;
let page: ChildProcess | undefined;

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 }); // the first start builds the functions

beforeAll(async () => {
  system = await startSystemProcess(['--rate', '0', '--connections', '2', '--no-dax']);
});
afterAll(async () => {
  page?.kill('SIGKILL');
  await system?.dispose();
});

const read = async (...args: string[]) => (await system.command('read.ts', ...args)).text;

it('a bank is linked on the page, and no other site can do so', async () => {
  const link = `${import.meta.dirname}/../../system/src/link.ts`;
  const env = { ...process.env, QUARTERSEC_STATE_DIRECTORY: system.stateFolder };
  page = spawn(process.execPath, [link, '--user', 'anna'], { env });
  let text = '';
  page.stdout?.on('data', (chunk) => {
    text += String(chunk);
  });
  const ended = once(page, 'close');
  await until('the address', () => /open (\S+)\//.test(text));
  const url = /open (\S+)\//.exec(text)?.[1] ?? '';
  const html = await (await fetch(url)).text();
  expect(html).toContain('<strong>anna</strong>');
  const post = (origin: string, body: object) =>
    fetch(`${url}/link`, { method: 'POST', headers: { origin }, body: JSON.stringify(body) });
  expect((await post('https://other.example', { household: 'anna' })).status).toBe(404);
  const wrong = await post(url, { household: 'a b' });
  expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('household')]);
  const answer = await post(url, { household: 'anna', badDay: 'none' });
  expect(await answer.text()).toMatch(/^new connection c\S+ \(ins_\d+\): its data are there \(history: \w+\)\n/);
  expect((await ended)[0]).toBe(0);
  expect(await read('connections', '--user', 'anna')).toMatch(/ active .* [1-9] accounts .*\n1 connections\n$/);
});

it('reads in pages, as a table and as JSON, one user and not another', async () => {
  await until('the history', async () => (await read('connections', '--user', 'anna')).includes('history complete'));
  const all = await read('transactions', '--user', 'anna', '--all', '--limit', '20');
  const total = Number(/(\d+) transactions\n$/.exec(all)?.[1]);
  expect(total).toBeGreaterThan(20);
  const pages = (await read('transactions', '--user', 'anna', '--all', '--limit', '20', '--json')).trim().split('\n');
  const ids = pages.flatMap((line) =>
    (JSON.parse(line) as { transactions: { transactionId: string }[] }).transactions.map((one) => one.transactionId),
  );
  expect([ids.length, new Set(ids).size]).toEqual([total, total]);
  expect(await read('accounts', '--user', 'anna')).toMatch(/ open .* [A-Z]{3}\b/);
  expect(await read('changes', '--user', 'anna', '--all')).toContain('transaction.added');
  expect(await read('transactions', '--user', 'bert')).toBe('0 transactions\n');
  expect((await system.command('read.ts', 'transactions', '--limit', '5000')).code).toBe(1);
  expect((await system.command('read.ts', 'thoughts')).code).toBe(2);
});

it('tells what two years of a household say, and what to do about it', async () => {
  const insights = await read('insights', '--user', 'alex');
  expect(insights).toMatch(/^recurring .* monthly, /m);
  expect(insights).toMatch(/ typical \d+\.\d\d USD,/);
  expect(Number(/(\d+) insights\n$/.exec(insights)?.[1])).toBeGreaterThan(10);
  expect(await read('insights', '--user', 'alex', '--kind', 'consent-ends')).toBe('0 insights\n');
  expect(await read('recommendations', '--user', 'alex')).toMatch(/ yearly .* recommendations\n$/s);
});

it('shows one insight with what it rests on, and none of another user', async () => {
  const [, fingerprint = ''] = /^price-change .* (\S+)$/m.exec(await read('insights', '--user', 'alex')) ?? [];
  const one = await read('insights', '--user', 'alex', '--insight', fingerprint);
  expect(one).toMatch(/^price-change .*\n\nrests on \d+ movements\n(\d{4}-\d\d-\d\d +-\d+\.\d\d USD .*\n)+/);
  expect(one).toMatch(/\nwhat to do\nreview-subscription .* yearly /);
  const other = await system.command('read.ts', 'insights', '--user', 'anna', '--insight', fingerprint);
  expect(other).toEqual({ code: 1, text: '' });
  expect((await system.command('read.ts', 'accounts', '--insight', fingerprint)).code).toBe(2);
});

it('an expired login is said, and mended by the same command', async () => {
  const linked = await system.command('link.ts', '--user', 'bert', '--bad-day', 'login-required', '--yes');
  expect(linked.text).toContain('its user has to act: update-mode');
  const connectionId = /connection (c\S+) /.exec(linked.text)?.[1] ?? '';
  const mended = await system.command('link.ts', '--user', 'bert', '--connection', connectionId, '--yes');
  expect(mended.text).toBe(`${connectionId}: active, read again\n`);
});

it('a bank with pages of its own plays no bad day, and is not asked for one', async () => {
  const asked = ['--user', 'carl', '--bad-day', 'login-required', '--yes'];
  for (const provider of ['openbanking-uk', 'berlin-group'])
    expect((await system.command('link.ts', '--provider', provider, ...asked)).code).toBe(2);
  expect(await read('connections', '--user', 'carl')).toBe('0 connections\n');
});

it('a token is good for the API', async () => {
  const token = (await system.command('token.ts', 'anna')).text.trim();
  const headers = { authorization: `Bearer ${token}` };
  const { apiUrl } = system.announced();
  expect((await fetch(`${apiUrl}/v1/connections`, { headers })).status).toBe(200);
  expect((await system.command('token.ts')).code).toBe(2);
});
