/**
 * The lists of attribute names that replace names on the wire. Clients keep the ids for as long as they live, across a
 * restart of the node: an id given twice would store values under wrong names. So an id is taken from the hash of
 * its names, and lists are written to a file that is only ever appended to.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AnswerError } from './answer-error.ts';
import { DaxNodeError } from './dax-node-error.ts';

const EMPTY_LIST_ID = 1; // reserved on both sides, never asked for
const FILE_NAME = 'attribute-lists.jsonl';
const ENTRY_OVERHEAD_BYTES = 160;

export interface AttributeListsOptions {
  /** Folder of the file; without it ids are kept in memory, and only their hash protects them. */
  readonly stateDirectory?: string | undefined;
  /** Names are given by clients, so they may not grow for ever. */
  readonly limitBytes: number;
}

export class AttributeLists {
  readonly #names = new Map<number, readonly string[]>();
  readonly #ids = new Map<string, number>();
  readonly #file: string | undefined;
  readonly #limitBytes: number;
  #bytes = 0;

  /** @throws {DaxNodeError} `STATE_UNUSABLE` */
  constructor({ stateDirectory, limitBytes }: AttributeListsOptions) {
    this.#limitBytes = limitBytes;
    this.#remember(EMPTY_LIST_ID, [], '[]');
    if (stateDirectory === undefined) return;
    this.#file = join(stateDirectory, FILE_NAME);
    try {
      mkdirSync(stateDirectory, { recursive: true });
      this.#load(this.#file);
    } catch (cause) {
      const message = `cannot use ${this.#file}: ${(cause as Error).message}; choose another state directory`;
      throw new DaxNodeError('STATE_UNUSABLE', message, { cause });
    }
  }

  get count(): number {
    return this.#names.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Id of a sequence of names, in exactly this order: clients sort differently, so order is meaning.
   * @throws {AnswerError} LimitExceededException when the node holds too many lists
   */
  idOf(names: readonly string[]): number {
    const text = JSON.stringify(names);
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    if (this.#bytes + text.length > this.#limitBytes) {
      throw new AnswerError('LimitExceededException', 'The DAX node holds too many distinct lists of attribute names');
    }
    for (let attempt = 0; ; attempt += 1) {
      const id = hashedId(text, attempt);
      if (this.#names.has(id) || id <= EMPTY_LIST_ID) continue;
      if (this.#file !== undefined) appendFileSync(this.#file, `[${id},${text}]\n`);
      this.#remember(id, [...names], text);
      return id;
    }
  }

  namesOf(id: number): readonly string[] | undefined {
    return this.#names.get(id);
  }

  #remember(id: number, names: readonly string[], text: string): void {
    this.#names.set(id, names);
    this.#ids.set(text, id);
    this.#bytes += text.length * 2 + ENTRY_OVERHEAD_BYTES;
  }

  #load(file: string): void {
    if (!existsSync(file)) return;
    const content = readFileSync(file, 'utf8');
    for (const line of content.split('\n')) {
      const entry = parseLine(line);
      if (entry !== undefined && !this.#names.has(entry.id))
        this.#remember(entry.id, entry.names, JSON.stringify(entry.names));
    }
    // a crash may have cut the last line: the next one must not be glued to it
    if (content !== '' && !content.endsWith('\n')) appendFileSync(file, '\n');
  }
}

/** First 52 bits of the hash: a client written in JavaScript holds them exactly. */
function hashedId(text: string, attempt: number): number {
  const digest = createHash('sha256').update(`${attempt}:${text}`).digest();
  return (digest.readUInt32BE(0) >>> 12) * 0x1_0000_0000 + digest.readUInt32BE(4);
}

function parseLine(line: string): { id: number; names: string[] } | undefined {
  try {
    const [id, names] = JSON.parse(line) as [unknown, unknown];
    const usable = Number.isSafeInteger(id) && Array.isArray(names) && names.every((name) => typeof name === 'string');
    return usable ? { id: id as number, names: names as string[] } : undefined;
  } catch {
    return undefined; // an empty or torn line
  }
}
