/** The very files that are deployed, with the variables of the template, started as Lambda starts them. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LambdaHost, startLambdaHost } from '@quartersec/sandbox-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { deployedFunction } from './testing/deployed-function.ts';
import { synthesizeVariant } from './testing/variants.ts';

const { artifact } = synthesizeVariant('dev');
const key = Buffer.alloc(32, 9).toString('base64');
const complete = { TOKEN_KEY: key, READ_TOKEN_KEY: key, PLAID_CLIENT_ID: 'client', PLAID_SECRET: 'secret' };

let server: Server;
let host: LambdaHost;
afterEach(async () => {
  await host.close();
  server.close();
});

async function start(name: 'process' | 'query', secret: Readonly<Record<string, string>>) {
  server = createServer((_request, response) => response.end(JSON.stringify({ SecretString: JSON.stringify(secret) })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { directory, variables } = deployedFunction(artifact, name === 'process' ? 'ProcessFunction' : 'QueryFunction');
  const logged: string[] = [];
  host = await startLambdaHost({ region: 'eu-west-1', onLog: (_function, line) => logged.push(line) });
  await host.deployFunction({
    kind: 'node',
    name,
    directory,
    handler: 'index.handler',
    timeoutMs: 5_000,
    memoryMb: 512,
    environment: {
      ...variables,
      SECRET_ARNS: 'arn:of-the-template',
      SECRETS_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
  });
  return { logged };
}

describe('the deployed functions', () => {
  it('start process with what the template and the secrets give it', async () => {
    await start('process', complete);
    const { payload, functionError } = await host.invoke('process', { Records: [] });
    expect({ payload: JSON.parse(String(payload)), functionError }).toEqual({ payload: { batchItemFailures: [] } });
  });

  it('start query, which asks for a token', async () => {
    await start('query', complete);
    expect((await fetch(`${host.functionUrl('query')}v1/accounts`)).status).toBe(401);
  });

  it('say what is missing while nobody has put in the secret of Plaid, and nothing of the other', async () => {
    const { logged } = await start('process', { ...complete, PLAID_CLIENT_ID: '', PLAID_SECRET: '' });
    const { functionError } = await host.invoke('process', { Records: [] });
    const said = `${JSON.stringify(functionError)} ${logged.join(' ')}`;
    expect(said).toContain('PLAID_SECRET');
    expect(said).toContain('secret of your Plaid account');
    expect(said).not.toContain(key);
  });
});
