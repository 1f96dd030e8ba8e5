import { describe, expect, it } from 'vitest';
import { stageLimits } from '../stage-limits.ts';
import { resourcesOf } from '../template.ts';
import { only, synthesizeVariant, templateOf, variants } from '../testing/variants.ts';

describe.each(variants)('the API of $name', ({ template, stage }) => {
  const stageProperties = only(template, 'AWS::ApiGatewayV2::Stage').Properties;
  const routeKeys = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties?.RouteKey);

  it('is the one way in from the internet: no function has an address of its own', () => {
    expect(resourcesOf(template, 'AWS::Lambda::Url')).toEqual([]);
    expect(resourcesOf(template, 'AWS::ApiGatewayV2::Api').map(([, { Properties }]) => Properties)).toMatchObject([
      { ProtocolType: 'HTTP', Name: `quartersec-${stage}` },
    ]);
    expect((template as unknown as { Outputs: object }).Outputs).toMatchObject({
      ApiUrl: { Value: { 'Fn::GetAtt': [expect.stringMatching(/^HttpApi/), 'ApiEndpoint'] } },
      WebhookUrl: { Value: { 'Fn::Join': ['', [expect.anything(), '/webhooks/plaid']] } },
    });
  });

  it('alone may invoke the aliases, by the path of a route, and nobody else may', () => {
    const permissions = resourcesOf(template, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
    expect(permissions).toHaveLength(routeKeys.length);
    const paths = permissions.map((permission) => {
      expect(permission).toMatchObject({ Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com' });
      const alias = permission?.FunctionName as { readonly Ref: string };
      expect(template.Resources[alias.Ref]?.Type).toBe('AWS::Lambda::Alias');
      expect(alias.Ref).toMatch(/^(?:Query|Connect|Webhook)Live/);
      const source = JSON.stringify(permission?.SourceArn);
      const [, path] = /:execute-api:.*\{"Ref":"HttpApi[0-9A-F]{8}"\},"\/\*\/\*(\/[^"*]+)"/.exec(source) ?? [];
      return path;
    });
    expect(paths.toSorted()).toEqual(routeKeys.map((key) => String(key).replace(/^\w+ /, '')).toSorted());
  });

  it('hands requests on in payload format 2.0, which the handlers read', () => {
    const integrations = resourcesOf(template, 'AWS::ApiGatewayV2::Integration');
    expect(integrations).toHaveLength(3);
    for (const [, { Properties }] of integrations) {
      expect(Properties).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
    }
  });

  it('adds no stage to the path, and goes live by itself once all routes are there', () => {
    expect(stageProperties).toMatchObject({ StageName: '$default', AutoDeploy: true });
    const { DependsOn } = only(template, 'AWS::ApiGatewayV2::Stage') as unknown as { DependsOn: readonly string[] };
    const routeIds = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(([id]) => id);
    expect(DependsOn).toEqual(expect.arrayContaining(routeIds));
  });

  it('bounds every route: reads by the default, connect and webhook by limits of their own', () => {
    const { query, connect, webhook } = stageLimits[stage].throttles;
    const bound = ({ perSecond, burst }: typeof query) => ({
      ThrottlingRateLimit: perSecond,
      ThrottlingBurstLimit: burst,
    });
    expect(stageProperties?.DefaultRouteSettings).toEqual(bound(query));
    expect(stageProperties?.RouteSettings).toEqual({
      'POST /v1/link-tokens': bound(connect),
      'POST /v1/connections': bound(connect),
      'POST /v1/connections/{connectionId}/refresh': bound(connect),
      'DELETE /v1/connections/{connectionId}': bound(connect),
      'POST /v1/insights/{insightId}/feedback': bound(connect),
      'POST /webhooks/plaid': bound(webhook),
      'POST /webhooks/openbanking-uk': bound(webhook),
    });
    expect(routeKeys).toEqual(expect.arrayContaining(Object.keys(stageProperties?.RouteSettings as object)));
  });

  it('logs each request without who it was or what it asked for', () => {
    const settings = stageProperties?.AccessLogSettings as {
      readonly Format: string;
      readonly DestinationArn: unknown;
    };
    expect(JSON.parse(settings.Format)).toEqual({
      requestId: '$context.requestId',
      functionRequestId: '$context.integration.requestId',
      routeKey: '$context.routeKey',
      status: '$context.status',
      callStatus: '$context.integration.integrationStatus',
      integrationLatencyMs: '$context.integrationLatency',
      responseLatencyMs: '$context.responseLatency',
      error: '$context.error.responseType',
    });
    expect(settings.Format).not.toMatch(/path|identity|sourceIp|userAgent|header|query|message|authorizer/i);
    expect(settings.DestinationArn).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^HttpAccessLog/), 'Arn'] });
    expect(only(template, 'AWS::Logs::LogGroup', 'HttpAccessLog').Properties).toEqual({
      LogGroupName: `/aws/vendedlogs/quartersec-${stage}-api`,
      RetentionInDays: stage === 'dev' ? 7 : 90,
      Tags: expect.anything(),
    });
  });
});

describe('what the gateway answers itself', () => {
  it('is counted by the names that the alerts ask for, without dimensions', () => {
    for (const { template } of variants) {
      const counted = resourcesOf(template, 'AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties);
      expect(counted.map((filter) => [filter?.FilterPattern, filter?.MetricTransformations])).toEqual([
        [
          '{ $.status = "5*" && $.callStatus != "200" }',
          [{ MetricName: 'GatewayFailed', MetricNamespace: 'quartersec', MetricValue: '1', Unit: 'Count' }],
        ],
        [
          '{ $.status = "429" && $.callStatus != "200" }',
          [{ MetricName: 'GatewayThrottled', MetricNamespace: 'quartersec', MetricValue: '1', Unit: 'Count' }],
        ],
      ]);
      for (const filter of counted)
        expect(filter?.LogGroupName).toEqual({ Ref: expect.stringMatching(/^HttpAccessLog/) });
      const asked = resourcesOf(template, 'AWS::CloudWatch::Alarm')
        .filter(([, { Properties }]) => String(Properties?.AlarmName).includes('-Gateway'))
        .map(([, { Properties }]) => Properties?.Metrics);
      for (const metricName of ['GatewayFailed', 'GatewayThrottled']) {
        expect(JSON.stringify(asked)).toContain(
          `{"Dimensions":[],"MetricName":"${metricName}","Namespace":"quartersec"}`,
        );
      }
    }
  });

  it('is read by filters from members that the log has', () => {
    const { template } = variants[0] as (typeof variants)[number];
    const stage = only(template, 'AWS::ApiGatewayV2::Stage').Properties?.AccessLogSettings as {
      readonly Format: string;
    };
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Logs::MetricFilter')) {
      const members = [...String(Properties?.FilterPattern).matchAll(/\$\.(\w+)/g)].map(([, member]) => member);
      expect(Object.keys(JSON.parse(stage.Format))).toEqual(expect.arrayContaining(members));
    }
  });
});

describe('the limits', () => {
  const promisedPerSecond = 10_000 / 60;

  it.each(Object.entries(stageLimits))(
    'of %s carry the promised load of reads and of webhooks',
    (stage, { throttles }) => {
      const { query, connect, webhook } = throttles;
      expect(query.perSecond).toBeGreaterThan(promisedPerSecond);
      if (stage === 'prod') expect(webhook.perSecond).toBeGreaterThan(promisedPerSecond);
      expect(webhook.burst).toBeGreaterThan(1_000);
      expect(connect.perSecond).toBeLessThan(query.perSecond / 10);
    },
  );

  it.each(Object.entries(stageLimits))(
    'of %s are not above those of an account in a smaller region',
    (_stage, { throttles }) => {
      for (const { perSecond, burst } of Object.values(throttles)) {
        expect(perSecond).toBeLessThanOrEqual(2_500);
        expect(burst).toBeLessThanOrEqual(1_250);
      }
    },
  );
});

describe('pages of other origins', () => {
  it('may not call the API unless somebody names them', () => {
    for (const { template } of variants) {
      expect(only(template, 'AWS::ApiGatewayV2::Api').Properties).not.toHaveProperty('CorsConfiguration');
    }
  });

  it('may, where they are named, and see what they need for caching and for waiting', () => {
    const { template } = synthesizeVariant('prod', { corsOrigins: 'https://app.example.com,http://localhost:3000' });
    expect(only(template, 'AWS::ApiGatewayV2::Api').Properties?.CorsConfiguration).toEqual({
      AllowOrigins: ['https://app.example.com', 'http://localhost:3000'],
      AllowMethods: ['GET', 'POST', 'DELETE'],
      AllowHeaders: ['authorization', 'content-type', 'if-none-match'],
      ExposeHeaders: ['etag', 'retry-after'],
    });
    expect(resourcesOf(template, 'AWS::ApiGatewayV2::Route')).toHaveLength(
      resourcesOf(templateOf('prod', false), 'AWS::ApiGatewayV2::Route').length,
    );
  });
});

describe('webhooks at an address of their own', () => {
  const { template } = synthesizeVariant('prod', { webhookConcurrency: '20' });

  it('come only where a cap is set on what a flood of them can start', () => {
    expect(only(template, 'AWS::Lambda::Function', 'WebhookFunction').Properties).toMatchObject({
      ReservedConcurrentExecutions: 20,
    });
    expect(only(template, 'AWS::Lambda::Url').Properties).toMatchObject({
      AuthType: 'NONE',
      Qualifier: 'live',
      TargetFunctionArn: { 'Fn::GetAtt': [expect.stringMatching(/^WebhookFunction/), 'Arn'] },
    });
  });

  it('are the one way past the gateway: to the alias of their function, by its address alone', () => {
    const past = resourcesOf(template, 'AWS::Lambda::Permission')
      .map(([, { Properties }]) => Properties)
      .filter((permission) => permission?.Principal !== 'apigateway.amazonaws.com');
    const alias = { Ref: expect.stringMatching(/^WebhookLive/) };
    expect(past).toEqual([
      { Action: 'lambda:InvokeFunctionUrl', FunctionName: alias, FunctionUrlAuthType: 'NONE', Principal: '*' },
      { Action: 'lambda:InvokeFunction', FunctionName: alias, InvokedViaFunctionUrl: true, Principal: '*' },
    ]);
  });

  it('are told to banks that are linked from then on, and go on coming through the gateway for those linked before', () => {
    const address = JSON.stringify(only(template, 'AWS::Lambda::Function', 'ConnectFunction').Properties?.Environment);
    expect(address).toMatch(
      /"WEBHOOK_URL":\{"Fn::Join":\["",\["https:\/\/".*"WebhookLiveFunctionUrl\w+","FunctionUrl".*"\/webhooks\/plaid"/,
    );
    expect(
      resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties?.RouteKey),
    ).toContain('POST /webhooks/plaid');
  });
});
