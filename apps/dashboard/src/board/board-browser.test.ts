/** The page in a real Chromium, over a fake system whose counts the tests set. Pictures are left beside the test results. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { desktop, flags, found, names, phone, picturesFolder } from '../../test/chromium.ts';
import { addHealthySecond, type FakeSystem, startFakeSystem } from '../../test/fake-system.ts';
import { type RunningBoard, startBoard } from './start-board.ts';
import { SystemReader } from './system-reader.ts';

it.runIf(process.env.CI === 'true')('a browser is there, where it must be', () => {
  expect(found, 'install Chromium: apt-get install chromium').toBeDefined();
});

describe.skipIf(found === undefined)(`the board in a browser (left out without ${names.join(' or ')})`, () => {
  let browser: Browser;
  let system: FakeSystem;
  let reader: SystemReader;
  let running: RunningBoard;
  let page: Page;
  let complaints: string[];
  let requested: string[];
  /** The board's clock: stands still unless a test moves it, so that figures do too. */
  let nowEpochMs: number;

  beforeAll(async () => {
    mkdirSync(picturesFolder, { recursive: true });
    browser = await chromium.launch({ executablePath: found ?? '', args: flags });
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    nowEpochMs = Date.parse('2026-01-05T10:00:00Z');
    complaints = [];
    requested = [];
    system = await startFakeSystem();
    reader = new SystemReader(system.url);
  });
  afterEach(async () => {
    await page?.context().close();
    await running?.close();
    await system.close();
  });

  /** Scrapes of the seconds before now. */
  function past(seconds: number, each: (second: number) => void, everySeconds = 1): void {
    const endEpochMs = nowEpochMs;
    for (let second = 0; second <= seconds; second += 1) {
      each(second);
      if (second % everySeconds === 0) reader.take(system.exposition(), endEpochMs - (seconds - second) * 1_000);
    }
  }

  /** Time passes: the next read is that much later. */
  function pass(seconds: number): void {
    nowEpochMs += seconds * 1_000;
  }

  /** A read that began before the last count is over: at the next moment it would pass for news. */
  const settled = () => running.board.read();

  /** Time passes, and the system works in it. */
  function healthyFor(seconds: number): void {
    for (let second = 1; second <= seconds; second += 1) {
      addHealthySecond(system, second);
      pass(1);
      reader.take(system.exposition(), nowEpochMs);
    }
  }

  async function open(options: BrowserContextOptions = desktop, port = 0): Promise<void> {
    const source = { kind: 'system', url: system.url } as const;
    running = await startBoard(source, { port, nowEpochMs: () => nowEpochMs, reader, readEveryMs: 100 });
    page = await browser.newPage({ reducedMotion: 'reduce', ...options });
    page.on('request', (request) => requested.push(new URL(request.url()).origin));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(running.url);
  }

  const headline = () => page.locator('#headline').textContent();
  const announced = () => page.locator('#announced').textContent();
  const untilHeadline = (text: string | RegExp) => expect.poll(headline).toEqual(expect.stringMatching(text));
  const rowText = (key: string, cell: string) => page.locator(`tr[data-key="${key}"] .${cell}`).textContent();
  const evaluate = <T>(script: string) => page.evaluate(script) as Promise<T>;
  const picture = (name: string, fullPage = true) =>
    page.screenshot({ path: join(picturesFolder, `${name}.png`), fullPage });

  describe('figures', () => {
    it('are those of the source, with bound, margin and state', async () => {
      past(120, () => {
        system.count('Events', 4);
        system.time('RoundTrip', 95, 95, 95, 95);
        system.time('Processing', 1_000);
        system.count('CacheHits', 3);
        system.count('CacheMisses');
        system.count('Retries');
      });
      await open();
      // every value lies in the bucket from 90 to 100: p95 is on its line
      expect(await rowText('roundTrip', 'value')).toBe('99.5 ms');
      expect(await rowText('roundTrip', 'bound')).toBe('p95 < 250 ms');
      expect(await rowText('roundTrip', 'margin')).toBe('150.5 ms left');
      expect(await rowText('roundTrip', 'state')).toBe('Kept');
      expect(await rowText('processing', 'state')).toBe('Broken');
      expect(await rowText('store', 'state')).toBe('No data');
      expect(await rowText('throughput', 'value')).toBe('240/min');
      expect(await rowText('cache', 'value')).toBe('75 %');
      expect(await rowText('retries', 'value')).toBe('0.25 each');
      expect(await headline()).toBe('Promise broken: Processing 1.09 s (promised p95 < 250 ms)');
      expect(await page.title()).toBe('Promise broken: Processing · quartersec');
      const snapshot = (await (await fetch(`${running.url}/snapshot.json`)).json()) as { objectives: object[] };
      expect(await page.locator('#objectives tbody tr').count()).toBe(snapshot.objectives.length);
      await picture('broken');
    });

    it('are drawn as lines, against their limit', async () => {
      past(900, (second) => addHealthySecond(system, second), 5);
      await open();
      expect(await page.locator('#charts figure').count()).toBe(10);
      const painted = await evaluate<number[]>(`[...document.querySelectorAll('#charts canvas')].map((canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let blue = 0;
        for (let at = 0; at < data.length; at += 4) if (data[at] === 31 && data[at + 1] === 95 && data[at + 2] === 166) blue += 1;
        return blue;
      })`);
      expect(painted).toHaveLength(10);
      expect(painted.filter((pixels) => pixels < 50)).toEqual([]);
      const legend = await page.locator('figure[data-chart="roundTrip"] .legend').textContent();
      expect(legend).toMatch(/^p95 1\d\d\.\d msp50 1\d\d\.\d mspromise: p95 < 250 ms$/);
    });

    it('say what they are: stand-ins on one machine', async () => {
      await open();
      expect(await page.locator('#note').textContent()).toContain('stand-ins for AWS');
    });
  });

  describe('an outage', () => {
    it('shows as an alert, ends after its latch, and stays as history', async () => {
      past(100, (second) => addHealthySecond(system, second));
      await open();
      await untilHeadline(/^Promise kept$/);
      await picture('calm');
      await page.getByRole('button', { name: 'Make the provider fail' }).click();
      await expect.poll(() => system.faults).toMatchObject([{ id: 'board-outage', kind: 'status' }]);
      await page.getByRole('button', { name: 'Let the provider answer again' }).waitFor();
      const says = await page.locator('#fault-says').textContent();
      expect(says).toContain('alerts clear by themselves 1 to 5 minutes after the last failure');

      addHealthySecond(system, 101);
      system.count('RetriesExhausted');
      await settled();
      pass(1);
      await untilHeadline(
        /^Promise kept, but retries exhausted \(plaid\), 1 in the last 3 minutes$|^Promise kept, but retries exhausted, 1 in the last 3 minutes$/,
      );
      const firing = page.locator('[data-alert="RetriesExhausted"][data-status="firing"]');
      const text = (await firing.textContent()) ?? '';
      expect(text).toContain('Critical');
      expect(text).toContain('Retries exhausted');
      expect(text).toContain('shown within 1.00 s of the event');
      expect(text).toContain('Find the event by its correlation id');
      expect(text).toContain('Clears after 3 minutes without another one.');
      await picture('alert-light');

      await page.getByRole('button', { name: 'Let the provider answer again' }).click();
      await expect.poll(() => system.faults).toEqual([]);
      pass(119);
      await page.getByText('fires for 1 min 59 s').waitFor();
      healthyFor(62);
      const ended = page.locator('[data-alert="RetriesExhausted"][data-status="resolved"]');
      await ended.waitFor();
      expect(await ended.textContent()).toMatch(/Resolved.*fired at .* for 3 min 1 s/);
      expect(await firing.count()).toBe(0);
      expect(await page.locator('#alerts .none').textContent()).toBe('None fires.');
      await untilHeadline(/^Promise kept$/);
      await picture('cleared');
    });

    it('links to its section of the runbook', async () => {
      past(3, (second) => second === 2 && system.count('DeadLettered'));
      await open();
      await page.getByRole('link', { name: 'docs/troubleshooting.md#dead-lettered' }).click();
      await page.getByRole('heading', { name: 'Dead lettered' }).waitFor();
      expect(await page.locator('main code').allTextContents()).toContain('npm run redrive');
      expect(await page.locator('body').textContent()).not.toContain('###');
      await picture('runbook');
    });

    it('shows what Alertmanager has sent, by its path', async () => {
      past(100, (second) => addHealthySecond(system, second));
      await open();
      const startsAt = new Date(nowEpochMs - 30_000).toISOString();
      const alert = { status: 'firing', labels: { alertname: 'StoreSlow' }, annotations: {}, startsAt };
      await fetch(`${running.url}/alertmanager`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ version: '4', alerts: [alert] }),
      });
      const item = page.locator('[data-alert="StoreSlow"]');
      await item.waitFor();
      expect(await item.locator('.path').textContent()).toBe('prometheus');
      await untilHeadline(/^Promise kept, but store over its bound$/);
    });

    it('leaves its errors, newest first', async () => {
      system.errors = [
        {
          timestamp: '2026-01-05T09:59:58Z',
          component: 'processor.process',
          error_code: 'SERVER_ERROR',
          error_detail: '<b>503</b>',
          correlation_id: 'corr-7',
        },
      ];
      await open();
      await page.getByText('corr-7').waitFor();
      const cells = await page.locator('#errors tbody td').allTextContents();
      expect(cells.slice(1)).toEqual(['processor.process', 'SERVER_ERROR', '<b>503</b>', 'corr-7']);
    });

    it('is one card with its cause, and what follows from it folded under it, by name', async () => {
      outage();
      await open();
      await untilHeadline(
        /^Promise broken: events fail, wait or are late because of the bank or its provider \(plaid\), \d/,
      );
      expect(await page.locator('#alerts .firing > li').count()).toBe(1);
      const card = page.locator('#alerts .firing > li');
      expect(await card.getAttribute('data-alert')).toBe('ProviderFailing');
      expect(await card.locator('.figure').textContent()).toMatch(/^[\d.]+ % in the last minute$/);
      const names = card.locator('.names [data-alert]');
      const follow = await names.evaluateAll((items) => items.map((item) => item.getAttribute('data-alert')));
      expect(follow).toContain('RetriesExhausted');
      expect(await names.first().isVisible()).toBe(true);
      const details = card.locator('details .meta').first();
      expect(await details.isVisible()).toBe(false);
      await picture('outage');
      await card.locator('summary').click();
      await details.waitFor();
      // The next snapshots build the card anew, with another age and figure
      pass(2);
      await page.getByText('fires for 12 s').first().waitFor();
      expect(await details.isVisible()).toBe(true);
      await picture('outage-unfolded');
    });

    it('leaves equal errors as one row, with their number', async () => {
      const errorAt = (second: number, code: string) => ({
        timestamp: `2026-01-05T09:59:${second}Z`,
        component: 'processor.process',
        error_code: code,
        error_detail: '{"status":503}',
        correlation_id: `corr-${second}`,
      });
      system.errors = [errorAt(58, 'A'), errorAt(57, 'B'), errorAt(56, 'A'), errorAt(55, 'A')];
      await open();
      await page.getByText('corr-58').waitFor();
      const codes = await page.locator('#errors tbody .code').allTextContents();
      expect(codes).toEqual(['A× 3', 'B']);
      expect(await page.locator('#errors tbody .time').first().textContent()).toMatch(/:58since .*:55$/);
    });
  });

  describe('states', () => {
    it('is empty before any event', async () => {
      await open();
      await untilHeadline(/^No events$/);
      expect(await rowText('roundTrip', 'value')).toBe('no data');
      expect(await rowText('alert', 'value')).toBe('none yet');
      expect(await page.locator('#errors').textContent()).toBe('None logged.');
      await picture('empty');
    });

    it('says that nothing new comes, that nobody answers, and recovers from both', async () => {
      past(100, (second) => addHealthySecond(system, second));
      await open();
      await untilHeadline(/^Promise kept$/);
      system.answer = { status: 503, body: 'busy' };
      await settled();
      pass(12);
      await untilHeadline(/^Stale: no new data$/);
      expect(await page.locator('#detail').textContent()).toContain('No data for 12 s.');
      await picture('stale');
      await system.shut();
      await untilHeadline(/^Disconnected: nobody answers at the source$/);
      expect(await page.locator('#verdict').getAttribute('data-status')).toBe('disconnected');
      expect(await rowText('roundTrip', 'state')).toBe('Was kept');
      await picture('disconnected');
      system.answer = undefined;
      await system.listen();
      addHealthySecond(system, 101);
      pass(1);
      await untilHeadline(/^Promise kept$/);
      expect(await rowText('roundTrip', 'state')).toBe('Kept');
    });

    it('says that the board itself is gone, and recovers when it is back', async () => {
      past(100, (second) => addHealthySecond(system, second));
      await open();
      await untilHeadline(/^Promise kept$/);
      const port = Number(new URL(running.url).port);
      await running.close();
      await untilHeadline(/^Disconnected: the board does not answer$/);
      const source = { kind: 'system', url: system.url } as const;
      running = await startBoard(source, { port, nowEpochMs: () => nowEpochMs, reader, readEveryMs: 100 });
      await untilHeadline(/^Promise kept$/);
    });

    it('says why there is no fault to switch', async () => {
      system.faults = undefined;
      await open();
      await page.getByText('The provider is a real one: it has no fault to switch.').waitFor();
      expect(await page.getByRole('button').count()).toBe(0);
    });

    it('warns of figures that cannot be trusted', async () => {
      system.droppedValues = 3;
      await open();
      await page.getByText('3 metric values were not counted by the system').waitFor();
    });
  });

  describe('everybody', () => {
    it('reaches everything with the keyboard', async () => {
      past(400, (second) => (second === 390 ? system.count('DeadLettered') : addHealthySecond(system, second)), 5);
      await open();
      await page.getByRole('button', { name: 'Make the provider fail' }).waitFor();
      const reached: string[] = [];
      for (let step = 0; step < 17; step += 1) {
        await page.keyboard.press('Tab');
        reached.push(
          await evaluate<string>(`(() => {
          const { activeElement: at } = document;
          return at.getAttribute('aria-label') ?? (at.value || at.textContent);
        })()`),
        );
      }
      expect(reached.slice(0, 5)).toEqual([
        "A user's page",
        'Make the provider fail',
        'docs/troubleshooting.md#dead-lettered',
        '15m',
        'Round trip: left and right arrows move through time',
      ]);
      expect(reached).toContain('Cold starts: left and right arrows move through time');

      await page.locator('input[value="15m"]').focus();
      await page.keyboard.press('ArrowRight');
      expect(await evaluate('document.querySelector("input[value=\'3h\']").checked')).toBe(true);
      await page.locator('figure[data-chart="roundTrip"] .plot').focus();
      // The points of three hours are fetched only now.
      const pointAt = async () => {
        await page.keyboard.press('ArrowLeft');
        return page.locator('#point').textContent();
      };
      await expect.poll(pointAt).toMatch(/^\d\d:\d\d:\d\d: p95 .+, p50 .+$/);
      await page.getByRole('button', { name: 'Make the provider fail' }).focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => system.faults?.length).toBe(1);
      await page.getByRole('button', { name: 'Let the provider answer again' }).waitFor();
      expect(await evaluate('document.activeElement.textContent')).toBe('Let the provider answer again');
    });

    it.each([390, 320])('reads it on a phone of %i px without scrolling sideways', async (width) => {
      busyHour();
      await open({ ...phone, viewport: { width, height: 800 } });
      await page.locator('[data-alert="RetriesExhausted"]').waitFor();
      expect(await evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await picture(`phone-${width}`);
    });

    it('sees on a phone what is wrong before the figures, and the switch before both', async () => {
      outage();
      await open(phone);
      await page.locator('[data-alert="ProviderFailing"]').waitFor();
      const tops = await evaluate<number[]>(
        "['#headline', '#fault button', '#alerts', '#objectives', '#errors', '#charts'].map((at) => document.querySelector(at).getBoundingClientRect().top)",
      );
      expect(tops).toEqual([...tops].sort((a, b) => a - b));
      await picture('phone-outage', false);
    });

    it.each([
      ['light', desktop],
      ['dark', desktop],
      ['light', phone],
      ['dark', phone],
    ] as const)('finds nothing wrong with axe: %s, %j', async (colorScheme, options) => {
      busyHour();
      await open({ ...options, colorScheme });
      await page.locator('[data-alert="RetriesExhausted"]').waitFor();
      await page.evaluate(axe.source);
      const { violations, passes } = (await page.evaluate('axe.run()')) as axe.AxeResults;
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect(passes.map(({ id }) => id)).toContain('color-contrast');
      await picture(`${options === desktop ? 'board' : 'phone'}-${colorScheme}`, options === desktop);
    });

    it('is read the verdict once, when it changes', async () => {
      past(100, (second) => addHealthySecond(system, second));
      await open();
      await evaluate(`window.changes = 0; new MutationObserver((list) => { changes += list.length; })
        .observe(document.getElementById('announced'), { childList: true, characterData: true, subtree: true })`);
      const polite = page.locator('#announced[role="status"][aria-live="polite"]');
      expect(await polite.count()).toBe(1);
      addHealthySecond(system, 101);
      system.count('RetriesExhausted');
      await settled();
      pass(1);
      await expect.poll(announced).toBe('Promise kept, but 1 critical alert');
      pass(3);
      await page.getByText('fires for 3 s').waitFor();
      expect(await evaluate('changes')).toBe(1);
    });

    it('sees nothing move that asks for less motion', async () => {
      past(100, (second) => addHealthySecond(system, second));
      await open();
      expect(await evaluate('getComputedStyle(document.querySelector(".bar span")).transitionDuration')).toBe('0s');
    });
  });

  it('asks nobody but the board for anything, and has nothing to complain about', async () => {
    busyHour();
    await open();
    await page.locator('#charts canvas').first().waitFor();
    await page.locator('label:has(input[value="24h"])').click();
    await expect.poll(() => requested.length).toBeGreaterThan(5);
    expect([...new Set(requested)]).toEqual([running.url]);
    expect(complaints).toEqual([]);
  });

  it('paints a day of history from a small page', async () => {
    const endEpochMs = nowEpochMs;
    for (let minute = 24 * 60; minute >= 0; minute -= minute > 20 ? 5 : 0.25) {
      for (let each = 0; each < 12; each += 1) addHealthySecond(system, Math.round(minute * 60) + each);
      reader.take(system.exposition(), endEpochMs - minute * 60_000);
    }
    await open();
    await page.locator('#charts canvas').first().waitFor();
    const data = (await (await fetch(`${running.url}/charts.json?range=24h`)).json()) as { times: number[] };
    const html = await (await fetch(running.url)).text();
    expect(data.times).toHaveLength(289);
    expect(html.length).toBeLessThan(100_000);
    await page.locator('label:has(input[value="24h"])').click();
    await expect
      .poll(() =>
        evaluate<boolean>(
          "performance.getEntriesByType('resource').some(({ name, responseEnd }) => name.endsWith('range=24h') && responseEnd > 0)",
        ),
      )
      .toBe(true);
    await picture('day');
  });

  /** A calm minute and a half, then every event fails: the provider's alert has fired for ten seconds. */
  function outage(): void {
    const endEpochMs = nowEpochMs;
    let firedEpochMs: number | undefined;
    for (let second = 0; firedEpochMs === undefined || nowEpochMs < firedEpochMs + 10_000; second += 1) {
      addHealthySecond(system, second);
      if (second > 90) {
        system.count('Bad', 5);
        system.count('Failed', 5);
        system.count('Retries', 15);
        system.count('RetriesExhausted');
      }
      nowEpochMs = endEpochMs + second * 1_000;
      reader.take(system.exposition(), nowEpochMs);
      const { notices } = reader.view(nowEpochMs);
      firedEpochMs ??= notices.find(({ name }) => name === 'ProviderFailing')?.firedEpochMs;
      if (second > 600) throw new Error('no outage came of it');
    }
  }

  /** Something of everything: an objective broken, alerts firing and ended, errors, warnings. */
  function busyHour(): void {
    system.errors = [
      {
        timestamp: '2026-01-05T09:59:58Z',
        level: 'CRITICAL',
        component: 'processor.process',
        error_code: 'SERVER_ERROR',
        error_detail: '{"status":503,"attempts":4,"path":"/transactions/sync"}',
        correlation_id: '7c1f6a9e-2d0b-4f7e-9a53-0c8b7b1d4e21',
      },
      {
        timestamp: '2026-01-05T09:59:41Z',
        level: 'ERROR',
        component: 'processor.process',
        error_code: 'CONSENT_EXPIRED',
      },
    ];
    system.droppedValues = 2;
    const endEpochMs = nowEpochMs;
    for (let second = 0; second <= 900; second += 5) {
      for (let each = 0; each < 5; each += 1) addHealthySecond(system, second + each);
      if (second === 300) system.count('DeadLettered');
      if (second === 850) system.count('RetriesExhausted');
      if (second > 700) {
        system.time('RoundTrip', 310, 420, 280);
        system.time('ProviderTime', 290, 400, 260);
        system.count('Retries', 6);
        system.count('Failed', second % 50 === 0 ? 1 : 0);
      }
      nowEpochMs = endEpochMs - (900 - second) * 1_000;
      reader.take(system.exposition(), nowEpochMs);
      reader.view(nowEpochMs);
    }
    nowEpochMs = endEpochMs;
  }
});
