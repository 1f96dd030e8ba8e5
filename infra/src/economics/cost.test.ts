/** The command as a user runs it. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const command = fileURLToPath(new URL('./cost.ts', import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });

describe('npm run cost', () => {
  it('prints the bill by line and where DAX pays', () => {
    const { stdout, status } = run('--events-per-month', '438000000', '--reads-per-event', '10', '--dax', '3xt3.small');
    expect(status).toBe(0);
    expect(stdout).toContain('| DynamoDB writes | 1,218 million units | 761 | 1.74 |');
    expect(stdout).toContain('On cost alone it pays from 661 million events a month; or from 12.5 reads an event');
  });

  it('says so when DAX never pays', () => {
    expect(run('--events-per-month', '1000000').stdout).toContain('it pays at no number of events');
  });

  it('prints figures for programs', () => {
    const { stdout } = run('--events-per-month', '1000000', '--dax', '3xt3.small', '--json');
    const report = JSON.parse(stdout) as { region: string; withoutDax: { usd: number }; withDax: { usd: number } };
    expect(report.region).toBe('us-east-1');
    expect(report.withDax.usd).toBeGreaterThan(report.withoutDax.usd + 180);
  });

  it('fails on a typing error and says where the options are listed', () => {
    const { stderr, stdout, status } = run('--events', '5');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe("cost: Unknown option '--events'; npm run cost -- --help lists the options\n");
  });
});
