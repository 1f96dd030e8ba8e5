/** What `npm run synth` and `npm run deploy` are told, and what they say of themselves. */
import { CommandError, readArguments } from '@quartersec/command-line';
import { type ContextKey, contextKeys } from './settings.ts';
import { readStage, type Stage } from './stage.ts';

export interface CommandLine {
  /** Of `--stage`; `undefined`: all. */
  readonly stage: Stage | undefined;
  readonly context: Readonly<Partial<Record<ContextKey, string>>>;
  readonly print: boolean;
}

export const contextHelp = Object.entries(contextKeys)
  .filter(([key]) => key !== 'stage')
  .map(([key, meaning]) => `  --context ${key}=...`.padEnd(33) + meaning)
  .join('\n');

/** Of both commands; `synth` refuses `--print`, which would do nothing there. */
const stageOptions = {
  stage: { type: 'string' },
  context: { type: 'string', multiple: true, short: 'c', default: [] as string[] },
} as const;
export const synthOptions = stageOptions;
export const deployOptions = { ...stageOptions, print: { type: 'boolean', default: false } } as const;

/** @throws {CommandError} naming what is wrong */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values } = readArguments({ name: 'deploy', usage: '', options: deployOptions }, args);
  return {
    stage: values.stage === undefined ? undefined : readStage(values.stage),
    context: Object.fromEntries(values.context.map(readContext)),
    print: values.print,
  };
}

function readContext(pair: string): [ContextKey, string] {
  const at = pair.indexOf('=');
  const key = pair.slice(0, at);
  if (at < 1 || key === 'stage' || !Object.hasOwn(contextKeys, key)) {
    const known = Object.keys(contextKeys).filter((name) => name !== 'stage');
    throw new CommandError(
      'USAGE',
      `--context ${pair}: give key=value, with one of ${known.join(', ')}; the stage is --stage`,
    );
  }
  return [key as ContextKey, pair.slice(at + 1)];
}
