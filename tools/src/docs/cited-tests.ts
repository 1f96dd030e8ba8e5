/** Tests that a page names as its evidence: `path` "words of the title". Pure. */

export interface CitedTest {
  readonly path: string;
  /** Each stands in the file as it is written here. */
  readonly words: readonly string[];
}

const CITED = /`([\w.-]+\/[\w./-]+\.(?:test|contract)\.ts)`((?: "[^"]+")*)/g;

export const citedTests = (text: string): readonly CitedTest[] =>
  [...text.matchAll(CITED)].map(([, path = '', quotes = '']) => ({
    path,
    words: [...quotes.matchAll(/"([^"]+)"/g)].map(([, words = '']) => words),
  }));

/** @param textOf a file's text by its path; `undefined` when there is none */
export function missingTests(text: string, textOf: (path: string) => string | undefined): readonly string[] {
  return citedTests(text).flatMap(({ path, words }) => {
    const source = textOf(path);
    if (source === undefined) return [`${path} does not exist`];
    return words.filter((word) => !source.includes(word)).map((word) => `${path} has no test "${word}"`);
  });
}
