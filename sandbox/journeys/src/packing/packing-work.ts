/** What `run.ts` does, behind typia's transform: the dictionary's text, and the sizes and times of ways to pack. */
import { constants, deflateRawSync, inflateRawSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import {
  decodeHead,
  dictionaryOf,
  encodeHead,
  newestDictionaryId,
  openEntry,
  sealEntry,
  splitRandomTexts,
  type TableItem,
  unpackText,
} from '@quartersec/storage';
import { canonicalJson } from '@quartersec/validation';
import { type PackedSizes, packedSizes, quantile } from './packed-sizes.ts';
import { type SampleEvent, sampleEvents, sizedEvents } from './sample-entries.ts';
import { trainDictionary } from './train-dictionary.ts';

/** Other seed than the measured events: nothing is measured on what the dictionary was made from. */
const training = { seed: 9, connections: 100, events: 6 };
/** More saves less than one byte in a hundred, and costs time in each call. */
const dictionaryChars = 8_192;

/** @returns the text of the dictionary, made from entries and heads in their stored form */
export function makeDictionary(): string {
  const events = sampleEvents(training);
  const heads = events
    .filter((_, index) => index % training.events === 0)
    .map(({ after }) => storedText(encodeHead(after)));
  const texts = [...events.map((event) => storedText(itemOf(event))), ...heads];
  return trainDictionary(texts.map(restOf), dictionaryChars);
}

export interface PackingReport {
  readonly events: number;
  readonly plainEntryBytesP50: number;
  readonly slimEntryBytesP50: number;
  /** Without ids, cursors and tokens as well: what the ways pack. */
  readonly restBytesP50: number;
  readonly ways: readonly Way[];
  /** The codec as it is, hash and derived ids with it. */
  readonly codec: {
    readonly sealUs: number;
    readonly openUs: number;
    readonly encodeHeadUs: number;
    readonly decodeHeadUs: number;
  };
  readonly sizes: PackedSizes;
}

export interface Way {
  readonly name: string;
  readonly p50Bytes: number;
  readonly p95Bytes: number;
  readonly packUs: number;
  readonly unpackUs: number;
}

export function measurePacking(rounds: number): PackingReport {
  const events = sizedEvents();
  const slim = events.map((event) => storedText(itemOf(event)));
  const rests = slim.map((text) => Buffer.from(restOf(text)));
  const plain = events.map(({ content }) => Buffer.byteLength(canonicalJson(content)));
  const items = events.map(itemOf);
  const heads = events.map(({ after }) => encodeHead(after));
  return {
    events: events.length,
    plainEntryBytesP50: quantile(plain, 0.5),
    slimEntryBytesP50: quantile(
      slim.map((text) => Buffer.byteLength(text)),
      0.5,
    ),
    restBytesP50: quantile(
      rests.map(({ length }) => length),
      0.5,
    ),
    ways: ways().map((way) => measureWay(way, rests, rounds)),
    codec: {
      sealUs: cpuUs(events, itemOf, rounds),
      openUs: cpuUs(items, openEntry, rounds),
      encodeHeadUs: cpuUs(events, ({ after }) => encodeHead(after), rounds),
      decodeHeadUs: cpuUs(heads, decodeHead, rounds),
    },
    sizes: packedSizes(),
  };
}

export function itemOf({ before, connectionId, content }: SampleEvent): TableItem {
  return sealEntry(before, connectionId, content).item;
}

function storedText(item: TableItem): string {
  const text = item.body instanceof Uint8Array ? unpackText(item.body) : undefined;
  if (text === undefined) throw new Error('an item that was just packed does not unpack');
  return text;
}

function restOf(text: string): string {
  const split = splitRandomTexts(text);
  if (split === undefined) throw new Error('JSON with control characters');
  return split.rest;
}

interface Packing {
  readonly name: string;
  readonly pack: (text: Buffer) => Buffer;
  readonly unpack: (packed: Buffer) => Buffer;
}

function ways(): readonly Packing[] {
  const dictionaries = [undefined, dictionaryOf(newestDictionaryId)];
  return dictionaries.flatMap((dictionary) => {
    const named = dictionary === undefined ? '' : `, dictionary of ${dictionary.byteLength} bytes`;
    const shared = dictionary && { dictionary };
    return [
      ...[1, 6, 9].map((level) => ({
        name: `deflate ${level}${named}`,
        pack: (text: Buffer) => deflateRawSync(text, { level, ...shared }),
        unpack: (packed: Buffer) => inflateRawSync(packed, { ...shared }),
      })),
      ...[1, 3, 9].map((level) => ({
        name: `zstd ${level}${named}`,
        pack: (text: Buffer) =>
          zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: level }, ...shared }),
        unpack: (packed: Buffer) => zstdDecompressSync(packed, { ...shared }),
      })),
    ];
  });
}

function measureWay({ name, pack, unpack }: Packing, texts: readonly Buffer[], rounds: number): Way {
  const packed = texts.map(pack);
  const bytes = packed.map(({ length }) => length);
  return {
    name,
    p50Bytes: quantile(bytes, 0.5),
    p95Bytes: quantile(bytes, 0.95),
    packUs: cpuUs(texts, pack, rounds),
    unpackUs: cpuUs(packed, unpack, rounds),
  };
}

/** CPU of one call, microseconds: the least of all rounds, the one that was disturbed least. */
function cpuUs<Input>(inputs: readonly Input[], call: (input: Input) => unknown, rounds: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    for (const input of inputs) call(input);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / inputs.length);
  }
  return Math.round(least);
}
