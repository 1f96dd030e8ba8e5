/** Where a reader stands in an Item's ledger, as an opaque text. Carries everything, as `cursor.ts` does for stories. */
import { hash32, hashText } from '../random.ts';

export interface LedgerPosition {
  /** Everything up to this place has been read. */
  readonly from: number;
  /** Inside a pagination loop: the newest change when it began. */
  readonly to: number;
  /** Changes already read of the loop; 0 outside one. */
  readonly offset: number;
  /** Position of the only account that is read; `null` = all. */
  readonly account: number | null;
}

const MARK = 'L';

/** Base64, at most 128 characters. @param generation cursors of another one of the same Item are unknown */
export function encodeLedgerCursor(seed: number, index: number, generation: number, position: LedgerPosition): string {
  const { from, to, offset, account } = position;
  const told = [MARK, generation, from, to, offset, account ?? 'all', index].join('.');
  return Buffer.from(`${told}.${hash32(hashText(seed, told), 0x1ed).toString(36)}`, 'latin1').toString('base64');
}

export const isLedgerCursor = (cursor: string): boolean =>
  cursor.length <= 256 && Buffer.from(cursor, 'base64').toString('latin1').startsWith(`${MARK}.`);

/** @returns `null` when this generation of the Item never gave out that cursor */
export function decodeLedgerCursor(
  seed: number,
  index: number,
  generation: number,
  cursor: string,
): LedgerPosition | null {
  if (!isLedgerCursor(cursor)) return null;
  const [, , from = '', to = '', offset = '', account = ''] = Buffer.from(cursor, 'base64')
    .toString('latin1')
    .split('.');
  const position = {
    from: Number(from),
    to: Number(to),
    offset: Number(offset),
    account: account === 'all' ? null : Number(account),
  };
  return encodeLedgerCursor(seed, index, generation, position) === cursor ? position : null;
}
