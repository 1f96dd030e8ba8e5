import { AnswerError } from './answer-error.ts';
import { Backend } from './backend.ts';
import { DaxNodeError } from './dax-node-error.ts';
import { type ClaimedScope, DEFAULT_SCOPE } from './scope.ts';

const CHECK_TIMEOUT_MS = 3_000;

/**
 * Asks the endpoint for a list of tables, to say early and clearly that nobody is there.
 * @throws {DaxNodeError} `ENDPOINT_UNREACHABLE`
 */
export async function checkEndpoint(endpoint: string, scope: ClaimedScope = {}): Promise<void> {
  const backend = new Backend({ endpoint, timeoutMs: CHECK_TIMEOUT_MS, connectionsMax: 1 });
  const { region = DEFAULT_SCOPE.region, accessKeyId = DEFAULT_SCOPE.accessKeyId } = scope;
  try {
    await backend.as({ region, accessKeyId }).call('ListTables', { Limit: 1 });
  } catch (cause) {
    // an error that DynamoDB itself gave is an answer, too
    if (cause instanceof AnswerError && !cause.notSent && !cause.outcomeUnknown) return;
    const remedy = 'start it first (for example: npx dynalite --port 8000), or correct --endpoint';
    const message = `no DynamoDB answers at ${endpoint} (${(cause as Error).message}): ${remedy}`;
    throw new DaxNodeError('ENDPOINT_UNREACHABLE', message, { cause });
  } finally {
    backend.close();
  }
}
