/** The simulator behind the providers' real HTTP client without a socket: what it gets comes at once, well or badly. */
import type { OpenCall, Transport } from '@quartersec/providers';
import type { SimulatedAnswer, Simulator } from '@quartersec/sandbox-providers';

/** Base URL of Plaid's interface: loopback, so that the client takes it; nothing listens there. */
export const inProcessUrl = 'http://127.0.0.1:1';

type Hearers = {
  -readonly [Name in 'onError' | 'onAnswer']?: Parameters<OpenCall[Name]>[0];
};

export function createInProcessTransport(simulator: Pick<Simulator, 'answer'>): Transport {
  return {
    open({ host, pathname, search }, { method, headers, body = '' }) {
      const received = Object.entries({ host, ...headers }).map(
        ([name, value]) => [name.toLowerCase(), value] as const,
      );
      const answer = simulator.answer(method, pathname + search, Object.fromEntries(received), body);
      const hearers: Hearers = {};
      let isEnded = false;
      // Behind the reader's own first steps, which are synchronous.
      queueMicrotask(() => {
        if (!isEnded) deliver(answer, hearers, () => isEnded);
      });
      return {
        onError: (hearer) => {
          hearers.onError = hearer;
        },
        onAnswer: (hearer) => {
          hearers.onAnswer = hearer;
        },
        destroy: () => {
          isEnded = true;
        },
      };
    },
    close() {},
  };
}

const block = Buffer.alloc(64 * 1024, 'x');

function deliver(answer: SimulatedAnswer, { onError, onAnswer }: Hearers, isEnded: () => boolean): void {
  const { status, contentType, retryAfter, manner } = answer;
  if (manner.way === 'never') return;
  if (manner.way === 'reset') {
    onError?.({ code: 'ECONNRESET' });
    return;
  }
  let onData: (part: Uint8Array) => void = () => {};
  let onEnd: () => void = () => {};
  onAnswer?.({
    status,
    headers: {
      ...answer.headers,
      'content-type': contentType,
      ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
    },
    body: {
      on(event: 'data' | 'end', listener: ((part: Uint8Array) => void) | (() => void)) {
        if (event === 'data') onData = listener;
        else onEnd = listener as () => void;
      },
    },
  });
  if (isEnded()) return; // its headers were enough to refuse it
  const bytes = answer.bytes ?? Buffer.from(answer.body);
  switch (manner.way) {
    case 'reset-mid-body':
      onData(bytes.subarray(0, Math.ceil(bytes.length / 2)));
      onError?.({ code: 'ECONNRESET' });
      return;
    case 'byte-by-byte':
      onData(bytes.subarray(0, 1)); // the rest is later than any timeout
      return;
    case 'padded':
      for (let sent = 0; sent < manner.bytes && !isEnded(); sent += block.length) onData(block);
      return;
    case 'whole':
      onData(bytes);
      onEnd();
  }
}
