import { afterAll, describe, expect, it } from 'vitest';
import { startDaxNode } from './dax-node.ts';
import type { CallResult } from './testing/client-calls.ts';
import { comparable } from './testing/comparable.ts';
import { createTables, newPrefix, startTestDynamo } from './testing/dynamodb.ts';
import { asDynamoDbAnswers } from './testing/dynoxide-differences.ts';
import { comparedPart, type InteropOperation, readInteropOperations } from './testing/interop-operations.ts';
import { preparePython, runPython } from './testing/python-client.ts';

const INSTALL_TIMEOUT_MS = 600_000;
const RUN_TIMEOUT_MS = 120_000;

const leftOut = await preparePython();
if (leftOut !== undefined) {
  if (process.env.CI === 'true') throw new Error(leftOut);
  process.stdout.write(`${leftOut}\n`);
}

describe.skipIf(leftOut !== undefined)(
  'Python client: through the node as directly',
  { timeout: INSTALL_TIMEOUT_MS },
  async () => {
    if (leftOut !== undefined) return;
    const prefixes = { dax: newPrefix(), direct: newPrefix() };
    const dynamo = await startTestDynamo();
    const node = await startDaxNode({ endpoint: dynamo.endpoint });
    afterAll(async () => {
      await node.close();
      await dynamo.close();
    });
    const usable = ({ needs, differs }: InteropOperation) =>
      differs?.python === undefined && (needs !== 'transactions' || dynamo.isDynoxide);
    const operations = readInteropOperations(prefixes.dax).filter(usable);
    let answers: CallResult[] = [];
    let direct: CallResult[] = [];

    it('runs all operations', { timeout: RUN_TIMEOUT_MS }, async () => {
      await createTables(dynamo.client, prefixes.dax);
      await createTables(dynamo.client, prefixes.direct);
      [answers, direct] = await Promise.all([
        runPython('dax', node.url, operations),
        runPython('direct', dynamo.endpoint, readInteropOperations(prefixes.direct).filter(usable)),
      ]);
      expect([answers.length, direct.length]).toEqual([operations.length, operations.length]);
    });

    it.each(operations.map((operation, index) => ({ operation, index })))('$operation.name', ({ operation, index }) => {
      const resultOf = (results: readonly CallResult[]): CallResult => {
        const { answer, error } = results[index] as CallResult;
        return error === undefined ? { answer: comparable(answer, operation.unordered) } : { error };
      };
      const compared = (result: CallResult) => JSON.stringify(comparedPart(operation, 'python', result));
      const [throughNode, directly] = [resultOf(answers), resultOf(direct)];
      const known = dynamo.isDynoxide ? asDynamoDbAnswers(operation, directly, throughNode) : directly;
      expect(JSON.parse(compared(throughNode))).toEqual(
        JSON.parse(compared(known).replaceAll(prefixes.direct, prefixes.dax)),
      );
    });

    it('kept its connections in order', () => {
      expect(node.stats().connections.refused).toBe(0);
      expect(node.stats().itemCache.hits).toBeGreaterThan(50);
    });
  },
);
