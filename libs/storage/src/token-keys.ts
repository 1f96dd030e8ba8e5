/**
 * The keys of sealed tokens, as `TOKEN_KEY` has them: one or several, each with a name, separated by commas. The first seals, all of
 * them open: so one key can take another's place while both are in use.
 *
 * ```
 * TOKEN_KEY=2026-11:<32 bytes, base64>,2025-03:<32 bytes, base64>
 * ```
 *
 * One without a name is what there was before keys had names; so is every token that it has sealed.
 */
import { createSecretKey, type KeyObject } from 'node:crypto';

const keyBytes = 32;
const namePattern = /^[a-z0-9-]{1,32}$/;

export interface TokenKey {
  /** `undefined`: the one without a name. */
  readonly name: string | undefined;
  /** No Buffer: from one, each cipher would make such a key for itself, at five times the cost of opening a token. */
  readonly key: KeyObject;
}

export interface TokenKeys {
  readonly sealing: TokenKey;
  /** @param name as the sealed token has it; `undefined` finds the key without a name, else the last one, which is the oldest */
  find(name: string | undefined): TokenKey | undefined;
}

/** Every event opens a token, under the same setting. */
let latest: { readonly text: string; readonly keys: TokenKeys | undefined } | undefined;

/** @returns `undefined` where a key is not 32 bytes, or a name is not a name or given twice */
export function parseTokenKeys(text: string): TokenKeys | undefined {
  if (latest?.text !== text) latest = { text, keys: parse(text) };
  return latest.keys;
}

function parse(text: string): TokenKeys | undefined {
  const keys = text.split(',').map(parseKey);
  const known = keys.flatMap((key) => key ?? []);
  const [sealing] = known;
  const isWhole = known.length === keys.length && new Set(known.map(({ name }) => name)).size === known.length;
  if (sealing === undefined || !isWhole) return undefined;
  const byName = new Map(known.map((key) => [key.name, key]));
  return { sealing, find: (name) => byName.get(name) ?? (name === undefined ? known.at(-1) : undefined) };
}

function parseKey(text: string): TokenKey | undefined {
  const [, name, base64 = ''] = /^(?:([^:]*):)?(.*)$/.exec(text.trim()) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== keyBytes || (name !== undefined && !namePattern.test(name))) return undefined;
  return { name, key: createSecretKey(bytes) };
}
