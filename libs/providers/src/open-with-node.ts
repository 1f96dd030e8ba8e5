/**
 * Opens calls with Node's own client: for the hot path. One page is one POST with a fixed shape; what got adds to it was
 * the largest part of an event's CPU once the SDK was gone (docs/decisions).
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import type { Agents } from './agents.ts';
import { type CallOpener, commonHeaders } from './open-call.ts';

export function createNodeOpener(agents: Agents): CallOpener {
  return (url, { method, headers, body }) => {
    const secure = url.protocol === 'https:';
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = (secure ? httpsRequest : httpRequest)(url, {
      method,
      agent: secure ? agents.https : agents.http,
      headers: { ...commonHeaders, ...headers, ...length },
    });
    const errorListeners: ((error: { readonly code?: string }) => void)[] = [];
    const fail = (error: { readonly code?: string }) => {
      for (const listener of errorListeners) listener(error);
    };
    request.on('error', fail);
    request.end(body);
    return {
      onError: (listener) => void errorListeners.push(listener),
      onAnswer: (listener) =>
        void request.on('response', (response) => {
          const unpacked = unpack(response, fail);
          listener({ status: response.statusCode ?? 0, headers: response.headers, body: unpacked });
        }),
      destroy: () => void request.destroy(),
    };
  };
}

function unpack(response: IncomingMessage, fail: (error: { readonly code?: string }) => void): Readable {
  if (response.headers['content-encoding'] !== 'gzip') return response.on('error', fail);
  // Loaded with the first answer that needs it: 8 ms of a cold start otherwise.
  const { createGunzip } = process.getBuiltinModule('node:zlib');
  return pipeline(response, createGunzip(), (error) => {
    if (error) fail(error as { readonly code?: string });
  });
}
