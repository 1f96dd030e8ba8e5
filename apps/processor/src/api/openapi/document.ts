/** The API as an OpenAPI 3.1 document, from the table of routes and the types of the contract. Pure. */
import type { SchemaName } from '../operations.ts';
import { type ProblemCode, problems } from '../problems.ts';
import { requestLimits } from '../read-request.ts';
import { commonProblems, type Route, routes, tokenProblems } from '../routes.ts';
import { plainSchema, type Schema } from './plain-schema.ts';
import { contractSchemas } from './validators.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

export interface Response {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: Schema }>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: NonNullable<Response['content']> };
  readonly responses: Readonly<Record<string, Response>>;
  readonly security?: readonly [];
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

const description = [
  "A user's bank data, over all their connections. Amounts are exact integers of minor units, as text; times are ms since 1970 (UTC).",
  `Limits: headers ${requestLimits.headerCharacters} characters, query ${requestLimits.queryCharacters}, body ${requestLimits.bodyBytes} bytes.`,
].join('\n\n');

/** @throws {Error} for a schema that a route names and the contract does not have */
export function createOpenApiDocument(): OpenApiDocument {
  const schemas = Object.fromEntries(
    Object.entries(contractSchemas.components.schemas ?? {})
      .map(([name, schema]) => [name, plainSchema(schema as Schema)] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const [id, route] of Object.entries(routes) as [string, Route][]) {
    const operation = { [route.method.toLowerCase()]: operationOf(id, route, schemas) };
    paths[route.path] = { ...paths[route.path], ...operation };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'quartersec', version: '1', description },
    servers: [{ url: '/', description: 'The base URL of the deployment' }],
    security: [{ bearer: [] }],
    paths,
    components: { schemas, securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
  };
}

export function schemaNamed(name: SchemaName, schemas: OpenApiDocument['components']['schemas']): Schema {
  const schema = schemas[name];
  if (schema === undefined) throw new Error(`the contract has no schema ${name}`);
  return schema;
}

function operationOf(id: string, route: Route, schemas: OpenApiDocument['components']['schemas']): OpenApiOperation {
  const parameters = parametersOf(route, schemas);
  return {
    operationId: id,
    summary: route.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: {
        required: route.isBodyRequired === true || (schemaNamed(route.body, schemas).required ?? []).length > 0,
        content: { 'application/json': { schema: refTo(route.body) } },
      },
    }),
    responses: responsesOf(route),
    ...(route.auth === 'none' && { security: [] }),
  };
}

export function parametersOf(
  { path, query }: Route,
  schemas: OpenApiDocument['components']['schemas'],
): readonly Parameter[] {
  const name = /\{(\w+)\}/.exec(path)?.[1];
  const schema = { $ref: `#/components/schemas/${name === 'connectionId' ? 'ConnectionId' : 'InsightId'}` };
  const inPath: readonly Parameter[] = name === undefined ? [] : [{ name, in: 'path', required: true, schema }];
  if (query === undefined) return inPath;
  const { properties = {}, required = [] } = schemaNamed(query, schemas);
  const inQuery = Object.entries(properties).map(
    ([name, { description: says, ...schema }]): Parameter => ({
      name,
      in: 'query',
      required: required.includes(name),
      ...(says !== undefined && { description: says }),
      schema,
    }),
  );
  return [...inPath, ...inQuery];
}

/** All that a route may refuse, by status. */
export function problemsByStatus({ auth, problems: own }: Route): ReadonlyMap<number, readonly ProblemCode[]> {
  const all: readonly ProblemCode[] = [...commonProblems, ...(auth === 'bearer' ? tokenProblems : []), ...own];
  const byStatus = Map.groupBy(new Set(all), (code) => problems[code].status as number);
  return new Map([...byStatus].sort(([left], [right]) => left - right));
}

function responsesOf(route: Route): Readonly<Record<string, Response>> {
  const good = Object.entries(route.replies).map(([status, { is, schema }]): [string, Response] => [
    status,
    {
      description: is,
      ...(route.conditional && {
        headers: { ETag: { description: 'For If-None-Match of the next request', schema: { type: 'string' } } },
      }),
      ...(status !== '204' && {
        content: { 'application/json': { schema: schema === undefined ? { type: 'object' } : refTo(schema) } },
      }),
    },
  ]);
  const same: [string, Response][] = route.conditional
    ? [['304', { description: 'As the caller has it (If-None-Match)' }]]
    : [];
  const refused = [...problemsByStatus(route)].map(([status, codes]): [string, Response] => [
    String(status),
    {
      description: codes.map((code) => `\`${code}\`: ${problems[code].title}`).join('. '),
      content: { 'application/problem+json': { schema: refTo('Problem') } },
    },
  ]);
  return Object.fromEntries([...good, ...same, ...refused]);
}

function refTo(name: SchemaName): Schema {
  return { $ref: `#/components/schemas/${name}` };
}
