import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';
import { completeLock, missingEntries, platformOf } from './complete-lock.ts';

describe('platformOf', () => {
  it.each([
    ['@biomejs/cli-linux-x64-musl', { cpu: ['x64'], libc: ['musl'], os: ['linux'] }],
    ['@nx/nx-linux-arm-gnueabihf', { cpu: ['arm'], libc: ['glibc'], os: ['linux'] }],
    ['@nx/nx-win32-arm64-msvc', { cpu: ['arm64'], os: ['win32'] }],
    ['@esbuild/darwin-x64', { cpu: ['x64'], os: ['darwin'] }],
    ['fsevents', undefined],
  ])('reads %s', (name, platform) => {
    expect(platformOf(name)).toEqual(platform);
  });
});

describe('missingEntries', () => {
  const tool = {
    version: '1.0.0',
    dev: true,
    optionalDependencies: { 'tool-linux-x64': '1.0.0', 'tool-darwin-arm64': '1.0.0' },
  };
  const linux = { version: '1.0.0' };

  it('adds what npm left out, for development only when its parent is', () => {
    const lock = { packages: { 'node_modules/tool': tool, 'node_modules/tool-linux-x64': linux } };
    expect(missingEntries(lock)).toEqual({
      'node_modules/tool-darwin-arm64': { version: '1.0.0', dev: true, optional: true, os: ['darwin'], cpu: ['arm64'] },
    });
  });

  it('finds a package in a folder further up, and one nested beside its parent', () => {
    const packages = {
      'node_modules/a/node_modules/tool': tool,
      'node_modules/a/node_modules/tool-linux-x64': linux,
      'node_modules/tool-darwin-arm64': { version: '1.0.0' },
    };
    expect(missingEntries({ packages })).toEqual({});
  });

  it('leaves alone what has no exact version or no platform in its name', () => {
    const packages = { 'node_modules/b': { optionalDependencies: { fsevents: '2.3.3', 'x-linux-x64': '~1.0.0' } } };
    expect(missingEntries({ packages })).toEqual({});
  });

  it('finds nothing more in a completed lock file, whose entries are in order', () => {
    const lock = completeLock({
      packages: { '': {}, 'node_modules/tool': tool, 'node_modules/tool-linux-x64': linux },
    });
    expect(missingEntries(lock)).toEqual({});
    expect(Object.keys(lock.packages)).toEqual([
      '',
      'node_modules/tool',
      'node_modules/tool-darwin-arm64',
      'node_modules/tool-linux-x64',
    ]);
  });

  it('finds nothing in the lock file of this workspace', () => {
    expect(missingEntries(JSON.parse(readFileSync(join(workspaceRoot, 'package-lock.json'), 'utf8')))).toEqual({});
  });
});
