/** Two builds of the functions compared by their files' hashes. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** SHA-256 in hex by path relative to the folder. */
export type BundleHashes = Readonly<Record<string, string>>;

/** @throws {Error} when the folder is not there or holds no file: two empty builds are not equal ones */
export function hashFiles(folder: string): BundleHashes {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  if (files.length === 0) throw new Error(`${folder} holds no files`);
  const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
  return Object.fromEntries(files.map((file) => [relative(folder, file), hashOf(file)]));
}

/** @returns one line a file that is not the same in both, sorted by name; none when the builds are equal */
export function compareHashes(ordinary: BundleHashes, other: BundleHashes): readonly string[] {
  const files = [...new Set([...Object.keys(ordinary), ...Object.keys(other)])].sort();
  return files.flatMap((file) => {
    if (ordinary[file] === other[file]) return [];
    if (other[file] === undefined) return [`${file}: missing`];
    return [`${file}: ${ordinary[file] === undefined ? 'added' : 'differs'}`];
  });
}
