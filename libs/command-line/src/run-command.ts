/** Runs a command: arguments, `--help`, exit code, and whatever goes wrong as one line. */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { ParseArgsOptionsConfig } from 'node:util';
import type { Command } from './command.ts';
import { CommandError } from './command-error.ts';
import { describeError } from './describe-error.ts';
import { describeLostOptions } from './lost-options.ts';
import { type Arguments, asksForHelp, readArguments } from './read-arguments.ts';

/** The process, as far as a command needs it. */
export interface Surroundings {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
}

const failedExitCode = 1;
const usageExitCode = 2;

/** The shell's convention for a program that a signal ended: 130 for Ctrl-C, 143 for `kill`. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/**
 * Reads the process's arguments and runs the command with them. Sets the exit code: 2 when it was called wrongly, 1 when it threw,
 * otherwise what the command set. An error is written to stderr as one line that begins with the command's name.
 * @example await runCommand({ name: 'check', usage, options: {} }, async () => { ... });
 */
export async function runCommand<const Options extends ParseArgsOptionsConfig>(
  command: Command<Options>,
  main: (given: Arguments<Options>) => Promise<void> | void,
  surroundings: Surroundings = ofThisProcess(),
): Promise<void> {
  const { args, environment, print, printError } = surroundings;
  try {
    const isConfigured = (key: string) => isInNpmrc(environment, key);
    const lost = describeLostOptions(command, { args, environment, isConfigured });
    if (lost !== undefined) throw new CommandError('USAGE', lost);
    const given = readArguments(command, args);
    if (asksForHelp(given)) print(command.usage);
    else await main(given);
  } catch (error) {
    printError(`${command.name}: ${describeError(error)}\n`);
    process.exitCode = exitCodeFor(error);
  }
}

function exitCodeFor(error: unknown): number {
  if (!(error instanceof CommandError)) return failedExitCode;
  if (error.signal !== undefined) return exitCodeOf(error.signal);
  return error.code === 'USAGE' ? usageExitCode : failedExitCode;
}

function ofThisProcess(): Surroundings {
  return {
    args: process.argv.slice(2),
    environment: process.env,
    print: (text) => process.stdout.write(text),
    printError: (text) => process.stderr.write(text),
  };
}

/** npm names the files that it has read in the environment. */
function isInNpmrc({ npm_config_userconfig, npm_config_globalconfig }: Surroundings['environment'], key: string) {
  const files = [npm_config_userconfig, npm_config_globalconfig, '.npmrc'];
  return files.some((file) => file !== undefined && file !== '' && setsKey(file, key));
}

function setsKey(file: string, key: string): boolean {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.some((line) => line.split('=')[0]?.trim() === key);
  } catch {
    return false; // most users have no such file
  }
}
