// The example of README.md: a test compiles it, runs it, and holds the two equal.
import { accessToken, startProviders } from '@quartersec/sandbox-providers';

export async function example(): Promise<string[]> {
  const providers = await startProviders({ seed: 7, latency: { medianMs: 0, p99Ms: 0 } });
  const post = async (url: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await answer.json()) as { error_code?: string; added?: object[] };
  };
  const call = { client_id: 'client-sandbox', secret: 'secret-sandbox', access_token: accessToken(42) };

  await post(`${providers.controlUrl}/faults`, { kind: 'error-500-plaid', token: accessToken(42), times: 1 });
  const first = await post(`${providers.url}/transactions/sync`, call);
  const second = await post(`${providers.url}/transactions/sync`, call);

  await providers.close();
  return [first.error_code ?? '', `${second.added?.length} transactions`];
}
