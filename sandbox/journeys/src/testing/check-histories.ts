import fc from 'fast-check';

/** `QUARTERSEC_REPLAY`: `<seed>` or `<seed>/<path>`; with the path one history runs alone. */
const [seed, path] = (process.env.QUARTERSEC_REPLAY ?? '').split('/');

/**
 * @param usual how many histories, unless `QUARTERSEC_HISTORIES` says
 * @returns how many have run, where they are enough to have met everything; `undefined` for fewer and for a replay
 * @throws {Error} with the `QUARTERSEC_REPLAY` that runs the failed history alone
 */
export async function checkHistories<Story>(
  property: fc.IAsyncProperty<Story>,
  usual: number,
): Promise<number | undefined> {
  const histories = Number(process.env.QUARTERSEC_HISTORIES) || usual;
  const replay = { ...(seed && { seed: Number(seed) }), ...(path && { path }) };
  const report = await fc.check(property, { numRuns: histories, ...replay });
  if (report.failed) {
    const again = `QUARTERSEC_REPLAY=${report.seed}/${report.counterexamplePath}`;
    const cause = report.errorInstance;
    throw new Error(`To replay: ${again}\n${await fc.asyncDefaultReportMessage(report)}`, { cause });
  }
  return path || histories < 100 ? undefined : histories;
}
