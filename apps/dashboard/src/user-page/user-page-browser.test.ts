/** The page of a user in a real Chromium, over a fake API whose data the tests set. Pictures are left beside the test results. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { desktop, flags, found, names, phone, picturesFolder } from '../../test/chromium.ts';
import { type FakeApi, startFakeApi } from '../../test/fake-api.ts';
import { type FakeSystem, startFakeSystem } from '../../test/fake-system.ts';
import {
  account,
  cardPlace,
  connection,
  duplicate,
  forecast,
  insight,
  recommendation,
  recurring,
  transaction,
  userData,
} from '../../test/user-answers.ts';
import { type RunningBoard, startBoard } from '../board/start-board.ts';
import type { UserData } from './answers.ts';

const wage = recurring({
  fingerprint: 'wage',
  direction: 'in',
  counterparty: 'Northwind Hospital',
  category: 'income',
  typicalMinor: 251_830,
  nextDate: '2026-11-28',
  nextFromDate: '2026-11-28',
  nextToDate: '2026-11-28',
});
const pace = insight('category-pace', {
  category: 'dining',
  month: '2026-11',
  spentMinor: 32_000,
  projectedMinor: 36_560,
  usualMinor: 24_944,
  counterparty: null,
});
const slowDown = recommendation({
  fingerprint: 'r-pace',
  action: 'slow-spending',
  insights: ['f-category-pace'],
  counterparty: null,
  amountMinor: null,
  benefitMinor: 4_568,
});

/** Something of everything. */
const full = (more: Partial<UserData> = {}) =>
  userData({
    accounts: [account('250000'), account('-41230', { ...cardPlace, name: 'Orbit Card', mask: '8908', type: 'CARD' })],
    insights: [duplicate, pace, recurring(), wage],
    recommendations: [recommendation(), slowDown],
    transactions: [
      transaction('2026-11-23', '-6450', cardPlace),
      transaction('2026-11-04', '-42560'),
      transaction('2026-10-28', '251830'),
      transaction('2026-06-01', '-100'),
    ],
    ...more,
  });

describe.skipIf(found === undefined)(`a user's page in a browser (left out without ${names.join(' or ')})`, () => {
  let browser: Browser;
  let system: FakeSystem;
  let api: FakeApi;
  let running: RunningBoard;
  let page: Page;
  let complaints: string[];
  let requested: string[];

  beforeAll(async () => {
    mkdirSync(picturesFolder, { recursive: true });
    browser = await chromium.launch({ executablePath: found ?? '', args: flags });
    system = await startFakeSystem();
    running = await startBoard({ kind: 'system', url: system.url }, { port: 0 });
  });
  afterAll(async () => {
    await running?.close();
    await system?.close();
    await browser?.close();
  });
  beforeEach(async () => {
    api = await startFakeApi();
    api.data = full();
    system.apiUrl = api.url;
    complaints = [];
    requested = [];
  });
  afterEach(async () => {
    await page?.context().close();
    await api.shut();
  });

  let user = 0;

  /** Each time as another user: tokens are kept, and with them where the API is. */
  async function open(options: BrowserContextOptions = desktop): Promise<void> {
    user += 1;
    page = await browser.newPage({ reducedMotion: 'reduce', timezoneId: 'UTC', ...options });
    page.setDefaultTimeout(10_000);
    page.on('request', (request) => requested.push(new URL(request.url()).origin));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${running.url}/user?of=u${user}`);
    await page.locator('#live[data-live="live"]').waitFor();
  }

  const evaluate = <T>(script: string) => page.evaluate(script) as Promise<T>;
  const text = (selector: string) => page.locator(selector).first().textContent();
  const picture = (name: string) => page.screenshot({ path: join(picturesFolder, `user-${name}.png`), fullPage: true });

  it('says what matters first, then what to do, what comes, what was noticed, what there is', async () => {
    await open();
    expect(await text('#headline')).toBe('Lanternfish Books charged $64.50 twice.');
    expect(await text('#detail')).toBe('1 payment of $15.99 in the next 30 days; next income $2,518.30 on 28 Nov.');
    expect(await page.locator('main section:visible h2').allTextContents()).toEqual([
      'What you can do',
      'The next 45 days',
      'Due and expected',
      'What we noticed',
      'Balances',
      'Comes back',
    ]);
    expect(await page.locator('#recommendations h3').allTextContents()).toEqual([
      'Ask Lanternfish Books for $64.50 back',
      'Go easy on dining this month',
    ]);
    expect(await text('#forecast .legend')).toContain('10 Janlikely $2,050eight of ten cases $1,950to $2,150');
    expect(await page.locator('.day:has(time[datetime="2026-12-17"]) li').first().textContent()).toContain(
      'Reelhouse−$15.99',
    );
    expect(await page.locator('#balances .balance').allTextContents()).toEqual(['$2,500.00', '−$412.30']);
    expect(await text('#recurring-total')).toBe('a month +$2,518.30 and −$15.99');
    expect([...api.authorizations]).toEqual([`Bearer token of u${user}`]);
    expect([...new Set(requested)]).toEqual([running.url]);
    expect(complaints).toEqual([]);
  });

  it('draws the band, and moves it by what is left out', async () => {
    const lower = forecast(250_000, 900);
    api.forecastWithout = (without) => (without.join() === 'f-reelhouse' ? [lower] : []);
    await open();
    const painted = () => evaluate<string>("document.querySelector('#forecast canvas').toDataURL()");
    const before = await painted();
    const likely = () => page.locator('#forecast .plot').getAttribute('data-likely-end');
    expect(await likely()).toBe('205000');
    const box = page.getByRole('checkbox', { name: 'Reelhouse' });
    await box.uncheck({ force: true });
    await expect.poll(likely).toBe('209500');
    expect(await text('.what-if-words')).toBe('Without Reelhouse: $45.00 more on 10 January.');
    expect(await painted()).not.toBe(before);
    await picture('what-if');
    await box.check({ force: true });
    await expect.poll(likely).toBe('205000');
    expect(await text('.what-if-words')).toBe('');
    expect(complaints).toEqual([]);
  });

  it('puts a recommendation away at once, for good, and leaves the focus on the next one', async () => {
    await open();
    const dismiss = page.getByRole('button', { name: 'Dismiss: Ask Lanternfish Books' });
    await dismiss.focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#recommendations h3').allTextContents()).toEqual(['Go easy on dining this month']);
    expect(await evaluate('document.activeElement.ariaLabel')).toBe("That's right: Go easy on dining this month");
    await expect.poll(() => api.feedback).toEqual([{ fingerprint: 'r-duplicate', body: { verdict: 'dismissed' } }]);
    expect(await text('#said')).toContain('Dismissed');
    await page.getByRole('button', { name: 'Snooze 30 days: Go easy' }).click();
    await expect
      .poll(() => api.feedback[1])
      .toEqual({ fingerprint: 'r-pace', body: { verdict: 'snoozed', until: '2026-12-26' } });
    expect(await text('#recommendations')).toBe('Nothing needs you now.');
    expect(await evaluate('document.activeElement.textContent')).toBe('What you can do');
  });

  it('brings it back where the feedback is not taken', async () => {
    api.refuses = true;
    await open();
    await page.getByRole('button', { name: 'Dismiss: Ask Lanternfish Books' }).click();
    await expect
      .poll(() => text('#said'))
      .toBe('That was not taken: The table is throttled. Ask Lanternfish Books for $64.50 back');
    expect(await page.locator('#recommendations h3').count()).toBe(2);
  });

  it('shows a change when it comes, reading no more than it touches', async () => {
    await open();
    api.calls.length = 0;
    api.data = full({ insights: [pace, recurring(), wage], recommendations: [] });
    api.change(['insight.cleared']);
    await expect.poll(() => text('#headline')).toBe('All bills of the next 30 days are covered.');
    expect(api.calls.filter((call) => !call.includes('/changes'))).toEqual([
      'GET /v1/insights',
      'GET /v1/recommendations',
      'GET /v1/forecast',
    ]);
    expect(await text('#live-text')).toMatch(/^live, changed at /);
  });

  it('says that it has lost its connection, and goes on by itself', async () => {
    await open();
    await api.shut();
    await page.locator('#live[data-live="lost"]').waitFor();
    expect(await text('#headline')).toBe('Lanternfish Books charged $64.50 twice.');
    api.data = full({ insights: [wage] });
    await api.listen();
    await page.locator('#live[data-live="live"]').waitFor();
    await expect.poll(() => text('#headline')).toBe('Nothing is due that is not covered.');
  });

  it('says how to link a bank, and fills once one is linked', async () => {
    const none = { accounts: [], insights: [], recommendations: [], forecasts: [], transactions: [] };
    api.data = userData({ ...none, connections: [] });
    await open();
    expect(await text('#headline')).toBe('No bank is linked yet.');
    expect(await text('#empty code')).toBe(`npm run link -- --user u${user} --household household-39-0`);
    await picture('empty');
    api.data = userData({ ...none, connections: [connection({ history: 'none' })] });
    api.change(['connection.changed']);
    await expect.poll(() => text('#headline')).toBe('Your bank is being read for the first time.');
    expect(await page.locator('#notices li').allTextContents()).toEqual(['The first data of ins_1 are being read.']);
    api.data = full({ connections: [connection({ userAction: 'update-mode' })] });
    api.change(['connection.changed', 'transaction.added']);
    await page.locator('#recommendations h3').first().waitFor();
    expect(await page.locator('#notices li').allTextContents()).toEqual([
      'The bank ins_1 asks you to log in again: until then nothing new comes from it (npm run link -- --connection conn-a).',
    ]);
  });

  it('leads from a card to its insight in the API', async () => {
    await open();
    const link = page.locator('#insights details a').first();
    const address = (await link.getAttribute('href')) ?? '';
    const fingerprint = await page.locator('#insights .card').first().getAttribute('data-item');
    expect(address).toBe(`/user/api/u${user}/v1/insights/${fingerprint}`);
    expect(await (await fetch(running.url + address)).json()).toMatchObject({ insight: { fingerprint } });
  });

  it('is reached by the keyboard alone: evidence, charts, switches', async () => {
    await open();
    const why = page.locator('#insights summary').first();
    await why.focus();
    await page.keyboard.press('Enter');
    const rows = page.locator('#insights details[open] tbody tr');
    expect(await rows.allTextContents()).toEqual(['Tue 17 NovEveryday ·· 0911−$15.99']);
    await page.locator('#forecast .plot').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    expect(await text('#said')).toBe('27 Nov: likely $2,490, $2,390 to $2,590. ');
    expect(await text('#forecast .legend')).toContain('27 Nov');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await expect.poll(() => api.calls).toContain('GET /v1/forecast?without=f-reelhouse');
    // Everything that can be used can be tabbed to, and says its name
    const unnamed = `[...document.querySelectorAll('main :is(button, input, summary, select, [tabindex="0"])')]
      .filter((one) => !(one.textContent || one.getAttribute('aria-label') || one.labels?.[0]?.textContent)).length`;
    expect(await evaluate(unnamed)).toBe(0);
  });

  it('shows names as text, whatever they say', async () => {
    const name = '<img src=x onerror="document.title=1">';
    const evil = { counterparty: name };
    api.data = full({
      accounts: [account('1', { name })],
      insights: [{ ...duplicate, ...evil }, recurring(evil)],
      recommendations: [recommendation(evil)],
      connections: [connection({ institutionId: name, history: 'recent' })],
      forecasts: [forecast(1, 1, { due: [{ date: '2026-12-01', minor: -5, fingerprint: 'f', ...evil }] })],
    });
    await open();
    expect(await text('#headline')).toContain(name);
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it.each([
    ['desktop', desktop],
    ['phone', phone],
  ] as const)('finds nothing wrong with axe, and fits, in light and dark: %s', async (device, options) => {
    await open(options);
    await page.locator('#insights summary').first().click();
    await page.locator('#forecast summary').first().click();
    expect(await evaluate('document.documentElement.scrollWidth')).toBe(options.viewport.width);
    await page.evaluate(axe.source);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations, passes } = (await page.evaluate('axe.run()')) as axe.AxeResults;
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect(passes.map(({ id }) => id)).toContain('color-contrast');
      await picture(`${device}-${colorScheme}`);
    }
  });

  it('fits the narrowest phone with long names and large amounts', async () => {
    const counterparty = 'x'.repeat(90);
    const large = { typicalMinor: 123_456_789_012, counterparty };
    api.data = full({
      accounts: [account('99999999999999', { name: counterparty })],
      insights: [recurring(large), { ...duplicate, counterparty }],
      recommendations: [recommendation({ counterparty, amountMinor: 123_456_789_012 })],
      forecasts: [
        forecast(99_999_999_999, 1, {
          due: [{ date: '2026-12-01', minor: -123_456_789_012, fingerprint: 'f', counterparty }],
        }),
      ],
      connections: [connection({ connectionId: counterparty, userAction: 'update-mode' })],
    });
    await open({ ...phone, viewport: { width: 320, height: 800 } });
    const tooWide = `[...document.querySelectorAll('body *')]
      .filter((one) => one.getBoundingClientRect().right > 320 && !one.closest('.wide, .plot'))
      .map((one) => one.tagName + '.' + one.className)`;
    expect(await evaluate(tooWide)).toEqual([]);
    expect(await evaluate('document.documentElement.scrollWidth')).toBe(320);
    await picture('phone-320');
  });
});
