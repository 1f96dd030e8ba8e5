/** A command of the root package.json: what it is called and which options it takes. */
import type { ParseArgsOptionsConfig } from 'node:util';

export interface Command<Options extends ParseArgsOptionsConfig = ParseArgsOptionsConfig> {
  /** As npm runs it: `start`, `perf:compare`. */
  readonly name: string;
  /** What `--help` prints; ends with a line feed. */
  readonly usage: string;
  /** Without `help`, which every command takes. */
  readonly options: Options;
  /** Arguments that are no options; default 0. */
  readonly argumentsAtMost?: number;
  /** Whether a flag can be turned off as `--no-flag`; default false. */
  readonly negatable?: boolean;
}

/** npm knows a few script names without `run`. */
export function callOf(name: string): string {
  return name === 'start' || name === 'test' ? `npm ${name}` : `npm run ${name}`;
}
