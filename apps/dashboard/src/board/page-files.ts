/** Script and styles of a page, bundled with the chart library: nothing is loaded from elsewhere. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface PageFiles {
  readonly script: string;
  readonly styles: string;
}

const entries = { board: './browser/board.ts', user: '../user-page/browser/user.ts' } as const;

export async function bundlePageFiles(page: keyof typeof entries): Promise<PageFiles> {
  const entry = fileURLToPath(new URL(entries[page], import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    outdir: '/',
    legalComments: 'eof', // the licence of the chart library travels with it
  });
  const textOf = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { script: textOf('.js'), styles: textOf('.css') };
}
