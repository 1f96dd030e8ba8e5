/** The workspace's configuration, and the benches' tests beside those of `src`. */
import { mergeConfig } from 'vitest/config';
import workspace from '../vitest.config.mts';

export default mergeConfig(workspace, { test: { include: ['bench/**/*.test.ts'] } });
