import fc from 'fast-check';
import type { HistoryKind } from './history-kind.ts';

/** Fewer may well have missed something that they need not have met. */
const enough = 100;
const { QUARTERSEC_REPLAY = '', QUARTERSEC_HISTORIES, CI } = process.env;
/** `QUARTERSEC_REPLAY`: `<seed>` or `<seed>/<path>`; with the path one history runs alone. */
const [seed, path] = QUARTERSEC_REPLAY.split('/');

/**
 * @param usual how many histories, unless `QUARTERSEC_HISTORIES` says; `inCi` where they run for everybody; `seed`: always the same ones
 * @throws {Error} with the command that runs the failed history alone, or what none of them has met
 */
export async function checkHistories<Story>(
  kind: HistoryKind<Story>,
  usual: { readonly here: number; readonly inCi: number; readonly seed?: number },
): Promise<void> {
  const histories = Number(QUARTERSEC_HISTORIES) || (CI === 'true' ? usual.inCi : usual.here);
  const met = new Set<string>();
  const property = fc.asyncProperty(kind.story, async (story) => {
    for (const each of await kind.tell(story)) met.add(each);
  });
  const told = QUARTERSEC_HISTORIES === undefined ? usual.seed : undefined;
  const replay = {
    ...(told !== undefined && { seed: told }),
    ...(seed && { seed: Number(seed) }),
    ...(path && { path }),
  };
  const report = await fc.check(property, { numRuns: histories, ...replay });
  if (report.failed) {
    const again = `npm run simulate -- --replay ${kind.name}:${report.seed}/${report.counterexamplePath}`;
    const cause = report.errorInstance;
    throw new Error(`To replay: ${again}\n${await fc.asyncDefaultReportMessage(report)}`, { cause });
  }
  if (path || histories < enough) return;
  const missed = kind.musts.filter((must) => !met.has(must));
  if (missed.length > 0) throw new Error(`${histories} histories, and none has met: ${missed.join(', ')}`);
}
