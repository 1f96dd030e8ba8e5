import { describe, expect, it } from 'vitest';
import { focusedTests } from './focused-tests.ts';
import { lockHosts, machinePaths } from './machine-paths.ts';
import { packageManifests } from './package-manifests.ts';
import { plant } from './planted.ts';
import { slaLiterals } from './sla-literals.ts';
import { unitSuffixes } from './unit-suffixes.ts';

const inStorage = (text: string) => ({ 'libs/storage/src/a.ts': text });
const spell = (...parts: string[]) => parts.join('');

describe('units in names', () => {
  it.each([
    'const timeout = 500;',
    'const RETRY_DELAY = 2 * 60;',
    'let pollInterval = -1;',
    'interface X { readonly ttl: number }',
    'interface X { latency?: number | undefined }',
    'class X { connectTimeout = 5; }',
    'const f = (duration: number) => duration;',
    'const f = (delay = 100) => delay;',
  ])('refuses %s', (text) => {
    expect(plant(unitSuffixes, inStorage(text))).toHaveLength(1);
  });

  it.each([
    'const timeoutMs = 500;',
    'const WAIT_CAP_MS = 30_000;',
    'interface X { readonly ttlSeconds: number }',
    "const duration = '2m';",
    'const f = (timeout: Duration) => timeout;',
    'server.listen({ timeout: 500 });',
    'interface Item { ttl: number } // unit: seconds, as DynamoDB wants it',
    'const battle = 3;',
    'const setDelay = () => 3;',
  ])('allows %s', (text) => {
    expect(plant(unitSuffixes, inStorage(text))).toEqual([]);
  });

  it('tells where and what to write', () => {
    expect(plant(unitSuffixes, inStorage('\nconst timeout = 500;'))).toEqual([
      { path: 'libs/storage/src/a.ts', line: 2, message: 'timeout has no unit: call it timeoutMs or what it is' },
    ]);
  });
});

describe("the promise's number", () => {
  it.each(['const budgetMs = 250;', 'const budgetMs = 250.0;', 'const budgetMs = 2_50;', 'f({ p95: 0xfa });'])(
    'refuses %s',
    (text) => {
      expect(plant(slaLiterals, inStorage(text))).toHaveLength(1);
    },
  );

  it('allows it in libs/sla, in tests, in text and within other numbers', () => {
    const files = { 'libs/sla/src/objectives.ts': 'const ms = 250;', 'libs/storage/src/a.test.ts': 'const ms = 250;' };
    expect(
      plant(slaLiterals, { ...files, ...inStorage('const n = 1250; // 250\nconst s = "250"; const t = `250`;') }),
    ).toEqual([]);
  });
});

describe('left-out tests', () => {
  it.each(['it', 'test', 'describe', 'suite'])('refuses %s with only, skip and todo', (name) => {
    const text = ['only', 'skip', 'todo'].map((modifier) => `${name}.${modifier}('x', () => {});`).join('\n');
    expect(plant(focusedTests, { 'libs/storage/src/a.test.ts': text })).toHaveLength(3);
  });

  it('sees a modifier before or after each', () => {
    const text = spell('it.', 'only.each([1])(""); ', 'it.each.', 'only([1]);');
    expect(plant(focusedTests, { 'libs/storage/src/a.test.ts': text })).toHaveLength(2);
  });

  it('allows a condition that says its reason, and methods of other things', () => {
    const text = "it.skipIf(url === undefined)('x', () => {}); it.runIf(true)('y', () => {}); cursor.skip(3);";
    expect(plant(focusedTests, { 'libs/storage/src/a.test.ts': text })).toEqual([]);
  });
});

describe('machine paths', () => {
  it.each([
    spell('/wo', 'rk/main/libs'),
    spell('"/ro', 'ot/.npm"'),
    spell('cd /tmp/bash', '_jobs.0/x'),
    spell('see /wo', 'rk'),
  ])('refuses %s', (text) => {
    expect(plant(machinePaths, { 'docs/a.md': text })).toHaveLength(1);
  });

  it.each([
    'https://example.com/work/x',
    'libs/work/a',
    './root/x',
    '~/work/x',
    '/workers/1',
    '/root-folder',
    '$HOME/work/x',
  ])('allows %s', (text) => {
    expect(plant(machinePaths, { 'docs/a.md': text })).toEqual([]);
  });
});

describe('lock file hosts', () => {
  it.each(['https://registry.example/x.tgz', 'git+ssh://git@example.com/x.git'])('refuses %s', (host) => {
    expect(plant(lockHosts, { 'package-lock.json': `{\n  "resolved": "${host}"\n}` })).toEqual([
      {
        path: 'package-lock.json',
        line: 2,
        message: 'names a host: install with omit-lockfile-registry-resolved=true (.npmrc)',
      },
    ]);
  });

  it('allows links to packages of the workspace', () => {
    expect(plant(lockHosts, { 'package-lock.json': '"resolved": "libs/sla"' })).toEqual([]);
  });
});

describe('package manifests', () => {
  it('is content with a sound workspace', () => {
    expect(plant(packageManifests, {})).toEqual([]);
  });

  it('refuses a missing script, a foreign name and a version range', () => {
    const manifest = {
      name: 'storage',
      scripts: { lint: 'l', test: 't' },
      dependencies: { got: '^16.0.0' },
      devDependencies: { vitest: 'latest', 'typescript-7': 'npm:typescript@7.0.2', 'got-15': 'npm:got@^15.0.0' },
    };
    expect(
      plant(packageManifests, { 'libs/storage/package.json': JSON.stringify(manifest) }).map(({ message }) => message),
    ).toEqual([
      'is not called @quartersec/<name>',
      'has no script typecheck',
      'takes got at ^16.0.0: give the exact version',
      'takes vitest at latest: give the exact version',
      'takes got-15 at npm:got@^15.0.0: give the exact version',
    ]);
  });

  it('asks the same of a package that nobody has told it about', () => {
    const manifest = { name: '@quartersec/new', scripts: {} };
    expect(plant(packageManifests, { 'apps/new/package.json': JSON.stringify(manifest) })).toHaveLength(3);
  });
});
