/** What the two plugins hand on to their bundlers for a file, and whether it is the compiler's printed text. */
import { readFile } from 'node:fs/promises';
import { build, type Plugin as EsbuildPlugin } from 'esbuild';
import type { VitePlugin } from '../compile-validators.ts';

export interface Emitted {
  readonly file: string;
  readonly by: 'esbuild' | 'vite' | 'planted';
  readonly text: string;
}

export async function emit(file: string, forEsbuild: EsbuildPlugin, forVite: VitePlugin): Promise<readonly Emitted[]> {
  return [
    { file, by: 'esbuild', text: await emittedToEsbuild(forEsbuild, file) },
    { file, by: 'vite', text: await emittedToVite(forVite, file) },
  ];
}

/** @returns the text esbuild was given: the source map's only source, which is what the plugin's `onLoad` returned */
async function emittedToEsbuild(plugin: EsbuildPlugin, file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file],
    outdir: 'nowhere',
    write: false,
    platform: 'node',
    target: 'node24',
    sourcemap: 'external',
    logLevel: 'silent',
    plugins: [plugin],
  });
  const map = outputFiles.find(({ path }) => path.endsWith('.map'));
  const { sourcesContent } = JSON.parse(map?.text ?? '{}') as { sourcesContent?: readonly string[] };
  if (sourcesContent?.length !== 1 || sourcesContent[0] === undefined)
    throw new Error(`esbuild's source map of ${file} does not hold one source`);
  return sourcesContent[0];
}

/** @returns the text Vite is given; what is on disk when the plugin leaves the file alone */
async function emittedToVite(plugin: VitePlugin, file: string): Promise<string> {
  const source = await readFile(file, 'utf8');
  return plugin.transform(source, file)?.code ?? source;
}

/** @returns where the emitted text stops being the printed one, `undefined` when they are equal byte for byte */
export function firstDifference(printed: string, emitted: string): string | undefined {
  if (Buffer.from(printed).equals(Buffer.from(emitted))) return undefined;
  const wanted = printed.split('\n');
  const found = emitted.split('\n');
  const index = wanted.findIndex((line, at) => line !== found[at]);
  const at = index === -1 ? wanted.length : index;
  return `line ${at + 1}: printed ${JSON.stringify(wanted[at])}, emitted ${JSON.stringify(found[at])}`;
}
