/** The cores of a node: one for each region and access key, for as long as there is room for those that nobody uses. */
import type { Core } from './core.ts';
import { DaxNodeError } from './dax-node-error.ts';
import { type ClaimedScope, DEFAULT_SCOPE, type Scope } from './scope.ts';

const SCOPES_MAX = 1_000; // names come from clients; those that nobody uses go first

interface Entry {
  readonly core: Core;
  connections: number;
}

export interface ScopesOptions {
  /** Named to the endpoint whatever clients say. */
  readonly pinned: ClaimedScope;
  /** @param ordinal never given twice, so that a scope opened again finds no entries of its earlier self */
  readonly open: (scope: Scope, ordinal: number) => Core;
}

export class Scopes {
  readonly #entries = new Map<string, Entry>();
  readonly #options: ScopesOptions;
  #opened = 0;

  constructor(options: ScopesOptions) {
    this.#options = options;
  }

  /**
   * The core for one more connection, which is to `leave` it once.
   * @throws {DaxNodeError} `SCOPES_EXHAUSTED`
   */
  enter(claimed: ClaimedScope): Core {
    const { pinned, open } = this.#options;
    const region = pinned.region ?? claimed.region ?? DEFAULT_SCOPE.region;
    const accessKeyId = pinned.accessKeyId ?? claimed.accessKeyId ?? DEFAULT_SCOPE.accessKeyId;
    const key = `${region}/${accessKeyId}`;
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#makeRoom();
      this.#opened += 1;
      entry = { core: open({ region, accessKeyId }, this.#opened), connections: 0 };
    } else this.#entries.delete(key); // so that it is the newest again
    this.#entries.set(key, entry);
    entry.connections += 1;
    return entry.core;
  }

  leave(core: Core): void {
    for (const entry of this.#entries.values()) if (entry.core === core) entry.connections -= 1;
  }

  #makeRoom(): void {
    if (this.#entries.size < SCOPES_MAX) return;
    for (const [key, { connections }] of this.#entries) {
      if (connections > 0) continue;
      this.#entries.delete(key);
      return;
    }
    throw new DaxNodeError(
      'SCOPES_EXHAUSTED',
      `connections of more than ${SCOPES_MAX} regions and access keys at a time`,
    );
  }
}
