/**
 * An HTTP request as the event of a function URL or of an HTTP API's route, payload format 2.0. Pure.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
import { isUtf8 } from 'node:buffer';

export interface HttpRequestFacts {
  /** `$default` of a function URL; `GET /path` of an HTTP API's route. */
  readonly routeKey: string;
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Name, value, name, value, as received. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly requestId: string;
  readonly receivedEpochMs: number;
}

// These bodies are passed as text; anything else, a form or no type at all included, as base64.
const TEXT_TYPE = /^\s*(text\/|application\/(json|javascript|xml|[\w.-]+\+(json|xml))\s*(;|$))/i;
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade']);
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** @returns the event, JSON text */
export function functionUrlEvent(facts: HttpRequestFacts): string {
  const queryAt = facts.target.indexOf('?');
  const rawPath = queryAt === -1 ? facts.target : facts.target.slice(0, queryAt);
  const rawQueryString = queryAt === -1 ? '' : facts.target.slice(queryAt + 1);
  const { headers, cookies } = readHeaders(facts);
  const domainName = headers.host ?? '';
  const isText = TEXT_TYPE.test(headers['content-type'] ?? '') && isUtf8(facts.body);
  const hasBody = facts.body.length > 0;
  return JSON.stringify({
    version: '2.0',
    routeKey: facts.routeKey,
    rawPath,
    rawQueryString,
    cookies,
    headers,
    queryStringParameters: rawQueryString === '' ? undefined : readQuery(rawQueryString),
    requestContext: {
      accountId: 'anonymous',
      apiId: domainName,
      domainName,
      domainPrefix: domainName.split('.')[0],
      http: {
        method: facts.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: facts.sourceIp,
        userAgent: headers['user-agent'],
      },
      requestId: facts.requestId,
      routeKey: facts.routeKey,
      stage: '$default',
      time: commonLogTime(facts.receivedEpochMs),
      timeEpoch: facts.receivedEpochMs,
    },
    body: hasBody ? facts.body.toString(isText ? 'utf8' : 'base64') : undefined,
    isBase64Encoded: hasBody && !isText,
  });
}

function readHeaders(facts: HttpRequestFacts) {
  const headers: Record<string, string> = Object.create(null); // a header may be called __proto__
  let cookies: string[] | undefined;
  for (let index = 0; index < facts.rawHeaders.length; index += 2) {
    const name = (facts.rawHeaders[index] ?? '').toLowerCase();
    const value = facts.rawHeaders[index + 1] ?? '';
    if (name === 'cookie') cookies = [...(cookies ?? []), ...value.split(/;\s*/)];
    else if (!HOP_BY_HOP.has(name)) headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  headers['x-forwarded-for'] ??= facts.sourceIp;
  headers['x-forwarded-proto'] ??= 'http';
  return { headers, cookies };
}

function readQuery(rawQueryString: string): Record<string, string> {
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  }
  return query;
}

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(epochMs: number): string {
  const time = new Date(epochMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${two(time.getUTCDate())}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}`;
  return `${day}:${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} +0000`;
}
