/** Opens calls with got: for everything that is not the hot path. Its bundle is loaded with the first such call. */
import type { Agents } from './agents.ts';
import { type CallOpener, commonHeaders } from './open-call.ts';

export async function loadGotOpener(agent: Agents): Promise<CallOpener> {
  const { default: got } = await import('got');
  // As little of got as possible: its stream, with no hook, no timer and no retry of its own, costs the least CPU.
  const { stream: open } = got.extend({
    agent,
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    headers: { ...commonHeaders },
  });
  return (url, { method, headers, body }) => {
    const stream = open(url, body === undefined ? { method, headers } : { method, headers, body });
    return {
      onError: (listener) => void stream.on('error', listener),
      onAnswer: (listener) =>
        void stream.on('response', ({ statusCode, headers: answered }) => {
          listener({ status: statusCode, headers: answered, body: stream });
        }),
      destroy: () => void stream.destroy(),
    };
  };
}
