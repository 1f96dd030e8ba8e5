/**
 * Whose tables a client means. Each client names its access key and, in what it signs, its region when it authorizes a connection;
 * some endpoints (DynamoDB Local, moto) keep tables apart by them. So every scope has key schemas and cache keys of its own.
 */
import type { Core } from './core.ts';
import { DaxNodeError } from './dax-node-error.ts';

export interface Scope {
  readonly region: string;
  readonly accessKeyId: string;
}

/** What a client says of itself, or an option pins; the rest is `DEFAULT_SCOPE`. */
export type ClaimedScope = Partial<{ readonly [Name in keyof Scope]: Scope[Name] | undefined }>;

/** Of a connection that has not authorized itself. */
export const DEFAULT_SCOPE: Scope = { region: 'us-east-1', accessKeyId: 'local' };

const SCOPES_MAX = 1_000; // names come from clients; those that nobody uses go first
// Both become part of a header of HTTP, between slashes and a comma.
const USABLE = /^[\w.:=+@-]{1,128}$/;

/**
 * @param stringToSign four lines; the third is `yyyymmdd/region/dax/aws4_request`
 * @returns what of it can be named to an endpoint
 */
export function claimedScope(accessKeyId: string, stringToSign: string): ClaimedScope {
  const region = stringToSign.split('\n')[2]?.split('/')[1];
  return { region: usable(region), accessKeyId: usable(accessKeyId) };
}

function usable(name: string | undefined): string | undefined {
  return name !== undefined && USABLE.test(name) ? name : undefined;
}

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
