/** Opens calls with Node's own client, for the hot path: got costs four times its CPU a call, and a quarter of a cold start (docs/decisions/http-clients.md). */
import { createHttpOrigin, type HttpOrigin } from '@quartersec/http';
import { type AnswerBody, commonHeaders, type OpenAnswer, type Transport, type TransportOptions } from './open-call.ts';

/** RFC 9110 section 8.4.1.3: `x-gzip` is the same. */
const gzipNames: ReadonlySet<string> = new Set(['gzip', 'x-gzip']);

type BodyFault = { readonly code?: string };

export function createNodeTransport(options: TransportOptions): Transport {
  const origins = new Map<string, HttpOrigin>();

  function originOf(url: URL): HttpOrigin {
    let origin = origins.get(url.origin);
    if (origin === undefined) {
      origin = createHttpOrigin({ url, ...options });
      origins.set(url.origin, origin);
    }
    return origin;
  }

  return {
    open(url, { method, headers, body }) {
      let tellError: (error: BodyFault) => void = () => {};
      let tellAnswer: (answer: OpenAnswer) => void = () => {};
      let sink: Sink | undefined;
      const path = `${url.pathname}${url.search}`;
      const exchange = originOf(url).send(
        { method, path, headers: { ...commonHeaders, ...headers }, body },
        {
          onHead(status, answered) {
            const isPacked = gzipNames.has(answered['content-encoding']?.toLowerCase() ?? '');
            sink = isPacked ? unpack(exchange, (error) => tellError(error)) : pass();
            tellAnswer({ status, headers: answered, body: sink.body });
          },
          onData: (part) => sink?.data(part),
          onEnd: () => sink?.end(),
          onError: (error) => tellError(error),
        },
      );
      return {
        onError: (listener) => {
          tellError = listener;
        },
        onAnswer: (listener) => {
          tellAnswer = listener;
        },
        destroy() {
          exchange.destroy();
          sink?.destroy();
        },
      };
    },
    close() {
      for (const origin of origins.values()) origin.close();
    },
  };
}

interface Sink {
  readonly body: AnswerBody;
  data(part: Buffer): void;
  end(): void;
  /** Nobody reads on. */
  destroy(): void;
}

function pass(): Sink {
  let tellData: (part: Buffer) => void = () => {};
  let tellEnd: () => void = () => {};
  return {
    body: {
      on(event: 'data' | 'end', listener: (part: Buffer) => void) {
        if (event === 'data') tellData = listener;
        else tellEnd = listener as () => void;
      },
    },
    data: (part) => tellData(part),
    end: () => tellEnd(),
    destroy() {},
  };
}

function unpack(exchange: { pause(): void; resume(): void }, fail: (error: BodyFault) => void): Sink {
  // Loaded with the first answer that needs it: 8 ms of a cold start otherwise.
  const { createGunzip } = process.getBuiltinModule('node:zlib');
  const gunzip = createGunzip();
  gunzip.on('error', fail);
  gunzip.on('drain', () => exchange.resume());
  return {
    body: gunzip,
    data(part) {
      if (!gunzip.write(part)) exchange.pause();
    },
    end: () => gunzip.end(),
    destroy: () => void gunzip.destroy(), // what little has come may unpack to a thousand times its size
  };
}
