/** `GET /v1/openapi.json`: a part of the bundle that is loaded when somebody asks for it, and not with the function. */
import { hash } from 'node:crypto';
import type { ApiOperation } from '../api/api-handler.ts';
import { conditionalHeaders, hasAlready, notModified } from './conditional.ts';

const etagCharacters = 22;

export function getOpenApi(): ApiOperation<'getOpenApi'> {
  return async ({ headers }) => {
    const { createOpenApiDocument } = await import('../api/openapi/document.ts');
    const body = createOpenApiDocument();
    const etag = `W/"${hash('sha256', JSON.stringify(body), 'base64url').slice(0, etagCharacters)}"`;
    if (hasAlready(headers['if-none-match'], etag)) return notModified(etag);
    return { status: 200, body, headers: conditionalHeaders(etag) };
  };
}
