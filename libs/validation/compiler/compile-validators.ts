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

/**
 * Compiles each typia call of a file into plain comparisons.
 * @param file absolute path of a TypeScript file
 * @param tsconfig absolute path of the configuration whose compiler options count
 * @returns the whole file as TypeScript prints it, still with its type annotations
 * @throws {Error} with typia's or TypeScript's diagnostics
 */
export function compileValidators(file: string, tsconfig: string): string {
  const options = compilerOptionsOf(tsconfig);
  const program = ts.createProgram([file], options);
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

function compilerOptionsOf(tsconfig: string): ts.CompilerOptions {
  const { config, error } = ts.readConfigFile(tsconfig, ts.sys.readFile);
  if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  return ts.parseJsonConfigFileContent(config, ts.sys, dirname(tsconfig)).options;
}

/** Files of other names pass unread. */
export function validatorsForEsbuild(tsconfig: string): EsbuildPlugin {
  return {
    name: 'compile-validators',
    setup({ onLoad }) {
      onLoad({ filter: validatorFiles }, async ({ path }) => {
        // A dependency may have a file of that name; only ours call typia.
        if (!/\bfrom 'typia';/.test(await readFile(path, 'utf8'))) return undefined;
        return { contents: compileValidators(path, tsconfig), loader: 'ts' };
      });
    },
  };
}

/** What Vite needs of a plugin; it is not a dependency of ours, vitest brings it. */
export interface VitePlugin {
  readonly name: string;
  readonly enforce: 'pre';
  transform(code: string, id: string): { readonly code: string; readonly map: null } | undefined;
}

/** For vitest: its source maps then show the printed file. */
export function validatorsForVite(tsconfig: string): VitePlugin {
  return {
    name: 'compile-validators',
    enforce: 'pre',
    transform(code, id) {
      const [file = id] = id.split('?');
      if (!validatorFiles.test(file) || !/\bfrom 'typia';/.test(code)) return undefined;
      return { code: compileValidators(file, tsconfig), map: null };
    },
  };
}
