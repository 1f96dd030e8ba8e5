/** Who looks at a board: a browser with its page open, or, where there is none, a program that reads the same as JSON. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import { chromiumFlags } from '../chromium.ts';
import { type AlertPath, watchedAlert } from './alert-paths.ts';

export interface BoardView {
  /** Errors of the page's own script so far: one that has stopped shows nothing more. */
  readonly complaints: readonly string[];
  /** @returns when the alert was seen firing, ms since 1970; `null` when it was not within the time */
  seenEpochMs(mark: AlertPath['mark'], withinMs: number): Promise<number | null>;
  close(): Promise<void>;
}

export interface BoardViewer {
  readonly looksAt: 'page' | 'snapshot';
  /** First contentful paint of each page opened so far, ms; `undefined` without a browser. */
  paintsMs(): readonly number[] | undefined;
  /** @throws {Error} when the alert is there before anything has happened */
  open(boardUrl: string): Promise<BoardView>;
  close(): Promise<void>;
}

const viewport = { width: 1_360, height: 900 };
const lookEveryMs = 200;
const tooEarly = `the board shows ${watchedAlert} before there was an outage`;

export async function startBrowserViewer(executablePath: string): Promise<BoardViewer> {
  const { chromium, errors } = await import('playwright-core'); // no other scenario has a use for it
  const browser = await chromium.launch({
    executablePath,
    args: [...chromiumFlags],
    // Ctrl-C is ours: everything is ended in order, the browser with the rest
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const paintsMs: number[] = [];
  return {
    looksAt: 'page',
    paintsMs: () => paintsMs,
    async open(boardUrl) {
      const page = await browser.newPage({ viewport });
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(boardUrl);
      const firing = `[data-alert="${watchedAlert}"][data-status="firing"]`;
      await page.locator('#alerts > *').first().waitFor(); // its script runs
      const paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime";
      const paintMs = await page.evaluate<number | undefined>(paint);
      if (paintMs !== undefined) paintsMs.push(paintMs);
      if ((await page.locator(firing).count()) > 0) throw new Error(tooEarly);
      return {
        complaints,
        async seenEpochMs(mark, timeoutMs) {
          try {
            const row = page.locator(`${firing}[data-path="${mark}"]`);
            await row.waitFor({ state: 'visible', timeout: timeoutMs });
            return Date.now();
          } catch (error) {
            if (error instanceof errors.TimeoutError) return null;
            throw error;
          }
        },
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}

interface Snapshot {
  readonly alerts: readonly { readonly name: string; readonly path: string; readonly status: string }[];
}

/** What the board itself says, whatever its page shows. */
export async function isInSnapshot(
  boardUrl: string,
  mark: AlertPath['mark'] | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const response = await fetch(`${boardUrl}/snapshot.json`, { signal });
  const { alerts } = (await response.json()) as Snapshot;
  return alerts.some(
    ({ name, status, path }) => name === watchedAlert && status === 'firing' && (mark === undefined || mark === path),
  );
}

export function startSnapshotViewer(): BoardViewer {
  return {
    looksAt: 'snapshot',
    paintsMs: () => undefined,
    async open(boardUrl) {
      const closing = new AbortController();
      const { signal } = closing;
      if (await isInSnapshot(boardUrl, undefined, signal)) throw new Error(tooEarly);
      return {
        complaints: [],
        async seenEpochMs(mark, withinMs) {
          const endMs = performance.now() + withinMs;
          while (performance.now() < endMs) {
            if (await isInSnapshot(boardUrl, mark, signal)) return Date.now();
            await sleepMs(lookEveryMs, undefined, { signal });
          }
          return null;
        },
        async close() {
          closing.abort();
        },
      };
    },
    async close() {},
  };
}
