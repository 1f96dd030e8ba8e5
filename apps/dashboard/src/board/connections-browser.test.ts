/** The card of connections in a real Chromium, over a fake system. Pictures are left beside the test results. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { desktop, flags, found, names, phone, picturesFolder } from '../../test/chromium.ts';
import { connectionRow, connectionsAnswer } from '../../test/connections-answer.ts';
import { type FakeSystem, startFakeSystem } from '../../test/fake-system.ts';
import { type RunningBoard, startBoard } from './start-board.ts';

const startEpochMs = Date.parse('2026-01-05T10:00:00Z');
const ago = (ms: number) => ({ syncedEpochMs: startEpochMs - ms });
const needsLogin = { status: 'login-required', userAction: 'update-mode' };

/** One in trouble, one linked by hand, and many that work. */
const busy = () =>
  connectionsAnswer({
    linked: 1_000,
    byStatus: { active: 998, 'login-required': 1, revoked: 1 },
    fresh: 998,
    neverRead: 1,
    rows: [
      connectionRow('cDUmaiFU_TRmZ-LXPdNfXCW', { ...needsLogin, byHand: true, userId: 'bert', ...ago(55_000) }),
      connectionRow('conn-7', { status: 'revoked', userAction: 'relink', history: 'recent', ...ago(97_200_000) }),
      connectionRow('cXBSsMu2A9zingTexCVO8wW', { byHand: true, history: 'none', syncedEpochMs: null, accounts: 0 }),
      ...Array.from({ length: 17 }, (_, index) => connectionRow(`conn-${20 + index}`, ago(index * 1_000))),
    ],
  });

describe.skipIf(found === undefined)(`connections in a browser (left out without ${names.join(' or ')})`, () => {
  let browser: Browser;
  let system: FakeSystem;
  let running: RunningBoard;
  let page: Page;
  let nowEpochMs: number;

  beforeAll(async () => {
    mkdirSync(picturesFolder, { recursive: true });
    browser = await chromium.launch({ executablePath: found ?? '', args: flags });
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    nowEpochMs = startEpochMs;
    system = await startFakeSystem();
  });
  afterEach(async () => {
    await page?.context().close();
    await running?.close();
    await system.close();
  });

  async function open(options: BrowserContextOptions = desktop): Promise<void> {
    const source = { kind: 'system', url: system.url } as const;
    running = await startBoard(source, { port: 0, nowEpochMs: () => nowEpochMs, readEveryMs: 100 });
    page = await browser.newPage({ reducedMotion: 'reduce', timezoneId: 'UTC', ...options });
    await page.goto(running.url);
    await page.locator('#source', { hasText: 'data of' }).waitFor(); // a snapshot of a read that has come
  }

  const card = () => page.locator('#connections-card');
  const cellsOf = (id: string) => page.locator(`tr[data-connection="${id}"] > *`).allTextContents();
  const evaluate = <T>(script: string) => page.evaluate(script) as Promise<T>;
  const picture = (name: string) => card().screenshot({ path: join(picturesFolder, `${name}.png`) });

  it('are no card where the system does not know them', async () => {
    await open();
    expect(await card().isVisible()).toBe(false);
  });

  it('say what to do while none is linked', async () => {
    system.connections = connectionsAnswer({ linked: 0, byStatus: {}, fresh: 0, rows: [] });
    await open();
    await expect
      .poll(() => page.locator('#connections').textContent())
      .toBe('No connection is linked yet. npm run link links one.');
    expect(await page.locator('#connections table').count()).toBe(0);
    await picture('connections-none');
  });

  it('are counted in words, and a row says what its user has to do', async () => {
    system.connections = busy();
    await open();
    await page.locator('#connections .counts').waitFor();
    expect(await page.locator('#connections .counts li').allTextContents()).toEqual([
      '1,000 connections linked',
      '998 active',
      '1 needs a login',
      '1 revoked',
    ]);
    expect(await page.locator('#connections > .meta').textContent()).toBe(
      '998 of 1,000 read within the last 26 h, 1 longer ago, 1 not read yet.',
    );
    expect(await cellsOf('cDUmaiFU_TRmZ-LXPdNfXCW')).toEqual([
      'cDUmaiFU_TRmZ-LXPdNfXCWof bert, linked by hand',
      'ins_sandbox3 accounts',
      'Login required',
      'Log in at the bank again',
      '55 s ago',
      'complete',
    ]);
    expect((await cellsOf('cXBSsMu2A9zingTexCVO8wW')).slice(1)).toEqual([
      'ins_sandboxno accounts yet',
      'Active',
      'nothing',
      'not read yet',
      'none yet',
    ]);
  });

  it('grow older by the second without moving anything, and are told with their time once nothing new comes', async () => {
    system.connections = busy();
    await open();
    const read = () => page.locator('tr[data-connection="conn-20"] .read').textContent();
    await expect.poll(read).toBe('0 s ago');
    const places = () =>
      evaluate<string>(
        "JSON.stringify([...document.querySelectorAll('#connections :is(tr, td), #charts')].map((one) => one.getBoundingClientRect()))",
      );
    const before = await places();
    nowEpochMs += 11_000;
    await expect.poll(read).toBe('11 s ago');
    expect((await cellsOf('cDUmaiFU_TRmZ-LXPdNfXCW'))[4]).toBe('1 min 6 s ago');
    expect(await places()).toBe(before);
    nowEpochMs += 5_000; // the system answers, and has heard nothing of its table for longer than it should
    await expect.poll(read).toMatch(/^at \d\d:\d\d:\d\d$/);
    expect(await page.locator('#connections .asof').textContent()).toMatch(
      /^As of .*: nothing newer has come since\.$/,
    );
    expect((await cellsOf('conn-7'))[4]).toMatch(/^at 04\/01\/2026, 07:00:00$/);
    await picture('connections-old');
  });

  it('are told with their time when the board is gone, too', async () => {
    system.connections = busy();
    await open();
    await page.locator('#connections .counts').waitFor();
    await running.close();
    await page.locator('#connections .asof').waitFor();
    expect(await page.locator('tr[data-connection="conn-20"] .read').textContent()).toMatch(/^at /);
  });

  it('unfold with the keyboard, and stay so', async () => {
    system.connections = busy();
    await open();
    const last = page.locator('tr[data-connection="conn-36"]');
    await page.locator('#connections summary').waitFor();
    expect(await page.locator('#connections summary').textContent()).toBe('12 more');
    expect(await last.isVisible()).toBe(false);
    await page.locator('#connections summary').focus();
    await page.keyboard.press('Enter');
    await last.waitFor();
    const later = busy();
    system.connections = { ...later, byStatus: { active: 999, revoked: 1 } };
    await page.getByText('999 active').waitFor();
    expect(await last.isVisible()).toBe(true);
    expect(await evaluate('document.activeElement.textContent')).toBe('12 more');
  });

  it('are text, whatever their ids say', async () => {
    const id = '<img src=x onerror="document.title=1">';
    system.connections = connectionsAnswer({
      rows: [connectionRow(id, { userId: id, institutionId: id, status: id })],
    });
    await open();
    await page.locator('#connections .id').waitFor();
    expect(await page.locator('#connections .id').textContent()).toBe(id);
    expect(await page.locator('#connections img').count()).toBe(0);
  });

  it.each([
    ['light', desktop],
    ['dark', desktop],
    ['light', phone],
    ['dark', phone],
  ] as const)('find axe content, and fit: %s, %j', async (colorScheme, options) => {
    system.connections = busy();
    await open({ ...options, colorScheme });
    await page.locator('#connections summary').click();
    expect(await evaluate('document.documentElement.scrollWidth')).toBe(options.viewport.width);
    const lefts = (id: string) =>
      evaluate(
        `[...document.querySelectorAll('[data-connection="${id}"] > *')].map((cell) => cell.getBoundingClientRect().left)`,
      );
    if (options === desktop) expect(await lefts('conn-36')).toEqual(await lefts('conn-20')); // above and below the fold
    const isCut =
      "[...document.querySelectorAll('#connections .id')].filter((id) => id.scrollWidth > id.clientWidth).length";
    expect(await evaluate(isCut)).toBe(0);
    await page.evaluate(axe.source);
    const { violations, passes } = (await page.evaluate("axe.run('#connections-card')")) as axe.AxeResults;
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(passes.map(({ id }) => id)).toContain('color-contrast');
    await picture(`connections-${options === desktop ? 'desktop' : 'phone'}-${colorScheme}`);
  });

  it('fit a phone with what the longest ids and the most states need', async () => {
    const id = 'x'.repeat(64);
    const statuses = ['active', 'waiting', 'login-required', 'consent-required', 'consent-expired', 'revoked'];
    const rows = statuses.map((status) => connectionRow(`${status}${id}`, { userId: id, institutionId: id, status }));
    const byStatus = Object.fromEntries(statuses.map((status) => [status, 100]));
    system.connections = connectionsAnswer({ linked: 600, byStatus, rows });
    await open({ ...phone, viewport: { width: 320, height: 800 } });
    await page.locator('#connections .counts').waitFor();
    expect(await evaluate('document.documentElement.scrollWidth')).toBe(320);
    await picture('connections-phone-320');
  });
});
