/** An error as one line for a terminal: what is wrong and, where it is known, what to do about it. Pure. */
import { CommandError } from './command-error.ts';

interface SystemError extends Error {
  readonly code?: string;
  readonly syscall?: string;
  readonly path?: string;
  readonly port?: number;
}

/** Faults of the program: their message alone helps nobody. */
const programFaults = new Set(['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError', 'AssertionError']);

/** @returns one line without a stack; a fault of the program itself also names its place in the source */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  if (error instanceof CommandError) return error.message; // worded for the terminal
  const { code, syscall = '', path = '', port } = error as SystemError;
  const program = /^spawn(?:Sync)? (\S+)/.exec(syscall)?.[1];
  if (program !== undefined && code === 'ENOENT')
    return `${program} was not found on PATH: install it, then run the command again`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return `${path === '' ? syscall : path} cannot be written (${code}): check who owns this folder, or work in a copy that is yours`;
  if (code === 'ENOSPC')
    return `the disk is full${path === '' ? '' : `: ${path} could not be written`}; free some space`;
  if (code === 'EADDRINUSE') return `port ${port} is occupied: choose another, or stop what listens there`;
  if (error.name === 'CredentialsProviderError')
    return 'no AWS credentials: log in (aws configure, aws sso login), or name a profile with AWS_PROFILE';
  if (error.cause instanceof Error && error.message === 'fetch failed')
    return `no answer: ${describeError(error.cause)}`;
  if (error instanceof AggregateError && error.message === '') return describeError(error.errors[0]);
  const place = programFaults.has(error.name) ? placeOf(error) : '';
  return `${oneLine(error.message)}${place}`;
}

/** A program's own words may have many lines: the first says what was tried, the last how it ended. */
function oneLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const [first = 'unknown error'] = lines;
  return lines.length > 1 ? `${first.trim()} ${lines.at(-1)?.trim()}` : first.trim();
}

function placeOf({ stack = '' }: Error): string {
  const place = /\(?((?:file:\/\/)?\/[^\s()]+:\d+:\d+)\)?/.exec(stack)?.[1];
  return place === undefined ? '' : ` (a fault of the program, at ${place})`;
}
