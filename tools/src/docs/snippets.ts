/** Type-checks TypeScript shown on a page as if it stood in the project: its first line says in which file. */
import { dirname, join } from 'node:path';
import ts from 'typescript';

/**
 * @param snippets path from the root to text; laid over what is on disk
 * @returns the compiler's complaints, `path:line message`
 */
export function typeCheck(root: string, snippets: ReadonlyMap<string, string>): readonly string[] {
  const config = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile).config as object;
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
  const overlay = new Map([...snippets].map(([path, text]) => [join(root, path), text]));
  const folders = new Set([...overlay.keys()].map(dirname));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, directoryExists } = host;
  host.fileExists = (path) => overlay.has(path) || fileExists(path);
  host.readFile = (path) => overlay.get(path) ?? readFile(path);
  host.directoryExists = (path) => folders.has(path) || (directoryExists?.(path) ?? true);
  const read = host.getSourceFile;
  host.getSourceFile = (path, target, ...rest) => {
    const text = overlay.get(path);
    return text === undefined ? read(path, target, ...rest) : ts.createSourceFile(path, text, target, true);
  };
  const program = ts.createProgram([...overlay.keys()], options, host);
  return [...overlay.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText, start = 0 }) => {
        const line = (source?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
        return `${path.slice(root.length + 1)}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
      },
    );
  });
}
