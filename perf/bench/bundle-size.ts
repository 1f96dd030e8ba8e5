/** How large a function's bundle is: what is loaded before the first event, and all of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

export interface BundleSize {
  /** The entry and the chunks that it imports statically, directly or through others. */
  readonly initBytes: number;
  /** With the chunks that are loaded on demand. */
  readonly totalBytes: number;
}

/** `from"./chunk.mjs"` and `import"./chunk.mjs"`; `import("./chunk.mjs")` is loaded on demand. */
const staticImport = /\b(?:from|import)\s*["'](\.[^"']+)["']/g;

/** @param files text by name, as they lie in one folder. Pure. */
export function bundleSize(files: ReadonlyMap<string, string>, entry: string): BundleSize {
  const loaded = new Set<string>();
  const load = (name: string) => {
    const text = files.get(name);
    if (text === undefined || loaded.has(name)) return;
    loaded.add(name);
    for (const [, specifier = ''] of text.matchAll(staticImport)) load(posix.join(posix.dirname(name), specifier));
  };
  load(entry);
  const bytes = (names: Iterable<string>) =>
    [...names].reduce((sum, name) => sum + Buffer.byteLength(files.get(name) ?? ''), 0);
  return { initBytes: bytes(loaded), totalBytes: bytes(files.keys()) };
}

/** Source maps are deployed apart, so they do not count. */
export function readBundle(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.mjs'));
  return new Map(names.map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]));
}
