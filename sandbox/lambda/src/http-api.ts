/**
 * One address in front of several functions, as an API Gateway HTTP API with Lambda integrations (payload format 2.0) is on AWS:
 * a request goes to the function of its route, and one without a route is refused before any function runs.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EnvironmentPool } from './environment-pool.ts';
import { createFunctionUrl } from './function-url.ts';

export interface HttpApiRoute {
  readonly method: string;
  /** As API Gateway writes it: `{name}` stands for one segment. */
  readonly path: string;
  /** Name of the function. */
  readonly function: string;
}

export interface HttpApiDefinition {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly routes: readonly HttpApiRoute[];
  /** Origins whose pages may call; default: none, so that browsers allow only pages without an origin of their own. */
  readonly corsOrigins?: readonly string[];
}

const corsHeaders = 'authorization,content-type,if-none-match';
const exposedHeaders = 'etag,retry-after';
const preflightSeconds = '600';

/** @param findPool asked at each request, so that a function may come after the address in front of it; `undefined`: not there */
export function createHttpApi(
  { routes, corsOrigins = [] }: HttpApiDefinition,
  findPool: (name: string) => EnvironmentPool | undefined,
) {
  const methods = [...new Set(routes.map(({ method }) => method))].join();

  return (request: IncomingMessage, response: ServerResponse): void => {
    const { origin } = request.headers;
    const isAllowed = origin !== undefined && corsOrigins.includes(origin);
    if (isAllowed) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-expose-headers', exposedHeaders);
      response.setHeader('vary', 'origin');
    }
    if (request.method === 'OPTIONS' && corsOrigins.length > 0) {
      request.resume();
      if (isAllowed) {
        response.setHeader('access-control-allow-methods', methods);
        response.setHeader('access-control-allow-headers', corsHeaders);
        response.setHeader('access-control-max-age', preflightSeconds);
      }
      response.writeHead(204).end();
      return;
    }
    const [path = ''] = (request.url ?? '/').split('?');
    const route = routes.find((one) => one.method === request.method && isAt(one.path, path));
    const pool = route && findPool(route.function);
    if (route !== undefined && pool !== undefined) {
      createFunctionUrl(pool, `${route.method} ${route.path}`)(request, response);
      return;
    }
    request.resume();
    const [status, message] = route === undefined ? [404, 'Not Found'] : [500, 'Internal Server Error'];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
  };
}

function isAt(routePath: string, path: string): boolean {
  const wanted = routePath.split('/');
  const parts = path.split('/');
  return wanted.length === parts.length && wanted.every((part, index) => isSegment(part, parts[index] ?? ''));
}

function isSegment(wanted: string, given: string): boolean {
  return /^\{\w+\}$/.test(wanted) ? given !== '' : wanted === given;
}
