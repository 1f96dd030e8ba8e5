import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';
import { buildDynoxide } from './dynoxide.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dynoxide-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function script(text: string): string {
  const path = join(folder, 'build.mjs');
  writeFileSync(path, text);
  return path;
}

describe('buildDynoxide', () => {
  it('gives the path that the build prints', async () => {
    expect(await buildDynoxide(script(`console.error('building'); console.log('/tmp/dynoxide');`))).toBe(
      '/tmp/dynoxide',
    );
  });

  it('fails with the last line of a build that fails', async () => {
    const failing = script(`console.error('error: no\\nnot built: install Rust'); process.exitCode = 1;`);
    await expect(buildDynoxide(failing)).rejects.toThrow(/^not built: install Rust$/);
  });
});

describe('tools/build-dynoxide.mjs', () => {
  /** Stands for cargo: notes how it was called, then installs a program below `--root`, its last argument. */
  const installingCargo =
    '#!/bin/sh\necho "$@" >> "$CALLS"\nfor root; do :; done\nmkdir -p "$root/bin" && touch "$root/bin/dynoxide"\n';

  function build(cargo: string | undefined) {
    for (const name of ['tools', 'bin']) mkdirSync(join(folder, name), { recursive: true });
    copyFileSync(join(workspaceRoot, 'tools', 'build-dynoxide.mjs'), join(folder, 'tools', 'build-dynoxide.mjs'));
    if (cargo !== undefined) writeFileSync(join(folder, 'bin', 'cargo'), cargo, { mode: 0o755 });
    const env = {
      PATH: cargo === undefined ? join(folder, 'bin') : `${join(folder, 'bin')}:/usr/bin:/bin`,
      CALLS: join(folder, 'calls'),
    };
    return spawnSync(process.execPath, [join(folder, 'tools', 'build-dynoxide.mjs')], { env, encoding: 'utf8' });
  }

  it('builds the version once and prints where it is', () => {
    const binary = join(folder, '.cache/dynoxide/3.2.0/bin/dynoxide');
    expect([build(installingCargo), build(installingCargo)]).toMatchObject([
      { status: 0, stdout: `${binary}\n` },
      { status: 0, stdout: `${binary}\n`, stderr: '' },
    ]);
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n');
    expect(calls).toEqual([expect.stringContaining('install --quiet dynoxide-rs --version 3.2.0 --locked')]);
  });

  it.each([
    ['fails', '#!/bin/sh\nexit 101\n'],
    ['leaves no binary', '#!/bin/sh\nexit 0\n'],
    ['is missing', undefined],
  ])('says what it needs when cargo %s', (_, cargo) => {
    expect(build(cargo)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('Rust 1.88 or newer'),
    });
  });
});
