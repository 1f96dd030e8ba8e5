/** The browser that the tests of the page use, and how it is started. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const names = ['chromium', 'chromium-browser', 'google-chrome'];
/** `undefined` where there is none. */
export const found = names
  .map((name) => spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim())
  .find((path) => path !== '');
export const picturesFolder = fileURLToPath(new URL('../../../.reports/apps/dashboard/', import.meta.url));
export const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
export const desktop = { viewport: { width: 1_360, height: 900 } };
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
