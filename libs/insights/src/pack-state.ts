/**
 * A state in few bytes: like beside like, days as distances, equal amounts as zeros, then compressed. What is random by nature (keys,
 * marks) stands apart, where it is in no compressor's way.
 */

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ByteReader, ByteWriter } from './byte-list.ts';
import { categories } from './category-names.ts';
import { keyOfName } from './counterparty.ts';
import { droppedSums } from './dropped-months.ts';
import type { KeptMovement, LedgerState } from './kept-movement.ts';
import { monthOf } from './months.ts';
import { identifiedDays, mayBeNamed, recentDays } from './retention.ts';
import { keyText } from './short-hash.ts';
import type { ConnectionState } from './state.ts';
import type { Category, Day, DroppedMonth } from './view.ts';

/** Of the form and of the rules that fill it: with other rules for keys, categories or what is kept, a state is made again. */
export const stateVersion = 9;

const categoryNumbers = new Map<Category, number>(categories.map((category, index) => [category, index]));

const KEY_BYTES = 5;
const MARK_BYTES = 4;
const KEY_BASE = 36;
const LABEL_END = '\n';

/** A ledger's flags, one bit each. */
const isIn = 1;
const isCutBit = 2;
const hasOneKind = 4;
const hasOneLabel = 8;
const hasEachAmount = 16;
const hasKeyOfLabel = 32;
/** All recent movements have the same words, or some have some. */
const hasOneSpoken = 64;
const hasSpoken = 128;

export function packState(state: ConnectionState): Uint8Array {
  const raw = new ByteWriter();
  const head = new ByteWriter();
  const days = new ByteWriter();
  const amounts = new ByteWriter();
  const kinds = new ByteWriter();
  const labels: string[] = [];
  const accounts = [...new Set([...state.ledgers, ...state.droppedMonths].map(({ accountId }) => accountId))];
  const currencies = [...new Set([...state.ledgers, ...state.droppedMonths].map(({ currency }) => currency))];

  head.write(state.newestDay === null ? 0 : state.newestDay + 1);
  head.write(Number(state.isWhole) + 2 * Number(state.isCrowded) + 4 * Number(state.pending === null));
  head.write(state.pending?.length ?? 0);
  for (const mark of state.pending ?? []) raw.writeFixed(mark, MARK_BYTES);
  for (const texts of [accounts, currencies]) {
    head.write(texts.length);
    for (const text of texts) head.writeText(text);
  }
  const accountNumbers = numbered(accounts);
  const currencyNumbers = numbered(currencies);
  head.write(state.droppedMonths.length);
  for (const dropped of state.droppedMonths) {
    head.write(accountNumbers.get(dropped.accountId) ?? 0);
    head.write(currencyNumbers.get(dropped.currency) ?? 0);
    head.write(monthOf(state.newestDay ?? 0) - dropped.month);
    for (const name of droppedSums) head.write(dropped[name]);
  }
  head.write(state.ledgers.length);
  for (const ledger of state.ledgers) {
    const { movements } = ledger;
    const own = [...new Set(movements.map(({ label }) => label))].filter((label) => label !== null);
    const isKeyOfLabel = own[0] !== undefined && keyOfName(own[0]) === ledger.key;
    if (!isKeyOfLabel) raw.writeFixed(Number.parseInt(ledger.key, KEY_BASE), KEY_BYTES);
    const oneLabel =
      own.length === 1 &&
      movements.every(({ label, day }, index) => (label !== null) === mayBeNamed(index, day, state.newestDay));
    const spoken = [...new Set(movements.map((movement) => movement.spoken))].filter((key) => key !== null);
    const oneSpoken =
      spoken.length === 1 &&
      movements.every((movement) => (movement.spoken !== null) === isRecent(movement.day, state));
    for (const key of spoken) raw.writeFixed(Number.parseInt(key, KEY_BASE), KEY_BYTES);
    const oneKind = movements.every((movement) => kindOf(movement) === kindOf(movements[0]));
    const each = areShorterAsTheyAre(movements);
    head.write(accountNumbers.get(ledger.accountId) ?? 0);
    head.write(currencyNumbers.get(ledger.currency) ?? 0);
    head.write(
      (ledger.direction === 'in' ? isIn : 0) |
        (ledger.cut === null ? 0 : isCutBit) |
        (oneKind ? hasOneKind : 0) |
        (oneLabel ? hasOneLabel : 0) |
        (each ? hasEachAmount : 0) |
        (isKeyOfLabel ? hasKeyOfLabel : 0) |
        (oneSpoken ? hasOneSpoken : spoken.length > 0 ? hasSpoken : 0),
    );
    head.write(movements.length);
    if (ledger.cut !== null) head.write(2 * ((movements[0]?.day ?? 0) - ledger.cut.day) + Number(ledger.cut.isShop));
    labels.push(...own);
    if (!oneLabel) head.write(own.length);
    if (!oneSpoken && spoken.length > 0) head.write(spoken.length);
    const spokenNumbers = numbered(spoken);
    if (oneKind) kinds.write(kindOf(movements[0]));
    const numbers = numbered(own);
    let day = state.newestDay ?? 0;
    let size = 0;
    for (const movement of movements.toReversed()) {
      days.write(day - movement.day);
      if (each) amounts.write(Math.abs(movement.minor));
      else amounts.writeSigned(Math.abs(movement.minor) - size);
      if (!oneKind) kinds.write(kindOf(movement));
      if (!oneLabel) kinds.write(movement.label === null ? 0 : (numbers.get(movement.label) ?? 0) + 1);
      if (!oneSpoken && spoken.length > 0 && isRecent(movement.day, state))
        kinds.write(movement.spoken === null ? 0 : (spokenNumbers.get(movement.spoken) ?? 0) + 1);
      if (isMarked(movement.day, state)) raw.writeFixed(movement.mark ?? 0, MARK_BYTES);
      day = movement.day;
      size = Math.abs(movement.minor);
    }
  }
  const rest = new ByteWriter();
  for (const part of [head, kinds, days, amounts]) {
    rest.write(part.bytes().length);
    rest.append(part.bytes());
  }
  rest.append(Buffer.from(labels.join(LABEL_END), 'utf8'));
  const packed = new ByteWriter();
  packed.write(stateVersion);
  packed.write(raw.bytes().length);
  packed.append(raw.bytes());
  packed.append(deflateRawSync(rest.bytes()));
  return packed.bytes().slice();
}

/** @returns `undefined` for another version's bytes, and for what is no state: it is made again */
export function unpackState(bytes: Uint8Array): ConnectionState | undefined {
  try {
    const packed = new ByteReader(bytes);
    return packed.read() === stateVersion ? readState(packed) : undefined;
  } catch (error) {
    // Cut or damaged: the journal has it all.
    if (error instanceof RangeError || isZlibError(error)) return undefined;
    throw error;
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(Z_|ERR_BUFFER_TOO_LARGE)/.test(String(error.code));
}

/** Against bytes that are none of ours: far above any state. */
const MOST_BYTES = 64 * 1024 * 1024;

function readState(packed: ByteReader): ConnectionState {
  const rawBytes = packed.read();
  const raw = new ByteReader(packed.rest().subarray(0, rawBytes));
  const rest = new ByteReader(inflateRawSync(packed.rest().subarray(rawBytes), { maxOutputLength: MOST_BYTES }));
  const head = new ByteReader(rest.readBytes(rest.read()));
  const kinds = new ByteReader(rest.readBytes(rest.read()));
  const days = new ByteReader(rest.readBytes(rest.read()));
  const amounts = new ByteReader(rest.readBytes(rest.read()));
  const labels = Buffer.from(rest.rest()).toString('utf8').split(LABEL_END)[Symbol.iterator]();

  const newest = head.read();
  const newestDay = newest === 0 ? null : newest - 1;
  const bits = head.read();
  const marks = Array.from({ length: head.read() }, () => raw.readFixed(MARK_BYTES));
  const accounts = Array.from({ length: head.read() }, () => head.readText());
  const currencies = Array.from({ length: head.read() }, () => head.readText());
  const frame = { newestDay, isWhole: (bits & 1) !== 0, isCrowded: (bits & 2) !== 0 };
  const droppedMonths = Array.from({ length: head.read() }, (): DroppedMonth => {
    const place = { accountId: known(accounts, head.read()), currency: known(currencies, head.read()) };
    const month = monthOf(newestDay ?? 0) - head.read();
    const [earnedMinor = 0, spentMinor = 0, returnedMinor = 0, unclearInMinor = 0, unclearOutMinor = 0] =
      droppedSums.map(() => head.read());
    return { ...place, month, earnedMinor, spentMinor, returnedMinor, unclearInMinor, unclearOutMinor };
  });
  const ledgers = Array.from({ length: head.read() }, (): LedgerState => {
    const accountId = known(accounts, head.read());
    const currency = known(currencies, head.read());
    const flags = head.read();
    const length = head.read();
    const cutCode = (flags & isCutBit) === 0 ? null : head.read();
    const oneLabel = (flags & hasOneLabel) !== 0;
    const own = Array.from({ length: oneLabel ? 1 : head.read() }, () => known([labels.next().value], 0));
    const key = (flags & hasKeyOfLabel) !== 0 ? keyOfName(known(own, 0)) : keyText(raw.readFixed(KEY_BYTES));
    const oneSpoken = (flags & hasOneSpoken) !== 0;
    const spokenLength = oneSpoken ? 1 : (flags & hasSpoken) !== 0 ? head.read() : 0;
    const spoken = Array.from({ length: spokenLength }, () => keyText(raw.readFixed(KEY_BYTES)));
    const oneKind = (flags & hasOneKind) !== 0 ? kinds.read() : undefined;
    const sign = (flags & isIn) !== 0 ? 1 : -1;
    const movements: KeptMovement[] = [];
    let day = newestDay ?? 0;
    let size = 0;
    for (let index = 0; index < length; index++) {
      day -= days.read();
      size = (flags & hasEachAmount) !== 0 ? amounts.read() : size + amounts.readSigned();
      const kind = oneKind ?? kinds.read();
      const label = oneLabel ? Number(mayBeNamed(length - 1 - index, day, newestDay)) : kinds.read();
      const words = spokenLength === 0 || !isRecent(day, frame) ? 0 : oneSpoken ? 1 : kinds.read();
      movements.push({
        day,
        minor: sign * size,
        category: known(categories, kind >> 2),
        isForeign: (kind & 2) !== 0,
        isTransferLike: (kind & 1) !== 0,
        label: label === 0 ? null : known(own, label - 1),
        mark: isMarked(day, frame) ? raw.readFixed(MARK_BYTES) : null,
        spoken: words === 0 ? null : known(spoken, words - 1),
      });
    }
    const direction = sign > 0 ? 'in' : 'out';
    const cut = cutCode === null ? null : { day: day - (cutCode >> 1), isShop: cutCode % 2 === 1 };
    return { accountId, currency, direction, key, movements: movements.reverse(), cut };
  });
  return { ...frame, pending: (bits & 4) !== 0 ? null : marks, ledgers, droppedMonths };
}

function isMarked(day: Day, { newestDay }: Pick<ConnectionState, 'newestDay'>): boolean {
  return newestDay !== null && day >= newestDay - identifiedDays;
}

function isRecent(day: Day, { newestDay }: Pick<ConnectionState, 'newestDay'>): boolean {
  return newestDay !== null && day >= newestDay - recentDays;
}

function kindOf(movement: KeptMovement | undefined): number {
  if (movement === undefined) return 0;
  const category = categoryNumbers.get(movement.category) ?? 0;
  return category * 4 + Number(movement.isForeign) * 2 + Number(movement.isTransferLike);
}

/** Amounts that differ each time are longer as differences; such as are too far apart have none. */
function areShorterAsTheyAre(movements: readonly KeptMovement[]): boolean {
  let asTheyAre = 0;
  let asDifferences = 0;
  let last = 0;
  for (const { minor } of movements.toReversed()) {
    const size = Math.abs(minor);
    asTheyAre += Math.log2(1 + size);
    asDifferences += Math.log2(1 + 2 * Math.abs(size - last));
    if (Math.abs(size - last) > Number.MAX_SAFE_INTEGER / 2) return true;
    last = size;
  }
  return asTheyAre < asDifferences;
}

function numbered(texts: readonly string[]): ReadonlyMap<string, number> {
  return new Map(texts.map((text, index) => [text, index]));
}

function known<Value>(values: readonly (Value | undefined)[], index: number): Value {
  const value = values[index];
  if (value === undefined) throw new RangeError('The bytes name what they do not hold.');
  return value;
}
