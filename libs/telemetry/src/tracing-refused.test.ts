import { afterAll, expect, it, vi } from 'vitest';
import { loadTracing, noTracing } from './index.ts';

afterAll(() => {
  vi.unstubAllEnvs();
});

it('is left out, and told of, where its SDK refuses its own settings: no event fails for them', async () => {
  vi.stubEnv('AWS_XRAY_CONTEXT_MISSING', 'SHOUT');
  const refused: string[] = [];
  const tracing = await loadTracing('process', { POWERTOOLS_TRACE_ENABLED: 'true' }, (reason) => refused.push(reason));
  expect(tracing).toBe(noTracing);
  expect(refused).toEqual([expect.stringContaining('Invalid context missing strategy: SHOUT')]);
});
