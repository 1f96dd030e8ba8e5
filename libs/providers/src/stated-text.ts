/** Texts of one record, as they may be stored. */
export interface TextReader {
  /**
   * @returns the text as it came; `null` where it is blank (then the provider says nothing) and where it holds a lone
   *   surrogate: stored as UTF-8 it would become another text, and its hash another hash
   */
  readonly statedText: (text: string | null | undefined) => string | null;
  /** Notes that something else was left out. */
  readonly drop: () => void;
  /** Whether anything was left out so far. */
  readonly anyDropped: () => boolean;
}

/** One for each record. */
export function createTextReader(): TextReader {
  let dropped = false;
  return {
    statedText(text) {
      if (text === null || text === undefined || text.trim() === '') return null;
      if (text.isWellFormed()) return text;
      dropped = true;
      return null;
    },
    drop() {
      dropped = true;
    },
    anyDropped: () => dropped,
  };
}
