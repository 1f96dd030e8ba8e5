/** Some histories of one kind, from one seed: the unit in which a campaign is spread over processes and goes on after a stop. */
import fc from 'fast-check';
import type { HistoryKind } from '../bank/history-kind.ts';

export interface Chunk {
  readonly kind: string;
  readonly seed: number;
  readonly histories: number;
  /** Of the one history that is told again. */
  readonly path?: string;
}

export interface ChunkResult {
  readonly histories: number;
  /** What happened, by name, in how many histories. */
  readonly met: Readonly<Record<string, number>>;
  readonly failure?: HistoryFailure;
}

export interface HistoryFailure {
  /** For `--replay`. */
  readonly replay: string;
  readonly message: string;
  /** The shortest history that fails, a line each step. */
  readonly words: readonly string[];
  /** What had happened in it, where its kind says. */
  readonly trace: readonly string[];
}

/** A failure that is slow to shrink is told as short as it is by then. */
const longestMs = 300_000;

export async function tellChunk<Story>(kind: HistoryKind<Story>, chunk: Chunk): Promise<ChunkResult> {
  const { seed, histories, path } = chunk;
  const met: Record<string, number> = {};
  const property = fc.asyncProperty(kind.story, async (story) => {
    for (const name of new Set(await kind.tell(story))) met[name] = (met[name] ?? 0) + 1;
  });
  const settings = { seed, numRuns: histories, interruptAfterTimeLimit: longestMs };
  const report = await fc.check(property, { ...settings, ...(path !== undefined && { path }) });
  const done = { histories: report.numRuns, met };
  if (!report.failed) return done;
  const { errorInstance: error, counterexample, counterexamplePath } = report;
  const [story] = counterexample ?? [];
  return {
    ...done,
    failure: {
      replay: `${kind.name}:${seed}/${counterexamplePath}`,
      message: error instanceof Error ? error.message : String(error),
      words: story === undefined ? [] : kind.words(story),
      trace: traceOf(error),
    },
  };
}

function traceOf(error: unknown): readonly string[] {
  const trace: unknown = Object(error).trace;
  return Array.isArray(trace) ? trace.map(String) : [];
}
