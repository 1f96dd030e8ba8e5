// For `npm run mutate`: the same tests, those first that are most likely to see the mutant soon. A mutant is done with its first red test.
import { basename } from 'node:path';
import { mergeConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import whole from './vitest.config.mts';

/** A source's own test, then what was red last, then short ones: vitest begins with the long ones, as it means to end early. */
class NearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const own = process.env.MUTATED?.replace(/\.ts$/, '.test.ts');
    const results = new Map(files.map((file) => [file, this.ctx.cache.getTestSpecificationResult(file)]));
    const placeOf = (file: TestSpecification) => {
      if (basename(file.moduleId) === own) return 0;
      return results.get(file)?.failed ? 1 : 2;
    };
    const durationOf = (file: TestSpecification) => results.get(file)?.duration ?? 0;
    return files.toSorted((a, b) => placeOf(a) - placeOf(b) || durationOf(a) - durationOf(b));
  }
}

export default mergeConfig(whole, { test: { sequence: { sequencer: NearestFirst } } });
