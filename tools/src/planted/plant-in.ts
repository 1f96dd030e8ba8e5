import type { PlantedBug } from './planted-bugs.ts';

/**
 * @returns the text with the bug in it
 * @throws {Error} where its place is not there exactly once: the code has moved on, and the bug must follow it
 */
export function plantIn(text: string, { id, file, find, replace }: Omit<PlantedBug, 'harm' | 'caughtBy'>): string {
  const places = text.split(find).length - 1;
  if (places !== 1) throw new Error(`planted bug ${id}: its place stands ${places} times in ${file}, and must once`);
  return text.split(find).join(replace);
}
