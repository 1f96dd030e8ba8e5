/** The kinds of histories that a campaign tells, and how many of a hundred are of each. */
import { berlinHistories } from '../bank/berlin-histories.ts';
import type { HistoryKind } from '../bank/history-kind.ts';
import { obukHistories } from '../bank/obuk-histories.ts';
import { plaidHistories } from '../bank/plaid-histories.ts';
import { systemHistories } from './system-histories.ts';
import { type Chunk, type ChunkResult, tellChunk } from './tell-chunk.ts';

interface Kind {
  readonly musts: readonly string[];
  tell(chunk: Chunk): Promise<ChunkResult>;
}

const kindOf = <Story>(kind: HistoryKind<Story>): Kind => ({
  musts: [...kind.musts, ...(kind.rare ?? [])],
  tell: (chunk) => tellChunk(kind, chunk),
});

export const kinds: ReadonlyMap<string, Kind> = new Map([
  [systemHistories.name, kindOf(systemHistories)],
  [plaidHistories.name, kindOf(plaidHistories)],
  [obukHistories.name, kindOf(obukHistories)],
  [berlinHistories.name, kindOf(berlinHistories)],
]);
