import { globSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import type { PureCore } from './pure-cores.ts';

const isTest = (file: string) => file.endsWith('.test.ts') || file.endsWith('.contract.ts');

/**
 * @param root the workspace
 * @param only a glob from the workspace's root, or of a file's name alone; all files when it is not given
 * @returns the core's sources that it matches, from the core's folder, sorted
 * @throws {Error} where a pattern of the core matches nothing: what it named has moved
 */
export function chooseFiles(root: string, { folder, files }: PureCore, only?: string): readonly string[] {
  const kept = new Set<string>();
  for (const pattern of files) {
    const away = pattern.startsWith('!');
    const found = globSync(away ? pattern.slice(1) : pattern, { cwd: join(root, folder) }).filter(
      (file) => !isTest(file),
    );
    if (found.length === 0) throw new Error(`${folder}: ${pattern} matches no file`);
    for (const file of found) {
      if (away) kept.delete(file);
      else kept.add(file);
    }
  }
  const isMeant = (file: string) =>
    only === undefined || matchesGlob(join(folder, file), only) || matchesGlob(file.replace(/^.*\//, ''), only);
  return [...kept].filter(isMeant).sort();
}
