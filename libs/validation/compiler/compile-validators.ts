/**
 * typia's transform, as one pure function and the two plugins that call it. The text that comes out is TypeScript's own
 * print of the transformed file: it depends on the source, the types and the versions in package-lock.json, and on
 * nothing else. (A text diff replayed onto the source would keep its lines, but diffs have a time limit, and what is
 * emitted then depends on the speed of the machine.)
 */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Plugin as EsbuildPlugin } from 'esbuild';
import ts from 'typescript';
import { transform } from 'typia/lib/transform';

/** The files that call typia. Each costs a compiler run, so there are few, and they hold nothing else. */
export const validatorFiles: RegExp = /[/\\]validators\.ts$/;

/** What a compilation read, by absolute path: the text that was there, `undefined` where it found nothing. */
export type Read = Map<string, string | undefined>;

/** `compileValidators`, or what answers as it does (`compiled-before.ts`). */
export type Compile = (file: string, tsconfig: string) => string;

/**
 * Compiles each typia call of a file into plain comparisons.
 * @param file absolute path of a TypeScript file
 * @param tsconfig absolute path of the configuration whose compiler options count
 * @param read filled with all that the compiler looked at, apart from the packages it is made of
 * @returns the whole file as TypeScript prints it, still with its type annotations
 * @throws {Error} with typia's or TypeScript's diagnostics
 */
export function compileValidators(file: string, tsconfig: string, read: Read = new Map()): string {
  const options = compilerOptionsOf(tsconfig, recording(ts.sys, read));
  const host = ts.createCompilerHost(options);
  Object.assign(host, recording(host, read));
  const program = ts.createProgram([file], options, Object.assign(host, { getSourceFile: parsingOnce(host, options) }));
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`${file} cannot be read`);
  const problems: string[] = [];
  const typia = transform(program, undefined, {
    addDiagnostic: ({ messageText }) => problems.push(ts.flattenDiagnosticMessageText(messageText, '\n')),
  });
  const result = ts.transform(source, [typia], options);
  try {
    if (problems.length > 0) throw new Error(`typia cannot compile ${file}:\n${problems.join('\n')}`);
    const [transformed = source] = result.transformed;
    return ts.createPrinter().printFile(transformed);
  } finally {
    result.dispose();
  }
}

/** By all that a parse depends on but the text: of a file that changed, the last one is kept. */
const parsed = new Map<string, ts.SourceFile>();

/**
 * A program of one of our files has some 280 of TypeScript's own and of packages in it, nearly all of a compilation's time. They are
 * parsed once a process for each text, as TypeScript's own language service does; every file is still read, and checked anew.
 */
function parsingOnce({ readFile }: ts.CompilerHost, options: ts.CompilerOptions): ts.CompilerHost['getSourceFile'] {
  const under = JSON.stringify(options);
  return (path, language) => {
    const text = readFile(path);
    if (text === undefined) return undefined;
    const key = JSON.stringify([path, language, under]);
    const known = parsed.get(key);
    if (known?.text === text) return known;
    const source = ts.createSourceFile(path, text, language);
    parsed.set(key, source);
    return source;
  };
}

type Files = Pick<ts.System, 'readFile' | 'fileExists'> & Partial<Pick<ts.System, 'directoryExists'>>;

/** What was not there counts as well: a file put there later may be imported instead. */
function recording({ readFile, fileExists, directoryExists }: Files, read: Read): Required<Files> {
  const probe = (exists: ((path: string) => boolean) | undefined) => (path: string) => {
    const found = exists?.(path) ?? true;
    if (!found) read.set(path, undefined);
    return found;
  };
  return {
    readFile(path, encoding) {
      const text = readFile(path, encoding);
      read.set(path, text);
      return text;
    },
    fileExists: probe(fileExists),
    directoryExists: probe(directoryExists),
  };
}

function compilerOptionsOf(tsconfig: string, files: Required<Files>): ts.CompilerOptions {
  const { config, error } = ts.readConfigFile(tsconfig, files.readFile);
  if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  return ts.parseJsonConfigFileContent(config, { ...ts.sys, ...files }, dirname(tsconfig)).options;
}

/** Files of other names pass unread. */
export function validatorsForEsbuild(tsconfig: string, compile: Compile = compileValidators): EsbuildPlugin {
  return {
    name: 'compile-validators',
    setup({ onLoad }) {
      onLoad({ filter: validatorFiles }, async ({ path }) => {
        // A dependency may have a file of that name; only ours call typia.
        if (!/\bfrom 'typia';/.test(await readFile(path, 'utf8'))) return undefined;
        return { contents: compile(path, tsconfig), loader: 'ts' };
      });
    },
  };
}

/** What Vite needs of a plugin; it is not a dependency of ours, vitest brings it. */
export interface VitePlugin {
  readonly name: string;
  readonly enforce: 'pre';
  transform(code: string, id: string): { readonly code: string; readonly map: null } | undefined;
  configureVitest(vitest: VitestModuleCache): void;
}

interface VitestModuleCache {
  defineCacheKeyGenerator(keyOf: (module: { readonly id: string }) => false | undefined): void;
}

/**
 * For vitest: its source maps then show the printed file. Vitest keeps what it transformed by the text of each file alone, but
 * these depend on the types that they import as well: it may not keep them.
 */
export function validatorsForVite(tsconfig: string, compile: Compile = compileValidators): VitePlugin {
  const isOurs = (id: string) => validatorFiles.test(id.replace(/\?.*$/, ''));
  return {
    name: 'compile-validators',
    enforce: 'pre',
    configureVitest({ defineCacheKeyGenerator }) {
      defineCacheKeyGenerator(({ id }) => (isOurs(id) ? false : undefined));
    },
    transform(code, id) {
      const [file = id] = id.split('?');
      if (!isOurs(id) || !/\bfrom 'typia';/.test(code)) return undefined;
      return { code: compile(file, tsconfig), map: null };
    },
  };
}
