/**
 * The comparison with a provider, from a bundle of its own: the connector's validators are compiled, and from their sources
 * they do not run.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CommandError } from '@quartersec/command-line';
import { buildBundle } from './build-bundles.ts';
import type { Comparison, compareConnection } from './compare-with-provider.ts';

const entry = fileURLToPath(new URL('./compare-with-provider.ts', import.meta.url));
/** Renamed into its place when it is whole, as every bundle: two commands may make it at the same time. */
const folder = fileURLToPath(new URL('../../../.cache/compare-with-provider', import.meta.url));

export type Compare = (...args: Parameters<typeof compareConnection>) => Promise<Comparison>;

/** @returns rejects with `CommandError` `FAILED` in the words of what keeps one of the sides from being read */
export async function loadComparison(): Promise<Compare> {
  await buildBundle(entry, folder);
  const bundle = (await import(pathToFileURL(`${folder}/index.mjs`).href)) as {
    readonly compareConnection: typeof compareConnection;
  };
  return async (...args) => {
    try {
      return await bundle.compareConnection(...args);
    } catch (error) {
      // Classes of the bundle are not those of this process: the name tells.
      if (!isReported(error)) throw error;
      throw new CommandError('FAILED', `${args[1]}: ${error.message}`, { cause: error });
    }
  };
}

function isReported(error: unknown): error is Error {
  return error instanceof Error && ['StorageError', 'ProviderError', 'ProcessorError'].includes(error.name);
}
