/**
 * What a page tells its reader to do, as steps that a machine can take. Each `sh` block has a comment before it, which the
 * reader does not see:
 *
 *   <!-- walk: run -->                                  it ends by itself, with exit code 0
 *   <!-- walk: run expect "committed" -->               and prints this; may be repeated
 *   <!-- walk: run alert "RetriesExhausted" -->         and the board shows this alert in time
 *   <!-- walk: fails expect "libs/sla" -->              it ends with another exit code, on purpose
 *   <!-- walk: background until "runs at" -->           it goes on; the next step begins when this was printed
 *   <!-- walk: run replace "URL" after "runs at" -->    URL on the page stands for the address printed after this
 *   <!-- walk: skip "why" -->                           not taken, with the reason
 *   <!-- walk: ctrl-c -->                               no block: ends what runs in the background
 *
 * Pure.
 */

/** A stand-in on the page for what only a run can know. */
export interface Replacement {
  readonly text: string;
  /** The address is the first one that the background printed behind this text; without it, that of the repository. */
  readonly after?: string;
}

export interface RunStep {
  readonly kind: 'run' | 'fails' | 'background';
  /** The heading above, and the first line. */
  readonly title: string;
  readonly script: string;
  readonly expected: readonly string[];
  readonly alert?: string;
  readonly replacements: readonly Replacement[];
}

export type Step = RunStep | { readonly kind: 'ctrl-c'; readonly title: string };

const PART = /^(#{1,6} .+)$|^<!-- walk: (.+) -->$|^```sh\n([\s\S]*?)^```$|^```\w*\n[\s\S]*?^```$/gm;

/** @throws {Error} on a block without a comment, a comment without a block, or words that are not known */
export function readSteps(text: string): readonly Step[] {
  const steps: Step[] = [];
  let heading = '';
  let marker: string | undefined;
  for (const [whole, title, words, script] of text.matchAll(PART)) {
    if (title !== undefined) heading = title.replace(/^#+ /, '');
    else if (words !== undefined) {
      if (marker !== undefined) throw new Error(`"walk: ${marker}" has no sh block behind it`);
      if (words === 'ctrl-c') steps.push({ kind: 'ctrl-c', title: `${heading}: Ctrl-C` });
      else marker = words;
    } else if (script !== undefined) {
      const firstLine = script.trim().split('\n')[0] ?? '';
      if (marker === undefined) throw new Error(`the block "${firstLine}" under "${heading}" has no walk comment`);
      const step = readMarker(marker, `${heading}: ${firstLine}`, script);
      if (step !== undefined) steps.push(step);
      marker = undefined;
    } else if (marker !== undefined)
      throw new Error(`"walk: ${marker}" stands before another block: ${whole.slice(0, 40)}`);
  }
  if (marker !== undefined) throw new Error(`"walk: ${marker}" has no sh block behind it`);
  return steps;
}

/** @returns `undefined` for a block that is not taken */
function readMarker(marker: string, title: string, script: string): RunStep | undefined {
  const words = marker.match(/"[^"]*"|\S+/g) ?? [];
  const [kind, ...rest] = words;
  const value = (): string => {
    const word = rest.shift();
    if (word === undefined || !/^".+"$/.test(word)) throw new Error(`"walk: ${marker}" lacks a text in quotes`);
    return word.slice(1, -1);
  };
  if (kind === 'skip') {
    value();
    return undefined;
  }
  if (kind !== 'run' && kind !== 'fails' && kind !== 'background') throw new Error(`"walk: ${marker}" is not known`);
  const expected: string[] = [];
  const replacements: Replacement[] = [];
  let alert: string | undefined;
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === 'expect' || (word === 'until' && kind === 'background')) expected.push(value());
    else if (word === 'alert' && kind !== 'background') alert = value();
    else if (word === 'replace') {
      const replaced = value();
      const isPrinted = rest[0] === 'after' && rest.shift() !== undefined;
      if (!script.includes(replaced)) throw new Error(`"walk: ${marker}": ${replaced} is not in the block`);
      replacements.push({ text: replaced, ...(isPrinted ? { after: value() } : {}) });
    } else throw new Error(`"walk: ${marker}": ${word} is not known here`);
  }
  if (kind !== 'run' && expected.length === 0) throw new Error(`"walk: ${marker}" does not say what must be printed`);
  return { kind, title, script, expected, replacements, ...(alert === undefined ? {} : { alert }) };
}
