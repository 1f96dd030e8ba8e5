/** Where a reader stands in a story, as an opaque text that carries everything: the server remembers nothing. */
import { hash32 } from '../random.ts';

export interface Position {
  /** Last step read to its end; -1 before the history. */
  readonly step: number;
  /** Changes already read of the step after it; 0 outside a pagination loop. */
  readonly offset: number;
  /** Only this account is read; `null` = all. */
  readonly account: number | null;
}

export const START: Position = { step: -1, offset: 0, account: null };

/** Base64, at most 64 characters (Plaid's limit is 256). */
export function encodeCursor(seed: number, index: number, { step, offset, account }: Position): string {
  const scope = account ?? 9;
  const sum = hash32(hash32(seed, 0xc5), index, step, offset * 10 + scope).toString(36);
  return Buffer.from(`${step}.${offset}.${scope}.${index}.${sum}`, 'latin1').toString('base64');
}

/** @returns `null` when this connection's story never gave out that cursor */
export function decodeCursor(seed: number, index: number, cursor: string): Position | null {
  if (cursor.length > 256) return null;
  const [step, offset, scope] = Buffer.from(cursor, 'base64').toString('latin1').split('.').map(Number);
  if (step === undefined || offset === undefined || scope === undefined) return null;
  const position = { step, offset, account: scope === 9 ? null : scope };
  return encodeCursor(seed, index, position) === cursor ? position : null;
}
