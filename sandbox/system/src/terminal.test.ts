import { describe, expect, it } from 'vitest';
import { createErrorLines } from './error-lines.ts';
import { readPlaidAccount } from './plaid-account.ts';
import { createProgress } from './progress.ts';

describe('progress', () => {
  const written = (isTTY: boolean, use: (progress: ReturnType<typeof createProgress>) => void) => {
    let text = '';
    use(
      createProgress({
        isTTY,
        write(more) {
          text += more;
        },
      }),
    );
    return text;
  };

  it('rewrites its line on a terminal', () => {
    const text = written(true, (progress) => {
      progress.step('linking 1/9');
      progress.step('linking 2/9');
    });
    expect(text.match(/\r/g)).toHaveLength(2);
    expect(text).not.toContain('\n');
  });

  it('does not fill a log with a counter', () => {
    const text = written(false, (progress) => {
      progress.step('linking 1/9');
      progress.step('linking 2/9');
      progress.step('ready');
      progress.done();
    });
    expect(text.split('\n').map((line) => line.replace(/^ *\d+ s {2}/, ''))).toEqual(['linking 1/9', 'ready', '']);
  });

  it('redraws a block over itself on a terminal, and appends it elsewhere', () => {
    const twice = (progress: ReturnType<typeof createProgress>) => {
      progress.block('a\nb');
      progress.block('c\nd');
    };
    expect(written(true, twice)).toContain('\u001b[2A');
    expect(written(false, twice)).toBe('a\nb\nc\nd\n');
  });

  it('leaves a note where it was written, and starts the block anew below it', () => {
    const text = written(true, (progress) => {
      progress.block('a\nb');
      progress.note('the board ended');
      progress.block('c\nd');
    });
    expect(text).toContain('the board ended\n');
    expect(text).not.toContain('\u001b[2A');
  });
});

describe('error lines', () => {
  it('keeps the latest errors, newest first, and nothing else', () => {
    const lines = createErrorLines();
    lines.read('{"level":"INFO","message":"fine"}');
    for (let n = 1; n <= 55; n += 1) lines.read(`{"level":"${n % 2 ? 'ERROR' : 'CRITICAL'}","n":${n}}`);
    lines.read('not JSON, but it says "level":"ERROR"');
    expect(lines.latest()).toHaveLength(50);
    expect(lines.latest()[0]).toEqual({ level: 'ERROR', n: 55 });
  });
});

describe('the Plaid account', () => {
  const account = { PLAID_BASE_URL: 'u', PLAID_CLIENT_ID: 'i', PLAID_SECRET: 's', PLAID_ACCESS_TOKEN: 't' };

  it('is all or nothing', () => {
    expect(readPlaidAccount({})).toBeUndefined();
    expect(readPlaidAccount(account)).toEqual({ baseUrl: 'u', clientId: 'i', secret: 's', accessToken: 't' });
    const { PLAID_SECRET: _secret, ...rest } = account;
    expect(() => readPlaidAccount(rest)).toThrow('set PLAID_SECRET too');
  });
});
