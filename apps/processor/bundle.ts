/** How a function's bundle is made: ESM, minified, heavy parts in chunks of their own, source maps apart. */
import { readFile, rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { validatorsForEsbuild } from '@quartersec/validation/compiler';
import { compileOnce } from '@quartersec/validation/compiler/once';
import { build, type Plugin } from 'esbuild';

/** The modules in `src` that run as functions. */
export const FUNCTION_NAMES = ['process', 'query', 'connect', 'webhook'] as const;

const workspaceRoot = join(import.meta.dirname, '../..');
/** For this process alone: what is deployed comes from the sources, and not from what another run has left. */
const compile = compileOnce(new Map());

export interface BundlePart {
  /** Relative to the bundle's folder. */
  readonly file: string;
  readonly bytes: number;
}

/**
 * Node's own modules, without asking for all their names. An `import` of `node:http` reads every one of its exports, and a few
 * of those are getters that load the whole of undici (WebSocket, CloseEvent): 40 ms of a cold start instead of 2, for classes
 * that nobody here uses. So the bundle takes the module object, and of it only the names that the importing file asks for. Each
 * importer has its own, since a shared one would be a chunk of its own: another file to find and load at start. It is named by its
 * place in the workspace: an absolute path would be in the source maps, and make the chunks' names depend on the folder of the clone.
 */
const builtinsByName: Plugin = {
  name: 'builtins-by-name',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, importer, kind }) =>
      kind === 'import-statement'
        ? { path, namespace: 'builtin', suffix: `?${relative(workspaceRoot, importer)}` }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, async ({ path, suffix }) => {
      const builtin = `process.getBuiltinModule(${JSON.stringify(path)})`;
      const names = namesImported(await readFile(join(workspaceRoot, suffix.slice(1)), 'utf8'), path);
      // Dependencies import in ways of their own; they are loaded when they are needed, and may cost a little more.
      return {
        contents: names === undefined ? `module.exports = ${builtin};` : `export const { ${names} } = ${builtin};`,
      };
    });
  },
};

/** The names of `import { a, b } from 'builtin'`; `undefined` for an import of any other form. */
function namesImported(source: string, builtin: string): string | undefined {
  const [statement, names = ''] = new RegExp(`^import \\{([^}]*)\\} from '${builtin}';$`, 'm').exec(source) ?? [];
  if (statement === undefined) return undefined;
  return names
    .split(',')
    .map((name) => name.trim().replace(/ as .*$/, ''))
    .filter((name) => name !== '' && !name.startsWith('type '))
    .join(', ');
}

/**
 * Bundles the module `entry` into `outdir/index.mjs` and its chunks.
 * @throws {Error} with esbuild's messages
 */
export async function bundleFunction(entry: string, outdir: string): Promise<BundlePart[]> {
  const fresh = `${outdir}.${process.pid}`; // what runs from the old bundle keeps it until the new one is whole
  const { metafile } = await build({
    entryPoints: { index: entry },
    outdir: fresh,
    absWorkingDir: workspaceRoot, // chunks are named by their paths from here: never from where the build was started
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'], // the SDK's ES modules: its CommonJS has no names for import() and cannot be shaken
    target: 'node24',
    minify: true,
    // Lambda hands a function its credentials, and `compose` hands them on: the DAX client's search through profiles, SSO
    // and metadata services is a tenth of the bundle that never runs.
    alias: {
      '@aws-sdk/credential-providers': `${import.meta.dirname}/src/no-credential-search.ts`,
      '@aws-sdk/credential-provider-node': `${import.meta.dirname}/src/no-credential-search.ts`,
    },
    sourcemap: 'external',
    metafile: true,
    logLevel: 'error',
    plugins: [builtinsByName, validatorsForEsbuild(`${import.meta.dirname}/tsconfig.json`, compile)],
    // CommonJS parts of dependencies call require(), which an ES module does not have; made when the first one does.
    banner: {
      js: "const require=(id)=>process.getBuiltinModule('node:module').createRequire(import.meta.url)(id);",
    },
  });
  await rm(outdir, { recursive: true, force: true });
  await rename(fresh, outdir);
  return Object.entries(metafile.outputs)
    .filter(([file]) => file.endsWith('.mjs'))
    .map(([file, { bytes }]) => ({ file: relative(fresh, join(workspaceRoot, file)), bytes }));
}
