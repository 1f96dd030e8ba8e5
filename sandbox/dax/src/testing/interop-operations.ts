/** The table of operations that every client runs against the node and directly: `interop/operations`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallResult } from './client-calls.ts';

export const INTEROP_DIRECTORY = join(import.meta.dirname, '../../interop');

export interface InteropOperation {
  readonly name: string;
  /** As the methods of both clients are called: `getItem`. */
  readonly call: string;
  readonly request: Record<string, unknown>;
  /** The order of the answer means nothing. */
  readonly unordered?: boolean;
  readonly needs?: 'transactions';
  /** Why the words of an error are not those of the backend: only its code is compared. */
  readonly messageDiffers?: string;
  /** Clients that cannot be compared in this operation, or in its cancellation reasons, and why. */
  readonly differs?: Readonly<Record<string, string>>;
  readonly reasonsDiffer?: Readonly<Record<string, string>>;
}

/** @param tablePrefix start of the names of the tables that are used */
export function readInteropOperations(tablePrefix: string): InteropOperation[] {
  const directory = join(INTEROP_DIRECTORY, 'operations');
  return readdirSync(directory)
    .sort()
    .flatMap((file) => readFileSync(join(directory, file), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map(
      (line) =>
        JSON.parse(line.replace(/\{(single|composite|binary|unknown)\}/g, `${tablePrefix}-$1`)) as InteropOperation,
    );
}

/** What of a result is compared: all of it, but for what the table says a client does in its own way. */
export function comparedPart(
  operation: InteropOperation,
  client: 'javascript' | 'python' | 'java',
  result: CallResult,
): unknown {
  const { error } = result;
  if (error === undefined) return result.answer;
  if (operation.messageDiffers !== undefined) return { code: error.code };
  if (operation.reasonsDiffer?.[client] !== undefined) return { code: error.code, message: error.message };
  return error;
}
