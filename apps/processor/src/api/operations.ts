/** The operations of the API by name: what each takes and gives. `routes.ts` says where they are. */
import type {
  AccountPage,
  AccountsQuery,
  ChangePage,
  ChangesQuery,
  Connection,
  ConnectionList,
  ConnectionRequest,
  FeedbackRequest,
  Forecast,
  ForecastQuery,
  InsightDetail,
  InsightList,
  InsightsQuery,
  LinkedConnection,
  LinkToken,
  LinkTokenRequest,
  Nothing,
  Problem,
  RecommendationList,
  RefreshAccepted,
  TransactionPage,
  TransactionsQuery,
} from './contract.ts';

/** The types that the OpenAPI document names. */
export interface Schemas {
  readonly AccountPage: AccountPage;
  readonly AccountsQuery: AccountsQuery;
  readonly ChangePage: ChangePage;
  readonly ChangesQuery: ChangesQuery;
  readonly Connection: Connection;
  readonly ConnectionList: ConnectionList;
  readonly ConnectionRequest: ConnectionRequest;
  readonly FeedbackRequest: FeedbackRequest;
  readonly Forecast: Forecast;
  readonly ForecastQuery: ForecastQuery;
  readonly InsightDetail: InsightDetail;
  readonly InsightList: InsightList;
  readonly InsightsQuery: InsightsQuery;
  readonly LinkedConnection: LinkedConnection;
  readonly LinkToken: LinkToken;
  readonly LinkTokenRequest: LinkTokenRequest;
  readonly Problem: Problem;
  readonly RecommendationList: RecommendationList;
  readonly RefreshAccepted: RefreshAccepted;
  readonly TransactionPage: TransactionPage;
  readonly TransactionsQuery: TransactionsQuery;
}
export type SchemaName = keyof Schemas;

interface Operation<Query, Body, Reply> {
  readonly query: Query;
  readonly body: Body;
  /** `undefined`: none. */
  readonly reply: Reply;
}

export interface Operations {
  readonly createLinkToken: Operation<Nothing, LinkTokenRequest, LinkToken>;
  readonly createConnection: Operation<Nothing, ConnectionRequest, LinkedConnection>;
  readonly listConnections: Operation<Nothing, Nothing, ConnectionList>;
  readonly getConnection: Operation<Nothing, Nothing, Connection>;
  readonly refreshConnection: Operation<Nothing, Nothing, RefreshAccepted>;
  readonly deleteConnection: Operation<Nothing, Nothing, undefined>;
  readonly listAccounts: Operation<AccountsQuery, Nothing, AccountPage>;
  readonly listTransactions: Operation<TransactionsQuery, Nothing, TransactionPage>;
  readonly listInsights: Operation<InsightsQuery, Nothing, InsightList>;
  readonly getInsight: Operation<Nothing, Nothing, InsightDetail>;
  readonly listRecommendations: Operation<Nothing, Nothing, RecommendationList>;
  readonly getForecast: Operation<ForecastQuery, Nothing, Forecast>;
  readonly giveFeedback: Operation<Nothing, FeedbackRequest, undefined>;
  readonly listChanges: Operation<ChangesQuery, Nothing, ChangePage>;
  readonly getOpenApi: Operation<Nothing, Nothing, object>;
}
export type OperationId = keyof Operations;
