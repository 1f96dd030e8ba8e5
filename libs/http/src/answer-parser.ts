/**
 * Reads answers of HTTP/1.1 from a connection's bytes, as strictly as RFC 9112 allows: whatever two readers could understand
 * differently (two lengths, a bare line feed, a folded header) is refused, because what one of them takes for the
 * end of this answer the other takes for the beginning of the next. Pure.
 * @see https://www.rfc-editor.org/rfc/rfc9112
 */

export type AnswerHeaders = Readonly<Record<string, string | undefined>>;

export interface AnswerSink {
  /** Names in lower case; of a header that came more than once, the values with `, ` between. */
  head(status: number, headers: AnswerHeaders): void;
  /** A part of the body; never empty. */
  data(part: Buffer): void;
}

/** What came is not an answer. The bytes themselves are not in it: they may be anyone's. */
export class AnswerFault extends Error {
  override readonly name = 'AnswerFault';
  readonly code = 'ERR_HTTP_ANSWER';

  constructor(what: string) {
    super(`not an answer of HTTP/1.1: ${what}`);
  }
}

export interface AnswerParser {
  /**
   * Takes what came.
   * @returns when the answer is whole, whether its connection may carry another call
   * @throws {AnswerFault}, also when bytes follow that belong to no answer; whatever the sink throws. Nothing more is taken then.
   */
  take(bytes: Buffer): 'reusable' | 'spent' | undefined;
  /** The other end has sent all it will. @returns whether that makes the answer whole: a body without a length ends so */
  close(): boolean;
}

/** As Node's own: enough for any provider's cookies, and no way to fill the memory. Holds for all heads before a body together. */
const headLimitBytes = 16 * 1024;
/** Of a chunk's size with its extensions. */
const chunkLineLimitBytes = 1024;
/** Of all extensions and trailers: nobody reads them. */
const extrasLimitBytes = 16 * 1024;

const statusStart = 'HTTP/1.';
const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
/** Blanks around the value are cut by hand: a pattern for them takes time by the square of their number. */
const headerLine = /^([!#$%&'*+\-.^_`|~\dA-Za-z]+):([\t\x20-\x7e\x80-\xff]*)$/;
const lengthValue = /^\d{1,15}$/;
const chunkLine =
  /^([\dA-Fa-f]{1,12})(?:;[!#$%&'*+\-.^_`|~\dA-Za-z]+(?:=(?:[!#$%&'*+\-.^_`|~\dA-Za-z]+|"[\t !#-[\]-~]*"))?)*$/;
const closeToken = /(?:^|,)[ \t]*close[ \t]*(?:,|$)/i;
const bareLineFeed = /(?:^|[^\r])\n/;

const headEnd = Buffer.from('\r\n\r\n');
const noBytes = Buffer.alloc(0);
const cr = 13;
const lf = 10;

type State = 'head' | 'sized' | 'chunk-line' | 'chunk' | 'chunk-end' | 'trailer' | 'until-close';

export function createAnswerParser(sink: AnswerSink): AnswerParser {
  let state: State = 'head';
  /** The answer is whole, or none. */
  let done = false;
  /** Bytes of a line, or of a head, whose end has not come. */
  let rest: Buffer = noBytes;
  /** Of the body, or of the chunk, still to come. */
  let left = 0;
  let headBytes = 0;
  let extraBytes = 0;
  let reusable = false;
  /** Of the chunks that came together. */
  let parts: Buffer[] = [];

  /** @returns bytes used; 0: the end of the head has not come */
  function readHead(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(headEnd, from);
    if (headBytes + (end < 0 ? bytes.length : end) - from > headLimitBytes)
      throw new AnswerFault('a head over the limit');
    if (end < 0) {
      refuseEarly(bytes.toString('latin1', from));
      return 0;
    }
    const lines = bytes.toString('latin1', from, end).split('\r\n');
    const [, minor, code] = statusLine.exec(lines[0] ?? '') ?? [];
    if (code === undefined) throw new AnswerFault('status line');
    const usedBytes = end + headEnd.length - from;
    headBytes += usedBytes;
    startBody(Number(code), minor === '1', readHeaders(lines));
    return usedBytes;
  }

  /** All that decides where the answer ends is judged before anything is told of it. */
  function startBody(status: number, isCurrent: boolean, headers: AnswerHeaders): void {
    const { 'content-length': length, 'transfer-encoding': coding } = headers;
    const isKept = isCurrent && !closeToken.test(headers.connection ?? '');
    if (length !== undefined && !lengthValue.test(length)) throw new AnswerFault('Content-Length');
    if (coding !== undefined) {
      if (length !== undefined) throw new AnswerFault('both Content-Length and Transfer-Encoding');
      if (!isCurrent) throw new AnswerFault('chunks from HTTP/1.0');
      if (coding.toLowerCase() !== 'chunked') throw new AnswerFault('a transfer coding other than chunked');
    }
    if (status < 200) {
      // It says that the answer is still to come; 101 would be another protocol, which nobody asked for.
      if (status === 101) throw new AnswerFault('status 101');
      if (length !== undefined || coding !== undefined) throw new AnswerFault('an interim answer with a body');
      if (!isKept) throw new AnswerFault('an interim answer that ends its connection');
      return;
    }
    reusable = isKept;
    if (status === 204 || status === 304) {
      // These have no body; whoever announces one may send it all the same, and then in front of the next answer.
      if (coding !== undefined || Number(length ?? 0) > 0) reusable = false;
      done = true;
    } else if (coding !== undefined) {
      state = 'chunk-line';
    } else if (length === undefined) {
      state = 'until-close';
      reusable = false;
    } else {
      state = 'sized';
      left = Number(length);
      done = left === 0;
    }
    sink.head(status, headers);
  }

  /** Body bytes from `from` on, as far as they belong to the body or the chunk. */
  function partAt(bytes: Buffer, from: number): Buffer {
    const part = from === 0 && bytes.length <= left ? bytes : bytes.subarray(from, from + left);
    left -= part.length;
    return part;
  }

  /** One part for each piece that came: for a body in chunks of a byte, a part for each would take a hundred times its size. */
  function tellParts(): void {
    if (parts.length === 0) return;
    const part = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    parts = [];
    sink.data(part);
  }

  /** A line's end has to be CRLF. @returns the line, or `undefined` when its end has not come */
  function lineAt(bytes: Buffer, from: number, limitBytes: number): string | undefined {
    const end = bytes.indexOf(lf, from);
    if ((end < 0 ? bytes.length : end) - from > limitBytes) throw new AnswerFault('a line over the limit');
    if (end < 0) return undefined;
    if (end === from || bytes[end - 1] !== cr) throw new AnswerFault('a line that does not end in CRLF');
    return bytes.toString('latin1', from, end - 1);
  }

  function readChunkLine(line: string): void {
    const [, size] = chunkLine.exec(line) ?? [];
    if (size === undefined) throw new AnswerFault('the size of a chunk');
    extraBytes += line.length - size.length;
    left = Number.parseInt(size, 16);
    state = left === 0 ? 'trailer' : 'chunk';
  }

  /** Trailers may be there and mean nothing to us. */
  function readTrailer(line: string): void {
    extraBytes += line.length;
    if (line === '') done = true;
    else refuseFraming(readHeaders(['', line]));
  }

  /** @returns bytes used; 0: more are needed */
  function readChunkEnd(bytes: Buffer, from: number): number {
    const came = bytes.length - from;
    if (bytes[from] !== cr || (came > 1 && bytes[from + 1] !== lf)) throw new AnswerFault('the end of a chunk');
    if (came === 1) return 0;
    state = 'chunk-line';
    return 2;
  }

  /** @returns bytes used of those from `from` on; 0: more are needed */
  function step(bytes: Buffer, from: number): number {
    switch (state) {
      case 'head':
        return readHead(bytes, from);
      case 'sized': {
        const part = partAt(bytes, from);
        done = left === 0;
        sink.data(part);
        return part.length;
      }
      case 'until-close':
        sink.data(from === 0 ? bytes : bytes.subarray(from));
        return bytes.length - from;
      case 'chunk': {
        const part = partAt(bytes, from);
        if (left === 0) state = 'chunk-end';
        parts.push(part);
        return part.length;
      }
      case 'chunk-end':
        return readChunkEnd(bytes, from);
      default: {
        const extrasLeft = extrasLimitBytes - extraBytes;
        const line = lineAt(bytes, from, state === 'trailer' ? extrasLeft : Math.min(extrasLeft, chunkLineLimitBytes));
        if (line === undefined) return 0;
        if (state === 'trailer') readTrailer(line);
        else readChunkLine(line);
        return line.length + 2;
      }
    }
  }

  return {
    take(came) {
      try {
        if (done) throw new AnswerFault('bytes after its end');
        const bytes = rest.length === 0 ? came : Buffer.concat([rest, came]);
        let at = 0;
        while (!done && at < bytes.length) {
          const usedBytes = step(bytes, at);
          if (usedBytes === 0) break;
          at += usedBytes;
        }
        rest = at === bytes.length ? noBytes : bytes.subarray(at);
        tellParts();
        if (done && rest.length > 0) throw new AnswerFault('bytes after its end');
      } catch (error) {
        done = true;
        throw error;
      }
      if (!done) return undefined;
      return reusable ? 'reusable' : 'spent';
    },

    close() {
      if (done) return false;
      done = true;
      return state === 'until-close';
    },
  };
}

/** What can be no head, however it goes on: whoever sent it may wait for us for ever. */
function refuseEarly(text: string): void {
  if (!statusStart.startsWith(text.slice(0, statusStart.length))) throw new AnswerFault('status line');
  if (bareLineFeed.test(text)) throw new AnswerFault('a line that does not end in CRLF');
}

/** A reader that takes trailers for headers would see another length. */
function refuseFraming(trailer: AnswerHeaders): void {
  if (trailer['content-length'] === undefined && trailer['transfer-encoding'] === undefined) return;
  throw new AnswerFault('a trailer about the length');
}

/** @param lines the status line first */
function readHeaders(lines: readonly string[]): AnswerHeaders {
  const headers: Record<string, string | undefined> = Object.create(null);
  for (let index = 1; index < lines.length; index += 1) {
    const [, name, text = ''] = headerLine.exec(lines[index] ?? '') ?? [];
    if (name === undefined) throw new AnswerFault('a header');
    const key = name.toLowerCase();
    const value = withoutBlanks(text);
    const before = headers[key];
    headers[key] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

/** Spaces and tabs only: `trim` would also cut what other readers keep, and make a length of what is none to them. */
function withoutBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

const isBlank = (code: number) => code === 32 || code === 9;
