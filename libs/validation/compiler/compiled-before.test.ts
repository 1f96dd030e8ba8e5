import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileValidators, type Read, validatorsForVite } from './compile-validators.ts';
import { type Compiled, compileOnce, storeIn } from './compiled-before.ts';

let folder: string;
const inFolder = (name: string) => join(folder, name);
const write = (name: string, text: string) => writeFileSync(inFolder(name), text);
const removeFolder = () => rmSync(folder, { recursive: true });

describe.each([
  ['in memory', () => new Map<string, Compiled>()],
  ['in a folder', () => storeIn(inFolder('kept'))],
])('a compiled text kept %s', (_, createStore) => {
  let compiledTimes: number;
  let compile: () => string;

  /** A compiler that reads three files, and looks for a fourth in vain. */
  function compiler(_file: string, _tsconfig: string, read: Read = new Map()): string {
    compiledTimes += 1;
    for (const name of ['validators.ts', 'wire.ts', 'tsconfig.json'])
      read.set(inFolder(name), readFileSync(inFolder(name), 'utf8'));
    read.set(inFolder('late'), undefined);
    return [...read.values()].join('');
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'compiled-before-'));
    for (const name of ['validators.ts', 'wire.ts', 'tsconfig.json']) write(name, `${name}\n`);
    compiledTimes = 0;
    const store = createStore();
    // Anew each time: what is kept is in the store.
    compile = () => compileOnce(store, compiler)(inFolder('validators.ts'), inFolder('tsconfig.json'));
  });
  afterEach(removeFolder);

  it('is the compiler’s, which is asked once', () => {
    expect(compile()).toBe('validators.ts\nwire.ts\ntsconfig.json\n');
    expect(compile()).toBe('validators.ts\nwire.ts\ntsconfig.json\n');
    expect(compiledTimes).toBe(1);
  });

  it.each(['validators.ts', 'wire.ts', 'tsconfig.json'])('is made anew after a change of %s', (name) => {
    compile();
    write(name, 'other\n');
    expect(compile()).toContain('other\n');
    expect(compiledTimes).toBe(2);
    compile();
    expect(compiledTimes).toBe(2);
  });

  it('is made anew when a file that it was made of is gone', () => {
    compile();
    rmSync(inFolder('wire.ts'));
    expect(() => compile()).toThrow('ENOENT');
  });

  it.each([
    ['file', () => write('late', '')],
    ['folder', () => mkdirSync(inFolder('late'))],
  ])('is made anew when the %s is there that was looked for in vain', (_what, put) => {
    compile();
    put();
    compile();
    expect(compiledTimes).toBe(2);
  });

  it('is used again when a change is taken back', () => {
    compile();
    write('wire.ts', 'other\n');
    write('wire.ts', 'wire.ts\n');
    compile();
    expect(compiledTimes).toBe(1);
  });

  it('is of that file under that configuration', () => {
    compile();
    compileOnce(createStore(), compiler)(inFolder('validators.ts'), inFolder('other.json'));
    expect(compiledTimes).toBe(2);
  });
});

describe('typia’s compiler', () => {
  /** In the workspace: typia is found from there. */
  beforeEach(() => {
    const cache = join(import.meta.dirname, '../../../.cache');
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(join(cache, 'planted-'));
    write('options.json', '{ "compilerOptions": { "strict": true, "module": "nodenext", "types": [] } }');
    write('tsconfig.json', '{ "extends": "./options.json" }');
    write('wire.ts', "export * from './late.js';\nexport interface Wire { readonly id: string }\n");
    write(
      'validators.ts',
      "import typia from 'typia';\nimport type { Wire } from './wire.js';\nexport const isWire = typia.createIs<Wire>();\n",
    );
  });
  afterEach(removeFolder);

  it('notes every file of ours that counts, and the packages as one: a type that changed is compiled anew', () => {
    const store = new Map<string, Compiled>();
    const compile = () => compileOnce(store)(inFolder('validators.ts'), inFolder('tsconfig.json'));
    expect(compile()).toContain('"string" === typeof input.id');
    const read = [...store.values()][0]?.read ?? {};
    const known = Object.keys(read).filter((path) => read[path] !== null);
    expect(known).toEqual(
      expect.arrayContaining([
        ...['options.json', 'tsconfig.json', 'validators.ts', 'wire.ts'].map(inFolder),
        join(import.meta.dirname, 'compile-validators.ts'),
        expect.stringMatching(/node_modules[/\\]\.package-lock\.json$/),
      ]),
    );
    expect(known.filter((path) => /node_modules/.test(path))).toHaveLength(1);
    expect(read[inFolder('late.ts')]).toBe(null);

    write('late.ts', 'export interface Late { readonly late: string }\n');
    write(
      'wire.ts',
      "import type { Late } from './late.js';\nexport interface Wire extends Late { readonly id: number }\n",
    );
    const text = compile();
    expect(text).toContain('"number" === typeof input.id');
    expect(text).toContain('"string" === typeof input.late');
    expect(text).toBe(compileValidators(inFolder('validators.ts'), inFolder('tsconfig.json')));
  });
});

describe('storeIn', () => {
  it('leaves whole files only', () => {
    folder = mkdtempSync(join(tmpdir(), 'compiled-before-'));
    try {
      storeIn(folder).set('key', { text: 'text', read: {} });
      expect(readdirSync(folder)).toEqual(['key.json']);
      expect(storeIn(folder).get('key')).toEqual({ text: 'text', read: {} });
      expect(storeIn(folder).get('other')).toBeUndefined();
    } finally {
      removeFolder();
    }
  });
});

describe('vitest’s own cache of modules', () => {
  it('keeps no validators, since it looks at their own text alone', () => {
    let keyOf: ((module: { readonly id: string }) => false | undefined) | undefined;
    validatorsForVite('tsconfig.json').configureVitest({
      defineCacheKeyGenerator: (generator) => {
        keyOf = generator;
      },
    });
    expect(keyOf?.({ id: '/a/src/plaid/validators.ts' })).toBe(false);
    expect(keyOf?.({ id: '/a/src/plaid/validators.ts?v=1' })).toBe(false);
    expect(keyOf?.({ id: '/a/src/plaid/check.ts' })).toBeUndefined();
  });
});
