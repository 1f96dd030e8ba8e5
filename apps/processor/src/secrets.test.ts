import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { withSecrets } from './secrets.ts';

type Answer = { readonly status?: number; readonly body: unknown } | 'hang up';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A Secrets Manager that gives each secret's answers in turn, the last one again and again. */
async function scriptedSecrets(answers: Readonly<Record<string, readonly Answer[]>>) {
  const requests: { headers: IncomingHttpHeaders; secretId: string }[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { SecretId: secretId } = JSON.parse(Buffer.concat(chunks).toString()) as { SecretId: string };
    const before = requests.filter((one) => one.secretId === secretId).length;
    requests.push({ headers: request.headers, secretId });
    const answer = answers[secretId]?.[before] ?? answers[secretId]?.at(-1);
    if (answer === undefined || answer === 'hang up') request.socket.destroy();
    else response.writeHead(answer.status ?? 200).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const variables = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKID',
    AWS_SECRET_ACCESS_KEY: 'key',
    AWS_SESSION_TOKEN: 'session',
    SECRETS_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    SECRET_ARNS: Object.keys(answers).join(),
    TABLE_NAME: 'table-1',
  };
  return { variables, requests };
}

const secret = (values: unknown): Answer => ({ body: { SecretString: JSON.stringify(values) } });
const refusal = (status: number, type: string): Answer => ({ status, body: { __type: type } });

describe('withSecrets', () => {
  it('leaves the variables as they are where no secret is named', async () => {
    const variables = { TOKEN_KEY: 'plain' };
    expect(await withSecrets(['TOKEN_KEY'], variables)).toBe(variables);
    expect(await withSecrets(['TOKEN_KEY'], { ...variables, SECRET_ARNS: '' })).toMatchObject(variables);
  });

  it('adds what several secrets hold, and asks as AWS asks to be asked', async () => {
    const { variables, requests } = await scriptedSecrets({
      'arn:one': [secret({ TOKEN_KEY: 'k' })],
      'arn:two': [secret({ PLAID_SECRET: 's' })],
    });
    expect(await withSecrets(['TOKEN_KEY', 'PLAID_SECRET'], variables)).toEqual({
      ...variables,
      TOKEN_KEY: 'k',
      PLAID_SECRET: 's',
    });
    expect(requests.map(({ secretId }) => secretId).sort()).toEqual(['arn:one', 'arn:two']);
    expect(requests[0]?.headers).toMatchObject({
      'x-amz-target': 'secretsmanager.GetSecretValue',
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-security-token': 'session',
      authorization: expect.stringContaining('/eu-west-1/secretsmanager/aws4_request'),
    });
  });

  it('takes from a secret only what it is asked for', async () => {
    const { variables } = await scriptedSecrets({ 'arn:one': [secret({ TOKEN_KEY: 'k', TABLE_NAME: 'other' })] });
    expect(await withSecrets(['TOKEN_KEY'], variables)).toMatchObject({ TOKEN_KEY: 'k', TABLE_NAME: 'table-1' });
  });

  it.each<[string, Answer]>([
    ['a broken connection', 'hang up'],
    ['a fault of the service', refusal(500, 'InternalServiceError')],
    ['throttling', refusal(400, 'ThrottlingException')],
  ])('asks again after %s', async (_what, answer) => {
    const { variables, requests } = await scriptedSecrets({ 'arn:one': [answer, secret({ TOKEN_KEY: 'k' })] });
    expect(await withSecrets(['TOKEN_KEY'], variables)).toMatchObject({ TOKEN_KEY: 'k' });
    expect(requests).toHaveLength(2);
  });

  it('gives up after six seconds without an answer, and names the secret and the cause', async () => {
    const { variables, requests } = await scriptedSecrets({ 'arn:one': ['hang up'] });
    let nowMs = 0;
    const sleep = async () => {
      nowMs += 1_000; // much longer than is asked for: few attempts fit
    };
    await expect(withSecrets(['TOKEN_KEY'], variables, { nowMs: () => nowMs, sleep })).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      facts: { SECRET_ARNS: 'arn:one cannot be read: ECONNRESET' },
    });
    expect(requests).toHaveLength(6);
  });

  it('does not insist when it is refused', async () => {
    const { variables, requests } = await scriptedSecrets({ 'arn:one': [refusal(400, 'AccessDeniedException')] });
    await expect(withSecrets(['TOKEN_KEY'], variables)).rejects.toMatchObject({
      facts: { SECRET_ARNS: 'arn:one cannot be read: AccessDeniedException' },
    });
    expect(requests).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['no JSON', 'TOPSECRET'],
    ['a list', '["TOPSECRET"]'],
    ['a number', '{"TOKEN_KEY": 7, "OTHER": "TOPSECRET"}'],
    ['nothing', undefined],
  ])('refuses a secret that is %s, without quoting it', async (_what, SecretString) => {
    const { variables } = await scriptedSecrets({ 'arn:one': [{ body: { SecretString } }] });
    const error: Error = await withSecrets(['TOKEN_KEY'], variables).then(
      () => new Error('was read'),
      (refused) => refused,
    );
    expect(error.message).toContain('arn:one cannot be read: no JSON object of texts');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('TOPSECRET');
  });
});
