/** Random operations through the node and directly, compared one by one. Failures name the seed; replay with DAX_DIFFERENTIAL_SEED. */
import { isDeepStrictEqual } from 'node:util';
import type { CallResult } from './client-calls.ts';
import { comparedResult } from './client-differences.ts';
import type { ProcessOperation } from './client-process.ts';
import { asDynamoDbAnswers } from './dynoxide-differences.ts';
import { type RandomOperation, randomOperations } from './random-operations.ts';

const MS_AN_OPERATION = 200;
const DIFFERENCES_MAX = 5; // one is often followed by others

export interface RandomRun {
  readonly count: number;
  readonly seed: number;
  readonly timeoutMs: number;
  operations(inFull: boolean): RandomOperation[];
}

/** 10,000 operations in CI, fewer elsewhere; DAX_DIFFERENTIAL_OPERATIONS sets their number. */
export function randomRun(): RandomRun {
  const { DAX_DIFFERENTIAL_OPERATIONS: asked, DAX_DIFFERENTIAL_SEED: replayed, CI } = process.env;
  const count = Number(asked ?? (CI === 'true' ? 10_000 : 300));
  const seed = Number(replayed ?? Date.now() % 1_000_000_000);
  return {
    count,
    seed,
    timeoutMs: 300_000 + count * MS_AN_OPERATION,
    operations: (inFull) => randomOperations(count, seed, inFull),
  };
}

/** With the tables of one side in the places of `SINGLE` and `COMPOSITE`. */
export function forTables(operation: RandomOperation, prefix: string): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(operation.request)
      .replaceAll('"SINGLE"', `"${prefix}-single"`)
      .replaceAll('"COMPOSITE"', `"${prefix}-composite"`),
  );
}

export const asProcessOperations = (operations: readonly RandomOperation[], prefix: string): ProcessOperation[] =>
  operations.map((operation, index) => ({
    name: String(index),
    call: operation.call,
    request: forTables(operation, prefix),
  }));

export interface ComparedRun {
  readonly seed: number;
  readonly operations: readonly RandomOperation[];
  readonly isDynoxide: boolean;
  readonly prefixes: { readonly dax: string; readonly direct: string };
  /** Of both sides, in the order of the operations. */
  readonly throughNode: readonly CallResult[];
  readonly directly: readonly CallResult[];
  readonly language: keyof typeof comparedResult;
}

/** The first few, each as a line of JSON: a report that shortens objects shows all of it. */
export function findDifferences(run: ComparedRun): string[] {
  const found: string[] = [];
  for (const [index, operation] of run.operations.entries()) {
    const [throughNode, directly] = [run.throughNode[index] as CallResult, run.directly[index] as CallResult];
    if (isEqual(run, operation, throughNode, directly)) continue;
    found.push(JSON.stringify({ index, seed: run.seed, operation, throughNode, directly }));
    if (found.length === DIFFERENCES_MAX) break;
  }
  return found;
}

function isEqual(
  { isDynoxide, prefixes, language }: ComparedRun,
  operation: RandomOperation,
  throughNode: CallResult,
  directly: CallResult,
): boolean {
  const known = isDynoxide ? asDynamoDbAnswers(operation, directly, throughNode) : directly;
  const expected = JSON.stringify(comparedResult[language](known)).replaceAll(prefixes.direct, prefixes.dax);
  return isDeepStrictEqual(JSON.parse(JSON.stringify(comparedResult[language](throughNode))), JSON.parse(expected));
}
