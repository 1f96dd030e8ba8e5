/** The operations of the API that the `query` function serves. All of them only read. */
import type { ApiOperations } from '../api/api-handler.ts';
import type { OperationsOf } from '../api/routes.ts';
import { getOpenApi } from './get-open-api.ts';
import { listAccounts } from './list-accounts.ts';
import { listChanges } from './list-changes.ts';
import { getConnection, listConnections } from './list-connections.ts';
import { getForecast, getInsight, listInsights, listRecommendations } from './list-insights.ts';
import { listTransactions } from './list-transactions.ts';
import type { QueryDependencies } from './query-dependencies.ts';

export function createQueryOperations(deps: QueryDependencies): ApiOperations<OperationsOf<'query'>> {
  return {
    listConnections: listConnections(deps),
    getConnection: getConnection(deps),
    listAccounts: listAccounts(deps),
    listTransactions: listTransactions(deps),
    listInsights: listInsights(deps),
    getInsight: getInsight(deps),
    listRecommendations: listRecommendations(deps),
    getForecast: getForecast(deps),
    listChanges: listChanges(deps),
    getOpenApi: getOpenApi(),
  };
}
