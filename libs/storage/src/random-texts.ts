/**
 * Ids, cursors and tokens have no pattern that deflate could use, and cost it more than their bits. Here they leave the text
 * for a place of their own: a UUID as its 16 bytes, other texts with 6 bits a character. Marks stay where they were:
 * U+0003 for the next UUID; U+0001 and a length for the next other text; U+0002 and a number for the text of that number
 * once more, from 0. JSON has no such characters: it escapes them. Pure.
 */

export interface SplitText {
  /** The text with marks. */
  readonly rest: string;
  readonly uuids: Buffer;
  /** All other texts one after the other, as base64url, filled up with zeros. */
  readonly texts: Buffer;
}

const leastChars = 16;
const mostChars = 127;
const uuidShape = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the marks
const mark = /\u0003|[\u0001\u0002]([\s\S])/gu;
const marks = ['\u0001', '\u0002', '\u0003'] as const;
const hasDigit = /\d/;
const uuidBytes = 16;
const uuidChars = 36;
/** Far more than an entry has; more are left in the text. */
const mostUuids = 255;
const mostTexts = 127;
const mostTextChars = 60_000;

/** @returns `undefined` for a text that has marks already, which no JSON has */
export function splitRandomTexts(text: string): SplitText | undefined {
  if (marks.some((each) => text.includes(each))) return undefined;
  const uuids: string[] = [];
  const numbers = new Map<string, number>();
  let chars = 0;
  const markOf = (found: string): string => {
    if (found.length < leastChars || !hasDigit.test(found)) return found; // most are names of members
    if (found.length === uuidChars && uuidShape.test(found) && uuids.length < mostUuids) {
      uuids.push(found);
      return '\u0003';
    }
    const number = numbers.get(found);
    if (number !== undefined) return `\u0002${String.fromCharCode(number)}`;
    if (!isMixed(found) || numbers.size > mostTexts || chars + found.length > mostTextChars) return found;
    numbers.set(found, numbers.size);
    chars += found.length;
    return `\u0001${String.fromCharCode(found.length)}`;
  };
  const rest = replaceLongRuns(text, (run) =>
    run.length <= mostChars ? markOf(run) : piecesOf(run).map(markOf).join(''),
  );
  const filled = [...numbers.keys()].join('').padEnd(Math.ceil(chars / 4) * 4, 'A');
  return {
    rest,
    uuids: Buffer.from(uuids.join('').replaceAll('-', ''), 'hex'),
    texts: Buffer.from(filled, 'base64url'),
  };
}

/** 1 for a letter or digit of ASCII, `_` and `-`. */
const isOfRun = Uint8Array.from({ length: 128 }, (_, code) => Number(/[\w-]/.test(String.fromCharCode(code))));

/**
 * Each run of such characters that is long enough, as a regular expression would find it at three times the cost: a run of 16 has one of
 * every 16 places, so most characters are never looked at.
 */
function replaceLongRuns(text: string, replacement: (run: string) => string): string {
  let rest = '';
  let copied = 0;
  for (let at = leastChars - 1; at < text.length; at += leastChars) {
    if (isOfRun[text.charCodeAt(at)] !== 1) continue;
    let start = at;
    while (start > copied && isOfRun[text.charCodeAt(start - 1)] === 1) start -= 1;
    while (isOfRun[text.charCodeAt(at)] === 1) at += 1;
    if (at - start < leastChars) continue;
    rest += text.slice(copied, start) + replacement(text.slice(start, at));
    copied = at;
  }
  return rest + text.slice(copied);
}

function piecesOf(run: string): readonly string[] {
  const count = Math.ceil(run.length / mostChars);
  return Array.from({ length: count }, (_, at) => run.slice(at * mostChars, (at + 1) * mostChars));
}

/**
 * The inverse of `splitRandomTexts`.
 * @returns `undefined` where marks and texts do not match, or together say more than `limitChars`
 */
export function joinRandomTexts({ rest, uuids, texts }: SplitText, limitChars: number): string | undefined {
  const all = texts.toString('base64url');
  const seen: string[] = [];
  let uuidAt = 0;
  let at = 0;
  let chars = rest.length;
  let isWhole = true;
  const take = (found: string, operand: string | undefined): string => {
    if (found === '\u0003') {
      const hex = uuids.subarray(uuidAt, uuidAt + uuidBytes).toString('hex');
      uuidAt += uuidBytes;
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    }
    const number = operand?.codePointAt(0) ?? 0;
    if (found.startsWith('\u0002')) return seen[number] ?? missing();
    const text = all.slice(at, at + number);
    at += number;
    seen.push(text);
    return text;
  };
  function missing(): string {
    isWhole = false;
    return '';
  }
  const text = rest.replace(mark, (found: string, operand: string | undefined) => {
    if (chars > limitChars) return missing();
    const said = take(found, operand);
    chars += said.length;
    return said;
  });
  const isUsedUp = uuidAt === uuids.byteLength && at <= all.length && /^A{0,3}$/.test(all.slice(at));
  return isWhole && isUsedUp && chars <= limitChars ? text : undefined;
}

/** Words and names seldom have digits, capitals and small letters at once; ids nearly always do. */
function isMixed(text: string): boolean {
  return /[a-z]/.test(text) && /[A-Z]/.test(text);
}
