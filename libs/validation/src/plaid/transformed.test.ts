import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as validators from './validators.ts';
import * as webhookValidators from './webhooks/validators.ts';

const run = promisify(execFile);
const validatorsFile = fileURLToPath(new URL('./validators.ts', import.meta.url));
const rootEntry = fileURLToPath(new URL('../index.ts', import.meta.url));

/** Runs code in a plain Node, which only strips types. */
async function runPlain(code: string): Promise<{ readonly failed: boolean; readonly output: string }> {
  try {
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code]);
    return { failed: false, output: stdout };
  } catch (error) {
    return { failed: true, output: String((error as { stderr: unknown }).stderr) };
  }
}

describe('the validators under test', () => {
  it('are the compiled ones: the file as written throws on import', async () => {
    const { failed, output } = await runPlain(`await import(${JSON.stringify(validatorsFile)})`);
    expect(failed).toBe(true);
    expect(output).toContain('no transform has been configured');
    // Here the same file has been imported above, and each of its validators decides.
    expect(validators.validateRemoved({ transaction_id: 'tx-1', account_id: 'acc-1' }).success).toBe(true);
    expect(validators.validateRemoved({ transaction_id: 1, account_id: 'acc-1' }).success).toBe(false);
    expect(validators.paymentChannels).toEqual(['online', 'in store', 'other']);
  });

  it.each([
    ['./validators.ts', validators],
    ['./webhooks/validators.ts', webhookValidators],
  ])('are all that %s exports: no validator goes untransformed, and nothing hides from coverage', (file, exported) => {
    const source = readFileSync(new URL(file, import.meta.url), 'utf8');
    const calls = source.match(/typia\.(createValidate|misc\.literals)</g) ?? [];
    expect(calls).toHaveLength(Object.keys(exported).length);
    expect(source).not.toMatch(/\bif\b|=>|\bfunction\b/);
  });

  it('are not loaded by the root entry, which runs as it stands', async () => {
    const code = `
      const { parseExact, transactionId } = await import(${JSON.stringify(rootEntry)});
      process.stdout.write(parseExact('1.10').literal);`;
    expect(await runPlain(code)).toEqual({ failed: false, output: '1.10' });
  });
});
