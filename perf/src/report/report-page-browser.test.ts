/** The page in a real Chromium: has the chart drawn? Its picture is left beside the test results. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumFlags, chromiumNames } from '../chromium.ts';
import { exampleReport } from './report-example.ts';
import { reportPage } from './report-page.ts';

const found = chromiumNames
  .map((name) => spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim())
  .find((path) => path !== '');
const picturesFolder = fileURLToPath(new URL('../../../.reports/perf/', import.meta.url));

it.runIf(process.env.CI === 'true')('a browser is there, where it must be', () => {
  expect(found, 'install Chromium: apt-get install chromium').toBeDefined();
});

describe.skipIf(found === undefined)(`the report in a browser (left out without ${chromiumNames.join(' or ')})`, () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'quartersec-page-'));

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: found ?? '', args: [...chromiumFlags] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('draws every line and asks nobody for anything', async () => {
    const path = join(folder, 'report.html');
    writeFileSync(path, reportPage(exampleReport));
    const page = await browser.newPage({ viewport: { width: 1_000, height: 1_400 } });
    const requested: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(pathToFileURL(path).href);

    const lines = await page.locator('svg path.line').evaluateAll((paths) =>
      paths.map((path) => {
        const shape = path as unknown as { getTotalLength(): number; getBBox(): { width: number; height: number } };
        return { length: shape.getTotalLength(), width: shape.getBBox().width };
      }),
    );
    expect(lines).toHaveLength(26);
    for (const { length, width } of lines) {
      expect(length).toBeGreaterThan(500);
      expect(width).toBeGreaterThan(500);
    }
    expect(await colouredPixels(page)).toBeGreaterThan(500);
    expect(requested).toEqual([pathToFileURL(path).href]);
    expect(complaints).toEqual([]);
    mkdirSync(picturesFolder, { recursive: true });
    await page.screenshot({ path: join(picturesFolder, 'report-page.png'), fullPage: true });
  });

  /** Of the p95 line of the first chart, in its own colour: a line can be in the document and still not be seen. */
  async function colouredPixels(page: Awaited<ReturnType<Browser['newPage']>>): Promise<number> {
    const picture = await page.locator('figure svg').first().screenshot();
    const stroke = await page
      .locator('svg path.line.p95')
      .first()
      .evaluate((path) => {
        const window = globalThis as unknown as { getComputedStyle(of: unknown): { stroke: string } };
        return window.getComputedStyle(path).stroke;
      });
    return await page.evaluate(
      async ([base64, colour]) => {
        type Context = {
          drawImage(image: unknown, x: number, y: number): void;
          getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
        };
        const browser = globalThis as unknown as {
          createImageBitmap(blob: Blob): Promise<{ width: number; height: number }>;
          OffscreenCanvas: new (width: number, height: number) => { getContext(kind: '2d'): Context };
        };
        const bytes = Uint8Array.from(atob(base64 ?? ''), (character) => character.charCodeAt(0));
        const image = await browser.createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const context = new browser.OffscreenCanvas(image.width, image.height).getContext('2d');
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, image.width, image.height);
        const [red, green, blue] = (colour ?? '').match(/\d+/g)?.map(Number) ?? [];
        let count = 0;
        for (let at = 0; at < data.length; at += 4)
          if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) count += 1;
        return count;
      },
      [picture.toString('base64'), stroke] as const,
    );
  }
});
