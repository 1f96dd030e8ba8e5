/**
 * A dictionary for deflate, from texts of the kind that will be packed: the pieces that most texts share, the most useful
 * last, where a match is cheapest. After the COVER algorithm (Liao, Petri, Moffat, Wirth, 2016). Pure: same texts, same
 * dictionary.
 */

/** Length of what is counted: shorter matches save little. */
const gramChars = 6;
/** Length of a piece: long enough for a run of members, short enough to leave out the ids between them. */
const pieceChars = 64;

/** @returns at most `maxChars` characters */
export function trainDictionary(texts: readonly string[], maxChars: number): string {
  const { grams, counts } = countGrams(texts);
  const pieces: string[] = [];
  let chars = 0;
  while (chars < maxChars) {
    const best = bestPiece(grams, counts);
    if (best === undefined) break;
    const text = texts[best.text] ?? '';
    const piece = text.slice(best.from, best.through + gramChars).slice(0, maxChars - chars);
    const itsGrams = grams[best.text] ?? new Int32Array();
    for (let at = best.from; at <= best.through; at++) counts[itsGrams[at] ?? 0] = 0; // said once is enough
    pieces.push(piece);
    chars += piece.length;
  }
  return pieces.reverse().join('');
}

/** Each text as the numbers of its grams, and in how many texts each gram is; one that only one text has counts nothing. */
function countGrams(texts: readonly string[]) {
  const numbers = new Map<string, number>();
  const counts: number[] = [];
  const lastText: number[] = [];
  const grams = texts.map((text, index) => {
    const itsGrams = new Int32Array(Math.max(0, text.length - gramChars + 1));
    for (let at = 0; at < itsGrams.length; at++) {
      const gram = text.slice(at, at + gramChars);
      let number = numbers.get(gram);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(gram, number);
        counts.push(-1);
        lastText.push(-1);
      }
      if (lastText[number] !== index) counts[number] = (counts[number] ?? 0) + 1;
      lastText[number] = index;
      itsGrams[at] = number;
    }
    return itsGrams;
  });
  return { grams, counts: Int32Array.from(counts) };
}

interface Piece {
  readonly text: number;
  /** First and last gram. */
  readonly from: number;
  readonly through: number;
}

/** The window of grams that says the most, without the ends that say nothing. `undefined` when nothing is left to say. */
function bestPiece(grams: readonly Int32Array[], counts: Int32Array): Piece | undefined {
  const window = pieceChars - gramChars + 1;
  let bestScore = 0;
  let best: Piece | undefined;
  for (const [text, itsGrams] of grams.entries()) {
    let score = 0;
    for (let at = 0; at < itsGrams.length; at++) {
      score += counts[itsGrams[at] ?? 0] ?? 0;
      if (at >= window) score -= counts[itsGrams[at - window] ?? 0] ?? 0;
      if (score <= bestScore) continue;
      bestScore = score;
      best = { text, from: Math.max(0, at - window + 1), through: at };
    }
  }
  if (best === undefined) return undefined;
  const itsGrams = grams[best.text] ?? new Int32Array();
  const says = (at: number) => (counts[itsGrams[at] ?? 0] ?? 0) > 0;
  let { from, through } = best;
  while (from < through && !says(from)) from++;
  while (through > from && !says(through)) through--;
  return { text: best.text, from, through };
}
