/** The operations of the API that the `connect` function serves, and what their errors are to a caller. */
import { ProviderError } from '@quartersec/providers';
import { StorageError } from '@quartersec/storage';
import type { ApiOperations } from '../api/api-handler.ts';
import { connectionView } from '../api/connection-view.ts';
import { ApiError } from '../api/problems.ts';
import type { OperationsOf } from '../api/routes.ts';
import { ProcessorError } from '../processor-error.ts';
import type { LinkDependencies } from './connect-dependencies.ts';
import { ConnectError } from './connect-error.ts';
import { giveFeedback } from './give-feedback.ts';
import { beginLink, completeLink } from './link-bank.ts';
import { refreshConnection } from './refresh-connection.ts';
import { removeConnection } from './remove-connection.ts';

/** Shorter than any gateway waits, longer than Plaid takes for an exchange. */
export const connectDeadlineMs = 20_000;

export function createConnectOperations(deps: LinkDependencies): ApiOperations<OperationsOf<'connect'>> {
  return {
    async createLinkToken(call) {
      return { status: 201, body: await beginLink(call.body, call, deps) };
    },
    async createConnection(call) {
      const { head, how } = await completeLink(call.body, call, deps);
      return { status: how === 'new' ? 201 : 200, body: { how, connection: connectionView(head) } };
    },
    async refreshConnection(call) {
      const { correlationId } = await refreshConnection(call.pathId, call, deps);
      return { status: 202, body: { correlationId } };
    },
    async giveFeedback(call) {
      await giveFeedback(call.pathId, call, deps);
      return { status: 204 };
    },
    async deleteConnection(call) {
      await removeConnection(call.pathId, call, deps);
      return { status: 204 };
    },
  };
}

/** @returns `undefined` for what the table's own rules settle, and for a defect */
export function connectProblemOf(error: unknown): ApiError | undefined {
  const options = { cause: error };
  if (error instanceof ConnectError) return new ApiError(error.code, {}, options);
  if (error instanceof StorageError && error.code === 'CONNECTION_TAKEN') return new ApiError(error.code, {}, options);
  if (error instanceof ProcessorError && error.code === 'QUEUE_UNAVAILABLE')
    return new ApiError(error.code, {}, options);
  if (!(error instanceof ProviderError)) return undefined;
  // Refused keys or an ended contract are the operator's to mend, and nobody else notices.
  const isOperators = error.outcome === 'configuration';
  return new ApiError('PROVIDER_FAILED', { providerCode: error.code, isOperators }, options);
}
