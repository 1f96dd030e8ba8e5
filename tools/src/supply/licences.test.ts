import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';
import { statedLicence } from './installed-manifest.ts';
import { allowedLicences, licenceExceptions } from './licence-policy.ts';
import { checkLicences, type LockedPackage, type Policy } from './licences.ts';

const policy: Policy = {
  allowed: new Set(['MIT', 'Apache-2.0']),
  exceptions: [{ packages: /^weak$/, licence: 'MPL-2.0', reason: 'a test' }],
  own: 'Apache-2.0',
};
const weak = { 'node_modules/weak': { version: '1.0.0', license: 'MPL-2.0', dev: true } };

/** Findings for one dependency beside the workspace; `installed` is what its own manifest says. */
function findingsOf(entry: LockedPackage, installed: string | undefined, path = 'node_modules/@a/b') {
  const packages = { ...weak, [path]: { version: '1.0.0', ...entry } };
  const licenceOf = (at: string) => (at === path ? installed : 'MPL-2.0');
  return checkLicences(packages, licenceOf, policy).findings;
}

describe('checkLicences', () => {
  it('accepts an allowed licence', () => {
    expect(findingsOf({ license: 'MIT' }, 'MIT')).toEqual([]);
  });

  it.each([
    [{ license: 'GPL-3.0-only' }, 'GPL-3.0-only', '@a/b 1.0.0 has the licence GPL-3.0-only, which is not allowed'],
    [{}, '', '@a/b 1.0.0 has the licence (none), which is not allowed'],
    [{ license: 'MIT' }, 'Apache-2.0', '@a/b 1.0.0 says Apache-2.0, package-lock.json says MIT'],
    [{ license: 'MIT' }, '', '@a/b 1.0.0 says nothing, package-lock.json says MIT'],
    [{ license: 'MIT' }, undefined, '@a/b 1.0.0 is not installed: run npm ci'],
    [{ license: 'MPL-2.0', dev: true }, 'MPL-2.0', '@a/b 1.0.0 has the licence MPL-2.0, which is not allowed'],
  ])('names %j with the manifest "%s"', (entry, installed, finding) => {
    expect(findingsOf(entry, installed)).toContain(finding);
  });

  it('judges by what is installed, not by what the lock file says', () => {
    expect(findingsOf({ license: 'MIT' }, 'GPL-3.0-only')).toContain(
      '@a/b 1.0.0 has the licence GPL-3.0-only, which is not allowed',
    );
  });

  it('refuses an exception to what is deployed', () => {
    const path = 'node_modules/x/node_modules/weak';
    expect(findingsOf({ license: 'MPL-2.0' }, 'MPL-2.0', path)).toEqual([
      'weak 1.0.0 has the licence MPL-2.0, which is allowed for development alone',
    ]);
  });

  it('names an exception that nothing needs', () => {
    expect(checkLicences({}, () => undefined, policy).findings).toEqual([
      'the exception for ^weak$ is not needed any more',
    ]);
  });

  it('judges an absent platform package by the package that it is a part of', () => {
    const whole = (license: string): Readonly<Record<string, LockedPackage>> => ({
      ...weak,
      'node_modules/tool': { version: '2.0.0', license, optionalDependencies: { 'tool-win32': '2.0.0' } },
      'node_modules/tool-win32': { version: '2.0.0', optional: true },
    });
    const licenceOf = (license: string) => (path: string) =>
      ({ 'node_modules/tool': license, 'node_modules/weak': 'MPL-2.0' })[path];
    const fine = checkLicences(whole('MIT'), licenceOf('MIT'), policy);
    expect(fine).toMatchObject({ checked: 3, absent: 1, findings: [] });
    expect(checkLicences(whole('SSPL-1.0'), licenceOf('SSPL-1.0'), policy).findings).toEqual([
      'tool 2.0.0 has the licence SSPL-1.0, which is not allowed',
      'tool-win32 2.0.0 has the licence SSPL-1.0, which is not allowed',
    ]);
  });

  it('holds the own packages to the licence of the project', () => {
    const packages = { ...weak, 'libs/a': { license: 'MIT' }, 'node_modules/@ours/a': { link: true } };
    const licenceOf = (path: string) => (path === 'libs/a' ? 'MIT' : 'MPL-2.0');
    expect(checkLicences(packages, licenceOf, policy).findings).toEqual([
      'libs/a is ours and says MIT, not Apache-2.0',
    ]);
  });
});

describe('the dependencies of this project', () => {
  it('all have a licence that the policy allows', () => {
    const lock = JSON.parse(readFileSync(join(workspaceRoot, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, LockedPackage>;
    };
    const { checked, findings } = checkLicences(lock.packages, statedLicence(workspaceRoot), {
      allowed: allowedLicences,
      exceptions: licenceExceptions,
      own: 'Apache-2.0',
    });
    expect(findings).toEqual([]);
    expect(checked).toBeGreaterThan(100);
  });
});
