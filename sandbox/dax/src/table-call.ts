/** Calls of the backend on behalf of a request, with what their failures mean for the node's own memory. */
import { AnswerError } from './answer-error.ts';
import type { BackendAnswer } from './backend.ts';
import type { Core } from './core.ts';

const OTHER_SCHEMA = /does not match the schema|Type mismatch for key/;

/**
 * A read. One whose answer is lost may simply be repeated, and the client is told so.
 * @param tableNames as the client wrote them
 */
export async function readFromTables(
  core: Core,
  tableNames: readonly string[],
  operation: string,
  body: object,
): Promise<BackendAnswer> {
  try {
    return await core.backend.call(operation, body);
  } catch (error) {
    forgetSchemas(core, tableNames, error);
    if (error instanceof AnswerError && error.outcomeUnknown) {
      throw new AnswerError(error.code, error.message, { cause: error, notSent: true, httpStatus: error.httpStatus });
    }
    throw error;
  }
}

/** A write of these cache keys. When nobody knows what became of it, their entries go. */
export async function writeToTables(
  core: Core,
  tableNames: readonly string[],
  cacheKeys: readonly string[],
  operation: string,
  body: object,
): Promise<BackendAnswer> {
  try {
    return await core.backend.call(operation, body);
  } catch (error) {
    forgetSchemas(core, tableNames, error);
    const unknown = !(error instanceof AnswerError) || error.outcomeUnknown;
    if (unknown) for (const key of cacheKeys) core.items.forget(key, true);
    throw error;
  }
}

/** A table that is gone or was made anew with other keys is asked for again. */
function forgetSchemas(core: Core, tableNames: readonly string[], error: unknown): void {
  if (!(error instanceof AnswerError)) return;
  const gone = error.code === 'ResourceNotFoundException';
  if (!gone && !(error.code === 'ValidationException' && OTHER_SCHEMA.test(error.message))) return;
  for (const name of tableNames) core.schemas.drop(name);
}
