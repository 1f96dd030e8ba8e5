/** A campaign as chunks, each with a seed of its own: the same campaign, the same histories, in however many sittings. Pure. */
import type { Chunk, ChunkResult } from './tell-chunk.ts';

export const chunkHistories = 20;
/** Of ten chunks. */
const turns = [
  ...['system', 'plaid', 'system', 'open-banking-uk', 'system'],
  ...['plaid', 'system', 'berlin-group', 'system', 'plaid'],
] as const;

/** What has been told so far: small enough to be written after each chunk. */
export interface CampaignState {
  readonly histories: number;
  readonly seed: number;
  readonly done: readonly number[];
  readonly told: number;
  /** By kind: what happened in how many histories. */
  readonly met: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly elapsedMs: number;
}

export const beginCampaign = (histories: number, seed: number): CampaignState => ({
  ...{ histories, seed, done: [], told: 0, met: {}, elapsedMs: 0 },
});

export function chunkAt({ histories, seed }: Pick<CampaignState, 'histories' | 'seed'>, index: number): Chunk {
  const left = histories - index * chunkHistories;
  return {
    kind: turns[index % turns.length] ?? 'system',
    seed: seed + index,
    histories: Math.min(chunkHistories, left),
  };
}

export function openChunks(state: CampaignState): readonly number[] {
  const done = new Set(state.done);
  return Array.from({ length: Math.ceil(state.histories / chunkHistories) }, (_, index) => index).filter(
    (index) => !done.has(index),
  );
}

export function afterChunk(state: CampaignState, index: number, { histories, met }: ChunkResult): CampaignState {
  const { kind } = chunkAt(state, index);
  const sum: Record<string, number> = { ...state.met[kind] };
  for (const [name, times] of Object.entries(met)) sum[name] = (sum[name] ?? 0) + times;
  return {
    ...state,
    done: [...state.done, index],
    told: state.told + histories,
    met: { ...state.met, [kind]: sum },
  };
}

/** A kind of which fewer were told may well have missed something. */
const enoughOfKind = 2_000;

/** What none of the histories has met, though it must be in a campaign of so many. */
export function missedIn(state: CampaignState, musts: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return [...musts].flatMap(([kind, names]) => {
    const chunks = state.done.filter((index) => chunkAt(state, index).kind === kind).length;
    if (chunks * chunkHistories < enoughOfKind) return [];
    return names.filter((name) => state.met[kind]?.[name] === undefined).map((name) => `${kind}: ${name}`);
  });
}
