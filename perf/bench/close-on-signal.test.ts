import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

const script = `
  const { closeOnSignal } = await import('${new URL('./testing/bench-system.ts', import.meta.url).href}');
  closeOnSignal({ close: async () => void process.stdout.write('closed') });
  setInterval(() => {}, 60_000);
  process.stdout.write('ready ');
`;

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  'a bench that %s ends closes what it has started, and says by which signal: %i',
  async (signal, code) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      if (said === 'ready ') child.kill(signal);
    });
    expect(await once(child, 'exit')).toEqual([code, null]);
    expect(said).toBe('ready closed');
  },
  60_000,
);
