/** Cursors of a reader that is sent round in a circle: the cursor it began at, how far round it is, and what the bank had then. */
import { hashText } from '../random.ts';

export interface LapCursor {
  /** The cursor that the circle began at; `null` = the empty one. */
  readonly cursor: string | null;
  /** 0 = at `cursor` itself. */
  readonly lap: number;
  /** The newest change at the bank when the page was told; `null` = a cursor that stands for itself. */
  readonly head: number | null;
}

const MARK = 'lap';

const sumOf = (seed: number, told: string): string => hashText(seed, told).toString(36);

/** @returns the cursor itself for lap 0, unless that is the empty one */
export function encodeLapCursor(seed: number, { cursor, lap, head }: LapCursor): string {
  if (lap === 0 && cursor !== null) return cursor;
  const told = `${MARK}.${lap}.${head ?? 0}.${cursor ?? ''}`;
  return Buffer.from(`${told}.${sumOf(seed, told)}`, 'latin1').toString('base64');
}

/** Every other cursor stands for itself. */
export function decodeLapCursor(seed: number, given: string | null): LapCursor {
  const [, lap = '', head = '', cursor = ''] =
    /^lap\.(\d+)\.(\d+)\.(.*)\.\w+$/.exec(Buffer.from(given ?? '', 'base64').toString('latin1')) ?? [];
  const decoded = { cursor: cursor === '' ? null : cursor, lap: Number(lap), head: Number(head) };
  if (lap !== '' && encodeLapCursor(seed, decoded) === given) return decoded;
  return { cursor: given === '' ? null : given, lap: 0, head: null };
}
