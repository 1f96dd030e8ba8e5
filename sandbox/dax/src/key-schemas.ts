/** Which attributes are the key of each table, from DescribeTable, remembered. */
import { AnswerError } from './answer-error.ts';
import type { ScopedBackend } from './backend.ts';
import type { KeyAttribute, KeySchema, KeyType } from './item-key.ts';

export interface Table extends KeySchema {
  /** Start of every cache key of this table; another one once the table was made anew. */
  readonly cachePrefix: string;
}

interface KnownTable {
  readonly table: Table;
  readonly identity: string;
  readonly checkedMs: number;
}

interface TableDescription {
  readonly TableName: string;
  readonly TableId?: string;
  readonly CreationDateTime?: number;
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' }[];
  readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: KeyType }[];
}

const RECHECK_MS = 60_000; // clients ask anew that often
const TABLES_MAX = 10_000; // names come from clients; only those that exist are kept

export class KeySchemas {
  readonly #backend: ScopedBackend;
  readonly #scope: number;
  readonly #nowMs: () => number;
  readonly #known = new Map<string, KnownTable>();
  readonly #loading = new Map<string, Promise<Table>>();
  #generation = 0;

  /** @param scope number of the scope whose tables these are */
  constructor(backend: ScopedBackend, scope: number, nowMs: () => number) {
    this.#backend = backend;
    this.#scope = scope;
    this.#nowMs = nowMs;
  }

  /** What is known without asking. */
  known(name: string): Table | undefined {
    return this.#known.get(name)?.table;
  }

  /** For a client that asks for the schema: after a minute the backend is asked again. */
  async current(name: string): Promise<Table> {
    const known = this.#known.get(name);
    if (known !== undefined && this.#nowMs() - known.checkedMs < RECHECK_MS) return known.table;
    return this.load(name);
  }

  /** @throws {AnswerError} ResourceNotFoundException, or that the backend does not answer */
  load(name: string): Promise<Table> {
    const loading = this.#loading.get(name);
    if (loading !== undefined) return loading;
    const load = this.#describe(name).finally(() => this.#loading.delete(name));
    this.#loading.set(name, load);
    return load;
  }

  /** Calls `then` at once when the table is known: the usual case, and the fast one. */
  with<Result>(name: string, then: (table: Table) => Result | Promise<Result>): Result | Promise<Result> {
    const table = this.known(name);
    return table === undefined ? this.load(name).then(then) : then(table);
  }

  /** Like `with`, for several tables; in the order of the names. */
  async all(names: readonly string[]): Promise<Map<string, Table>> {
    const tables = new Map<string, Table>();
    for (const name of new Set(names)) tables.set(name, this.known(name) ?? (await this.load(name)));
    return tables;
  }

  /** The backend says that the table is gone, or is another one: what was cached of it is no longer found. */
  drop(name: string): void {
    this.#known.delete(name);
  }

  async #describe(name: string): Promise<Table> {
    let described: TableDescription;
    try {
      described = (await this.#backend.call('DescribeTable', { TableName: name })).Table as TableDescription;
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error;
      if (error.code === 'ResourceNotFoundException') this.drop(name);
      // nothing but a question: the client may repeat it
      if (error.outcomeUnknown) throw new AnswerError(error.code, error.message, { cause: error, notSent: true });
      throw error;
    }
    const known = this.#known.get(name);
    const identity = `${described.TableId ?? ''} ${described.CreationDateTime ?? ''} ${JSON.stringify(described.KeySchema)}`;
    const table = known?.identity === identity ? known.table : this.#newTable(described, identity);
    if (this.#known.size >= TABLES_MAX) this.#known.clear();
    this.#known.set(name, { table, identity, checkedMs: this.#nowMs() });
    return table;
  }

  #newTable(described: TableDescription, identity: string): Table {
    const attribute = (keyType: 'HASH' | 'RANGE'): KeyAttribute | undefined => {
      const name = described.KeySchema.find((key) => key.KeyType === keyType)?.AttributeName;
      const type = described.AttributeDefinitions.find(
        (definition) => definition.AttributeName === name,
      )?.AttributeType;
      return name === undefined || type === undefined ? undefined : { name, type };
    };
    const hash = attribute('HASH');
    if (hash === undefined) throw new AnswerError('InternalServerError', `${described.TableName} has no hash key`);
    // the same table by another name (an ARN) shares its entries
    for (const other of this.#known.values()) {
      if (other.table.tableName === described.TableName && other.identity === identity) return other.table;
    }
    this.#generation += 1;
    const cachePrefix = `i${this.#scope}.${this.#generation}\0`;
    return { tableName: described.TableName, hash, range: attribute('RANGE'), cachePrefix };
  }
}
