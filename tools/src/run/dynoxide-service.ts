/** Dynoxide as a child for those who measure: sends `{ url }` when it answers, and ends when it is let go of. */
import { workspaceRoot } from '../workspace-root.ts';
import { startDynoxide } from './dynoxide.ts';

try {
  const { url, stop } = await startDynoxide(workspaceRoot);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {}); // the parent closes us in its own order
  process.once('disconnect', async () => {
    await stop();
    process.exit(0);
  });
  process.send?.({ url });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
