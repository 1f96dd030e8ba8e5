/** Opens calls with got: for everything that is not the hot path. Loaded with the first such call. */
import got from 'got';
import { createAgents } from './agents.ts';
import { commonHeaders, type Transport, type TransportOptions } from './open-call.ts';

export function createGotTransport(options: TransportOptions): Transport {
  const agent = createAgents(options);
  // As little of got as possible: its stream, with no hook, no timer and no retry of its own, costs the least CPU.
  const { stream: openStream } = got.extend({
    agent,
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    headers: { ...commonHeaders },
  });
  return {
    open(url, { method, headers, body }) {
      const stream = openStream(url, body === undefined ? { method, headers } : { method, headers, body });
      // Of every method but GET, got waits for a body to be written.
      if (body === undefined && method !== 'GET') stream.end();
      return {
        onError: (listener) => void stream.on('error', listener),
        onAnswer: (listener) =>
          void stream.on('response', ({ statusCode, headers: answered }) => {
            listener({ status: statusCode, headers: answered, body: stream });
          }),
        destroy: () => void stream.destroy(),
      };
    },
    close() {
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}
