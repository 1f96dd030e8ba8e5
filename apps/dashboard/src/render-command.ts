/** The steps of `npm run dashboards`: render, write, check. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeError } from '@quartersec/command-line';
import { runToolCheck, type ToolCheck, type ToolVerdict, toolChecks } from './check-tools.ts';
import { unknownMetrics } from './metric-references.ts';
import { readOptions, usage } from './render-options.ts';
import { type RenderedFile, renderFiles } from './rendered-files.ts';

export interface RenderDependencies {
  readonly folder: string;
  /** As messages name it. */
  readonly shownFolder: string;
  /** A tool that is missing is a failure. */
  readonly mustCheck: boolean;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  readonly runTool?: (check: ToolCheck) => ToolVerdict;
  readonly render?: typeof renderFiles;
}

/** Empties what it owns first, since a file that is no longer rendered must not live on. */
function writeAll(files: readonly RenderedFile[], folder: string): void {
  const own = new Set(files.map(({ path }) => path.slice(0, path.indexOf('/'))));
  for (const name of own) rmSync(join(folder, name), { recursive: true, force: true });
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** @returns the exit code */
export function renderCommand(args: readonly string[], deps: RenderDependencies): number {
  const { mustCheck, print, printError, runTool = runToolCheck, render = renderFiles } = deps;
  try {
    const options = readOptions(args, deps.environment);
    if (options === undefined) {
      print(usage.trimEnd());
      return 0;
    }
    const { folder, shownFolder } =
      options.out === undefined ? deps : { folder: options.out, shownFolder: options.out };
    const files = render(options);
    writeAll(files, folder);
    for (const { path } of files) print(`${shownFolder}/${path}`);
    const unknown = unknownMetrics(files);
    for (const sentence of unknown) printError(sentence);
    if (unknown.length === 0) print('every metric is in the catalogue');
    const passed = toolChecks(folder).map((check) => tell(check, runTool(check), deps, mustCheck));
    return unknown.length === 0 && passed.every((one) => one) ? 0 : 1;
  } catch (error) {
    printError(`dashboards: ${describeError(error)}`);
    return 1;
  }
}

function tell(
  { command, args, from }: ToolCheck,
  verdict: ToolVerdict,
  { print, printError }: Pick<RenderDependencies, 'print' | 'printError'>,
  mustCheck: boolean,
): boolean {
  const what = `${command} ${args.slice(0, -1).join(' ')}`;
  if (verdict.kind === 'accepted') {
    print(`${what}: no fault found`);
    return true;
  }
  if (verdict.kind === 'refused') {
    printError(`${what} refuses what was written:\n${verdict.output}`);
    return false;
  }
  const remedy = `${what}: left out, ${command} is missing; Debian, Ubuntu: apt-get install ${from}`;
  if (mustCheck) printError(remedy);
  else print(remedy);
  return !mustCheck;
}
