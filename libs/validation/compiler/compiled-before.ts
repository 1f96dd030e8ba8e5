/**
 * Keeps what the validators' compiler printed, so that it is compiled once and not by each function's bundle and each package's
 * tests. A kept text is handed out only while everything that its compilation read is as it was, byte for byte.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Compile, compileValidators, type Read } from './compile-validators.ts';

export interface Compiled {
  readonly text: string;
  /** SHA-256 of each file's text by absolute path; `null` where nothing may be. */
  readonly read: Readonly<Record<string, string | null>>;
}

/** A `Map` is one, for the life of its process. */
export interface CompiledStore {
  get(key: string): Compiled | undefined;
  set(key: string, compiled: Compiled): unknown;
}

const { resolve } = createRequire(import.meta.url);
/** npm writes it: what exactly is installed, the compiler and typia among it. Stands for all files of packages. */
const packages = join(resolve('typescript/package.json'), '../../.package-lock.json');
const ofPackages = /[/\\]node_modules[/\\]/;
const also = [packages, join(import.meta.dirname, 'compile-validators.ts')];
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** @param compiler what compiles: as `compileValidators`, it notes all that it reads */
export function compileOnce(store: CompiledStore, compiler = compileValidators): Compile {
  return (file, tsconfig) => {
    const key = sha256(JSON.stringify([file, tsconfig]));
    const kept = store.get(key);
    if (kept !== undefined && isAsRead(kept)) return kept.text;
    const read: Read = new Map();
    const text = compiler(file, tsconfig, read);
    const ours = [...read].filter(([path]) => !ofPackages.test(path));
    for (const path of also) ours.push([path, readFileSync(path, 'utf8')]);
    const hashes = ours.map(([path, found]) => [path, found === undefined ? null : sha256(found)] as const);
    store.set(key, { text, read: Object.fromEntries(hashes) });
    return text;
  };
}

function isAsRead({ read }: Compiled): boolean {
  return Object.entries(read).every(([path, hash]) =>
    hash === null ? !existsSync(path) : existsSync(path) && sha256(readFileSync(path, 'utf8')) === hash,
  );
}

/** @param folder made when it is missing; may be deleted at any time, and several processes may use it */
export function storeIn(folder: string): CompiledStore {
  const fileOf = (key: string) => join(folder, `${key}.json`);
  return {
    get(key) {
      return existsSync(fileOf(key)) ? (JSON.parse(readFileSync(fileOf(key), 'utf8')) as Compiled) : undefined;
    },
    set(key, compiled) {
      mkdirSync(folder, { recursive: true });
      const part = `${fileOf(key)}.${process.pid}`;
      writeFileSync(part, JSON.stringify(compiled));
      renameSync(part, fileOf(key)); // in one step: no reader sees half a file
    },
  };
}
