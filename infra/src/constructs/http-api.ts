/**
 * The one base URL in front of `query`, `connect` and `webhook`. It routes, throttles and logs; it checks no caller, because each
 * function verifies the bearer token or the signature itself. What is no route ends here and starts no function.
 *
 * The address comes first and the routes later (`serve`): `connect` has to know the address, and the routes have to know `connect`.
 */
import { type MetricName, metricNamespace } from '@quartersec/sla';
import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnStage, CorsHttpMethod, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Unit } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, LogGroup, MetricFilter, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { apiRoutes, type RoutedFunction } from '../api-routes.ts';
import type { Throttle } from '../stage-limits.ts';

/**
 * One JSON line a request, without personal data: no path (it has connection ids), no query, no address, no user agent. The
 * function's own request id leads to its log lines.
 */
const accessLogFormat = {
  requestId: '$context.requestId',
  functionRequestId: '$context.integration.requestId',
  routeKey: '$context.routeKey',
  status: '$context.status',
  // Of the call of Lambda: 200 also where the function answers with an error. `integration.status` would be the function's own answer.
  callStatus: '$context.integration.integrationStatus',
  integrationLatencyMs: '$context.integrationLatency',
  responseLatencyMs: '$context.responseLatency',
  error: '$context.error.responseType', // a word of a closed list, e.g. THROTTLED; the message could quote the request
} as const;

/**
 * What only the gateway knows, as metrics of the catalogue. AWS counts 5xx together with those of the functions, which have alerts
 * of their own, and counts no 429 apart.
 */
const gatewayMetrics: Readonly<Partial<Record<MetricName, string>>> = {
  GatewayFailed: '{ $.status = "5*" && $.callStatus != "200" }',
  GatewayThrottled: '{ $.status = "429" && $.callStatus != "200" }',
};

export interface PublicApiProps {
  readonly name: string;
  readonly logGroupName: string;
  readonly logRetentionDays: RetentionDays;
  /** Pages of other origins that may call it from a browser; none: no CORS at all. */
  readonly corsOrigins: readonly string[];
}

export class PublicApi extends Construct {
  /** Without a slash at its end: the default stage adds nothing to the path. */
  readonly url: string;
  readonly logGroup: LogGroup;
  readonly #api: HttpApi;

  constructor(scope: Construct, id: string, { name, corsOrigins, ...log }: PublicApiProps) {
    super(scope, id);
    this.#api = new HttpApi(this, 'Api', {
      apiName: name,
      description: 'The API of the app, and the webhooks of providers',
      createDefaultStage: false,
      ...(corsOrigins.length === 0
        ? {}
        : {
            corsPreflight: {
              allowOrigins: [...corsOrigins],
              allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.DELETE],
              allowHeaders: ['authorization', 'content-type', 'if-none-match'],
              exposeHeaders: ['etag', 'retry-after'],
            },
          }),
    });
    this.url = this.#api.apiEndpoint;
    this.logGroup = new LogGroup(this, 'AccessLog', {
      logGroupName: log.logGroupName,
      retention: log.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    for (const [metricName, pattern] of Object.entries(gatewayMetrics)) {
      new MetricFilter(this, metricName, {
        logGroup: this.logGroup,
        metricNamespace,
        metricName,
        filterPattern: FilterPattern.literal(pattern),
        metricValue: '1',
        unit: Unit.COUNT,
      });
    }
  }

  /**
   * Every route to the alias of its function, which this route alone may then invoke.
   * @param throttles of each route by itself
   */
  serve(
    aliases: Readonly<Record<RoutedFunction, IFunction>>,
    throttles: Readonly<Record<RoutedFunction, Throttle>>,
  ): void {
    const served = (Object.keys(apiRoutes) as RoutedFunction[]).flatMap((name) => {
      const integration = new HttpLambdaIntegration(name, aliases[name]); // payload format 2.0
      return apiRoutes[name].flatMap((key) => {
        const [method, path] = key.split(' ') as [HttpMethod, string];
        const routes = this.#api.addRoutes({ path, methods: [HttpMethod[method]], integration });
        return routes.map((route) => ({ name, key, route }));
      });
    });
    const stage = new CfnStage(this, 'Stage', {
      apiId: this.#api.apiId,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: this.logGroup.logGroupArn, format: JSON.stringify(accessLogFormat) },
      defaultRouteSettings: {
        throttlingRateLimit: throttles.query.perSecond,
        throttlingBurstLimit: throttles.query.burst,
      },
      routeSettings: Object.fromEntries(
        served
          .filter(({ name }) => name !== 'query')
          .map(({ name, key }) => [
            key,
            { ThrottlingRateLimit: throttles[name].perSecond, ThrottlingBurstLimit: throttles[name].burst },
          ]),
      ),
    });
    // A stage whose settings name a route that is not there yet is refused.
    for (const { route } of served) stage.node.addDependency(route);
  }
}
