/** One history of the whole system: told, brought to rest, checked; then told again, and both traces compared. */
import { type ActName, begin, play, type SystemStep } from './acts.ts';
import { checkWorld } from './check-world.ts';
import { comeToRest } from './come-to-rest.ts';
import { type Row, requireSame } from './trace.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export interface SystemStory {
  readonly seed: number;
  readonly steps: readonly SystemStep[];
}

export interface ToldHistory {
  readonly acts: readonly ActName[];
  readonly rows: ReadonlyMap<Row, number>;
  readonly trace: readonly string[];
}

/** With all that had happened until then. */
export class HistoryFailed extends Error {
  override readonly name = 'HistoryFailed';
  readonly trace: readonly string[];

  constructor(cause: unknown, trace: readonly string[]) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.trace = trace;
  }
}

/** @throws {HistoryFailed} where something does not hold */
async function tellOnce(
  { seed, steps }: SystemStory,
  options: Omit<WorldOptions, 'seed'>,
  isChecked: boolean,
): Promise<World> {
  const world = await createWorld({ seed, ...options });
  try {
    await begin(world);
    for (const step of steps) await play(world, step);
    await comeToRest(world);
    if (isChecked) await world.time.until(checkWorld(world));
  } catch (error) {
    throw new HistoryFailed(error, world.trace.lines);
  }
  return world;
}

/** @throws {HistoryFailed | NotDeterministic} */
export async function tellSystemHistory(
  story: SystemStory,
  options: Omit<WorldOptions, 'seed'> = {},
): Promise<ToldHistory> {
  const { trace } = await tellOnce(story, options, true);
  const again = await tellOnce(story, options, false);
  requireSame(trace.lines.slice(0, again.trace.lines.length), again.trace.lines);
  return { acts: story.steps.map(({ act }) => act), rows: trace.rows, trace: trace.lines };
}
