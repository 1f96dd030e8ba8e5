/**
 * The routes behind the one base URL, by the function that serves them. The template may not import the processor: `in-step.test.ts`
 * holds this list equal to the API's own table of routes.
 */

export type RoutedFunction = 'query' | 'connect' | 'webhook';

export const apiRoutes = {
  query: [
    'GET /v1/connections',
    'GET /v1/connections/{connectionId}',
    'GET /v1/accounts',
    'GET /v1/transactions',
    'GET /v1/insights',
    'GET /v1/insights/{insightId}',
    'GET /v1/recommendations',
    'GET /v1/forecast',
    'GET /v1/changes',
    'GET /v1/openapi.json',
  ],
  connect: [
    'POST /v1/link-tokens',
    'POST /v1/connections',
    'POST /v1/connections/{connectionId}/refresh',
    'DELETE /v1/connections/{connectionId}',
    'POST /v1/insights/{insightId}/feedback',
  ],
  webhook: ['POST /webhooks/plaid', 'POST /webhooks/openbanking-uk'],
} as const satisfies Readonly<Record<RoutedFunction, readonly `${'GET' | 'POST' | 'DELETE'} /${string}`[]>>;

/** What Plaid is told with each link. */
export const webhookPath = '/webhooks/plaid';
