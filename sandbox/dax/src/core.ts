/** What every operation works with, and what it knows of who asks. */
import type { AttributeLists } from './attribute-lists.ts';
import type { AttributeMap } from './attribute-value.ts';
import type { ScopedBackend } from './backend.ts';
import type { CborReader } from './cbor-reader.ts';
import type { ItemCache } from './item-cache.ts';
import { keyText } from './item-key.ts';
import type { KeyLocks } from './key-locks.ts';
import type { KeySchemas, Table } from './key-schemas.ts';
import type { QueryCache } from './query-cache.ts';
import type { ClaimedScope } from './scope.ts';
import type { TableCounters } from './stats.ts';

/** Of one region and access key; all share the caches and the lists. */
export interface Core {
  readonly backend: ScopedBackend;
  readonly schemas: KeySchemas;
  readonly lists: AttributeLists;
  readonly items: ItemCache;
  readonly queries: QueryCache;
  readonly locks: KeyLocks;
  readonly tables: TableCounters;
}

/** One connection, as far as answers depend on it. */
export interface Caller {
  /** Where the client may connect to: the advertised address, or the one it came in by. */
  readonly address: string;
  readonly port: number;
  /** The Go client sends ALL_ATTRIBUTES when its app has not set Select. */
  readonly selectsAllByDefault: boolean;
  /** The client has said who it is: its later requests are answered from that scope. */
  authorized(claimed: ClaimedScope): void;
}

/** A finished answer, or a promise of one; undefined when the method is not answered at all. */
export type Answer = Buffer | undefined | Promise<Buffer | undefined>;

export interface Method {
  readonly name: string;
  /** Values that follow the method id. */
  readonly argumentCount: number;
  answer(core: Core, reader: CborReader, caller: Caller): Answer;
}

export function cacheKey(table: Table, item: AttributeMap): string {
  return table.cachePrefix + keyText(item, table);
}

/** Table names are byte strings almost everywhere. */
export function readTableName(reader: CborReader): string {
  return reader.readBytes().toString('utf8');
}
