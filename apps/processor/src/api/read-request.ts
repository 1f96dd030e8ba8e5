/** From a gateway's event to a checked request: sizes, query, body. Pure. */
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { OperationId, Operations } from './operations.ts';
import { ApiError } from './problems.ts';
import { check, type RequestChecks } from './request-checks.ts';

/** API Gateway itself takes 10,240 bytes of request line and headers together. */
export const requestLimits = { headerCharacters: 8_192, queryCharacters: 7_000, bodyBytes: 16_384 } as const;

export type ApiRequest = Pick<LambdaFunctionURLEvent, 'rawPath' | 'headers' | 'requestContext'> &
  Partial<Pick<LambdaFunctionURLEvent, 'rawQueryString' | 'body' | 'isBase64Encoded'>>;

export interface CheckedRequest<Id extends OperationId> {
  readonly query: Operations[Id]['query'];
  readonly body: Operations[Id]['body'];
}

/** Before anything of the request is read. @throws {ApiError} */
export function checkSizes({ headers, rawQueryString = '', body = '' }: ApiRequest): void {
  const headerCharacters = Object.entries(headers).reduce(
    (sum, [name, value]) => sum + name.length + (value?.length ?? 0),
    0,
  );
  if (headerCharacters > requestLimits.headerCharacters) {
    throw new ApiError('HEADERS_TOO_LARGE', { detail: `at most ${requestLimits.headerCharacters} characters` });
  }
  if (rawQueryString.length > requestLimits.queryCharacters) {
    throw new ApiError('QUERY_TOO_LONG', { detail: `at most ${requestLimits.queryCharacters} characters` });
  }
  if (Buffer.byteLength(body) > requestLimits.bodyBytes) {
    throw new ApiError('BODY_TOO_LARGE', { detail: `at most ${requestLimits.bodyBytes} bytes` });
  }
}

/** @throws {ApiError} `REQUEST_INVALID` with the members; `BODY_MALFORMED`, `CONTENT_TYPE_UNSUPPORTED` */
export function readRequest<Id extends OperationId>(
  request: ApiRequest,
  checks: RequestChecks<Id>,
): CheckedRequest<Id> {
  const query = check(checks.query, readQuery(request.rawQueryString ?? '', checks.numbers), 'query');
  const body = check(checks.body, readBody(request), 'body');
  if (query.ok && body.ok) return { query: query.value, body: body.value };
  const errors = [query, body].flatMap((part) => (part.ok ? [] : part.errors));
  throw new ApiError('REQUEST_INVALID', { errors });
}

/**
 * @param queryString as it was sent, without `?`
 * @returns members by name. One that is no number stays text, and one that is repeated becomes a list: the validator refuses both
 */
export function readQuery(queryString: string, numbers: readonly PropertyKey[]): Readonly<Record<string, unknown>> {
  const query: Record<string, unknown> = Object.create(null);
  const parameters = new URLSearchParams(queryString);
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    const [value = ''] = values;
    // Only what is written as JSON writes it: `0x1f`, `1e2` and `+1` are no numbers here.
    const isNumber = numbers.includes(name) && /^(?:0|[1-9]\d{0,8})$/.test(value);
    query[name] = values.length > 1 ? values : isNumber ? Number(value) : value;
  }
  return query;
}

function readBody({ body = '', isBase64Encoded = false, headers }: ApiRequest): unknown {
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
  if (text === '') return {};
  if (!/^application\/json *(?:;|$)/i.test(headers['content-type'] ?? '')) {
    throw new ApiError('CONTENT_TYPE_UNSUPPORTED');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError('BODY_MALFORMED'); // without quoting what may be a token
  }
}
