/**
 * What a function returned as the HTTP response of its URL, payload format 2.0. Pure.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
import type { InvokeResult } from './invocation.ts';

export interface HttpAnswer {
  readonly status: number;
  /** Name, value, name, value. */
  readonly headers: readonly string[];
  readonly body: string | Buffer;
}

const JSON_TYPE = ['Content-Type', 'application/json'] as const;

/** A function that failed, or answered in a form that is none, is a bad gateway; its reason stays in the log. */
export function functionUrlAnswer(result: InvokeResult): HttpAnswer {
  if (result.functionError !== undefined) return badGateway();
  let returned: unknown;
  try {
    returned = JSON.parse(result.payload);
  } catch {
    return badGateway(); // a custom runtime may answer anything
  }
  if (typeof returned !== 'object' || returned === null || !('statusCode' in returned)) {
    return { status: 200, headers: JSON_TYPE, body: result.payload };
  }
  return structuredAnswer(returned as Structured) ?? badGateway();
}

interface Structured {
  readonly statusCode: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

function structuredAnswer(returned: Structured): HttpAnswer | undefined {
  const status = Number(returned.statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  const body = returned.body ?? '';
  if (typeof body !== 'string') return undefined;
  const headers: string[] = [];
  let hasType = false;
  for (const [name, value] of Object.entries(returned.headers ?? {})) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(String(value))) return undefined;
    const lowerName = name.toLowerCase();
    if (lowerName === 'content-length' || lowerName === 'transfer-encoding' || lowerName === 'connection') continue;
    if (lowerName === 'content-type') hasType = true;
    headers.push(name, String(value));
  }
  if (!hasType) headers.push(...JSON_TYPE);
  for (const cookie of Array.isArray(returned.cookies) ? returned.cookies : []) {
    if (/[^\x20-\x7e]/.test(String(cookie))) return undefined;
    headers.push('Set-Cookie', String(cookie));
  }
  return { status, headers, body: returned.isBase64Encoded === true ? Buffer.from(body, 'base64') : body };
}

function badGateway(): HttpAnswer {
  return { status: 502, headers: JSON_TYPE, body: '{"Message":"Internal Server Error"}' };
}
