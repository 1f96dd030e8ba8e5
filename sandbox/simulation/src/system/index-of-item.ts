import type { Head } from '@quartersec/storage';
import { berlinIndex, obukIndex } from './world.ts';

/** The connection at the bank that ours reads. */
export function indexOfItem({ provider, itemId = '' }: Pick<Head, 'provider' | 'itemId'>): number | undefined {
  if (provider === 'openbanking-uk') return obukIndex;
  if (provider === 'berlin-group') return berlinIndex;
  const digits = /^item-sandbox-(\d+)$/.exec(itemId)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
