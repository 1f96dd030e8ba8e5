/** For tests: a whole answer through the parser, and what was told of it. */
import { AnswerFault, type AnswerHeaders, createAnswerParser } from './answer-parser.ts';

export interface ReadAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: string;
  /** `closed`: the end of the connection was the end of the body. */
  readonly end: 'reusable' | 'spent' | 'closed';
}

export const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/**
 * @param pieces what came, after which the connection ends
 * @returns the answer; why it is none; `unfinished`
 */
export function readAnswer(pieces: readonly Buffer[]): ReadAnswer | string {
  let head: Pick<ReadAnswer, 'status' | 'headers'> | undefined;
  const parts: Buffer[] = [];
  const parser = createAnswerParser({
    head(status, headers) {
      if (head !== undefined) throw new Error('a second head');
      head = { status, headers };
    },
    data(part) {
      if (head === undefined || part.length === 0) throw new Error('a part that is none');
      parts.push(Buffer.from(part));
    },
  });
  let end: ReadAnswer['end'] | undefined;
  try {
    for (const piece of pieces) end = parser.take(piece);
  } catch (error) {
    if (error instanceof AnswerFault) return error.message.replace('not an answer of HTTP/1.1: ', '');
    throw error;
  }
  if (end === undefined && parser.close()) end = 'closed';
  if (end === undefined || head === undefined) return 'unfinished';
  return { ...head, headers: { ...head.headers }, body: Buffer.concat(parts).toString('latin1'), end };
}

/** @param places where to cut, in any order */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const inside = places.map((place) => place % (bytes.length + 1));
  const edges = [...new Set([0, ...inside, bytes.length])].sort((one, other) => one - other);
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
}
