/** The browser that looks at pages here: under which names it is found, and how it is started without asking anybody anything. */

export const chromiumNames = ['chromium', 'chromium-browser', 'google-chrome'] as const;

export const chromiumFlags: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
