import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CommandError } from './command-error.ts';
import { exitCodeOf, runCommand } from './run-command.ts';

const command = {
  name: 'audit',
  usage: 'npm run audit\n  Looks.\n',
  options: { table: { type: 'string' } },
} as const;

async function ran(
  args: readonly string[],
  main: Parameters<typeof runCommand<typeof command.options>>[1],
  environment: Readonly<Record<string, string>> = {},
) {
  const said = { out: '', error: '' };
  await runCommand(command, main, {
    args,
    environment,
    print(text) {
      said.out += text;
    },
    printError(text) {
      said.error += text;
    },
  });
  return { ...said, exitCode: process.exitCode };
}

const unwanted = () => expect.unreachable('it must not begin its work');

afterEach(() => {
  process.exitCode = undefined;
});

describe('a command', () => {
  it('gets what it was given and ends with 0', async () => {
    let table: string | undefined;
    const main = ({ values }: { readonly values: { readonly table?: string } }) => {
      table = values.table;
    };
    expect(await ran(['--table', 'a'], main)).toEqual({ out: '', error: '', exitCode: undefined });
    expect(table).toBe('a');
  });

  it('explains itself instead of working', async () => {
    expect(await ran(['--help'], unwanted)).toEqual({ out: command.usage, error: '', exitCode: undefined });
  });

  it('ends with 2 and one line when it is called wrongly', async () => {
    expect(await ran(['--tabel'], unwanted)).toMatchObject({
      error: "audit: Unknown option '--tabel'; npm run audit -- --help lists the options\n",
      exitCode: 2,
    });
    const taken = { npm_lifecycle_event: 'audit', npm_config_table: 'a' };
    expect(await ran([], unwanted, taken)).toMatchObject({
      error: 'audit: npm took --table for itself: options go behind two dashes, as npm run audit -- --table a\n',
      exitCode: 2,
    });
  });

  it('ends with 1 and one line when it fails', async () => {
    const fail = () => {
      throw new CommandError('FAILED', 'no system is running');
    };
    expect(await ran([], fail)).toMatchObject({ error: 'audit: no system is running\n', exitCode: 1 });
  });

  it('ends as a shell says it of a command that a signal ended', async () => {
    const interrupted = () => {
      throw new CommandError('INTERRUPTED', 'interrupted', { signal: 'SIGTERM' });
    };
    expect(await ran([], interrupted)).toMatchObject({ error: 'audit: interrupted\n', exitCode: 143 });
  });

  it('takes a variable that a npmrc file explains for no lost option', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'npmrc-'));
    const file = join(folder, 'npmrc');
    writeFileSync(file, 'registry=https://example.org\ntable = a\n');
    const environment = { npm_lifecycle_event: 'audit', npm_config_table: 'a', npm_config_userconfig: file };
    expect(await ran([], () => {}, environment)).toMatchObject({ error: '', exitCode: undefined });
    rmSync(folder, { recursive: true });
  });
});

it('a signal ends a command with the exit code that shells give it', () => {
  expect([exitCodeOf('SIGINT'), exitCodeOf('SIGTERM')]).toEqual([130, 143]);
});
