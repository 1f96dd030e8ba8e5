/** A process of a campaign: tells chunk after chunk as it is asked to, and says what came of each. */
import { kinds } from './kinds.ts';
import type { Chunk } from './tell-chunk.ts';

process.on('message', async (chunk: Chunk) => {
  const result = await kinds.get(chunk.kind)?.tell(chunk);
  process.send?.({ result, musts: kinds.get(chunk.kind)?.musts ?? [] });
});
process.on('disconnect', () => process.exit());
// The terminal's Ctrl-C reaches every process of its group: the campaign ends this one.
process.on('SIGINT', () => {});
