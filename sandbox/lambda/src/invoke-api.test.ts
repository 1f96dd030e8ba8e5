import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createManualClock } from './clock.ts';
import { fixture, observedHost, testGate } from './fixtures/host.ts';
import type { LambdaHostOptions } from './lambda-host.ts';

async function hostWithClient(options: LambdaHostOptions) {
  const observed = await observedHost(options);
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = new LambdaClient({ endpoint: observed.host.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return { ...observed, client };
}

describe('Invoke, called by @aws-sdk/client-lambda', () => {
  it.each([
    'echo',
    'arn:aws:lambda:us-east-1:000000000000:function:echo',
    '000000000000:function:echo',
    'function:echo:$LATEST',
  ])('runs %s and returns its answer', async (FunctionName) => {
    const { client } = await hostWithClient({ functions: [fixture('echo')] });
    const output = await client.send(new InvokeCommand({ FunctionName, Payload: '{"a":"ü"}' }));
    expect(JSON.parse(output.Payload?.transformToString() ?? '')).toMatchObject({ event: { a: 'ü' } });
    expect(output).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(output.FunctionError).toBeUndefined();
  });

  it('tells a function error from an answer', async () => {
    const { client } = await hostWithClient({ functions: [fixture('fail')] });
    const output = await client.send(new InvokeCommand({ FunctionName: 'fail', Payload: '{"message":"no"}' }));
    expect(output).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(JSON.parse(output.Payload?.transformToString() ?? '')).toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'no',
    });
  });

  it('hands on the client context', async () => {
    const { client } = await hostWithClient({ functions: [fixture('describeContext')] });
    const ClientContext = Buffer.from('{"custom":{"k":"ü"}}').toString('base64');
    const output = await client.send(new InvokeCommand({ FunctionName: 'describeContext', ClientContext }));
    expect(JSON.parse(output.Payload?.transformToString() ?? '').clientContext).toEqual({ custom: { k: 'ü' } });
  });

  it('accepts DryRun and runs nothing', async () => {
    const { client, host } = await hostWithClient({ functions: [fixture('echo')] });
    const output = await client.send(new InvokeCommand({ FunctionName: 'echo', InvocationType: 'DryRun' }));
    expect(output.StatusCode).toBe(204);
    expect(host.stats().functions.echo).toMatchObject({ invocations: 0 });
  });

  it.each([
    ['an unknown function', { FunctionName: 'nobody' }, 'ResourceNotFoundException', 404],
    ['a payload that is no JSON', { FunctionName: 'echo', Payload: '{' }, 'InvalidRequestContentException', 400],
    [
      'more than 6 MB',
      { FunctionName: 'echo', Payload: `"${'x'.repeat(6_300_000)}"` },
      'RequestTooLargeException',
      413,
    ],
    [
      'an event of more than 1 MB',
      { FunctionName: 'echo', InvocationType: 'Event', Payload: `"${'x'.repeat(1_100_000)}"` },
      'RequestTooLargeException',
      413,
    ],
  ] as const)('refuses %s as Lambda does', async (_what, input, name, status) => {
    const { client } = await hostWithClient({ functions: [fixture('echo')] });
    await expect(client.send(new InvokeCommand(input))).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: status },
    });
  });

  it('throttles as Lambda does', async () => {
    const gate = await testGate();
    const { client, host } = await hostWithClient({
      functions: [fixture('hold', { maxEnvironments: 1, maxWaiting: 0 })],
    });
    const running = host.invoke('hold', { untilUrl: gate.url });
    await gate.arrived(1);
    const refused = client.send(new InvokeCommand({ FunctionName: 'hold' }));
    await expect(refused).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      $metadata: { httpStatusCode: 429 },
    });
    gate.open();
    await running;
  });

  it('accepts an event at once and runs it afterwards', async () => {
    const { client, host } = await hostWithClient({ functions: [fixture('echo')] });
    const output = await client.send(
      new InvokeCommand({ FunctionName: 'echo', InvocationType: 'Event', Payload: '{}' }),
    );
    expect(output.StatusCode).toBe(202);
    await host.drain();
    expect(host.stats()).toMatchObject({
      functions: { echo: { invocations: 1 } },
      asyncInvocations: { pending: 0, dropped: 0 },
    });
  });

  it('tries a failing event three times, after one minute and two more', async () => {
    const clock = createManualClock();
    const { client, host } = await hostWithClient({ functions: [fixture('fail')], clock });
    await client.send(new InvokeCommand({ FunctionName: 'fail', InvocationType: 'Event', Payload: '{}' }));
    const settled = (errors: number, pending: number) =>
      vi.waitFor(
        () => expect(host.stats()).toMatchObject({ functions: { fail: { errors } }, asyncInvocations: { pending } }),
        { timeout: 200_000 },
      );
    await settled(1, 1);
    clock.advance(59_999);
    expect(host.stats().functions.fail).toMatchObject({ invocations: 1 });
    clock.advance(1);
    await settled(2, 1);
    clock.advance(120_000);
    await settled(3, 0);
    expect(host.stats().asyncInvocations).toEqual({ pending: 0, dropped: 1 });
  });

  it('says what it has when asked for another action', async () => {
    const { host } = await hostWithClient({});
    const response = await fetch(`${host.url}/2015-03-31/functions/`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('of the Lambda API it has Invoke alone');
    expect(await (await fetch(host.url)).text()).toContain('A Lambda host');
  });
});
