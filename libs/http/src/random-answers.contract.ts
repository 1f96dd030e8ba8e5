/** For tests: answers as RFC 9112 allows them, and the same after somebody has been at them. */
import * as fc from 'fast-check';

const tokenCharacters = [..."!#$%&'*+-.^_`|~0123456789ABCXYZabcxyz"];
const token = fc.string({ unit: fc.constantFrom(...tokenCharacters), minLength: 1, maxLength: 8 });
const visible = fc.string({ unit: fc.constantFrom(...'\t aZ09,;:="()/é\xff'), maxLength: 20 });
const blanks = fc.constantFrom('', ' ', '\t', '  \t ');
const hasOwnMeaning = new Set(['content-length', 'transfer-encoding', 'connection']);

const field = fc
  .tuple(fc.oneof(token, fc.constantFrom('Content-Type', 'Set-Cookie', 'Date', '__proto__', 'constructor')), visible)
  .filter(([name]) => !hasOwnMeaning.has(name.toLowerCase()));

const fields = fc
  .array(fc.tuple(field, blanks, blanks), { maxLength: 6 })
  .map((list) => list.map(([[name, value], before, after]) => `${name}:${before}${value}${after}\r\n`).join(''));

const reason = fc.option(
  visible.map((text) => ` ${text}`),
  { nil: '' },
);
const bodyText = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'\r\n0;aHTTP/1.1 200 OK\xe9\x00'), maxLength: 60 }),
  fc.constantFrom('', '{}', '\r\n\r\n', '0\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
);

const extension = fc
  .tuple(
    token,
    fc.oneof(
      fc.constant(''),
      token.map((value) => `=${value}`),
      fc.constantFrom('=""', '="a; b"'),
    ),
  )
  .map(([name, value]) => `;${name}${value}`);

const sizeOf = (bytes: number, zeros: string, upper: boolean) => {
  const size = zeros + bytes.toString(16);
  return upper ? size.toUpperCase() : size;
};

const chunk = fc
  .tuple(
    bodyText.filter((text) => text !== ''),
    fc.constantFrom('', '0', '000'),
    fc.boolean(),
    fc.array(extension, { maxLength: 2 }),
  )
  .map(
    ([text, zeros, upper, extensions]) => `${sizeOf(text.length, zeros, upper)}${extensions.join('')}\r\n${text}\r\n`,
  );

const chunked = fc
  .tuple(fc.array(chunk, { maxLength: 5 }), fc.constantFrom('0', '00'), fields)
  .map(([chunks, last, trailers]) => `${chunks.join('')}${last}\r\n${trailers}\r\n`);

const interim = fc
  .tuple(fc.constantFrom(100, 102, 103), reason, fields)
  .map(([status, text, list]) => `HTTP/1.1 ${status}${text}\r\n${list}\r\n`);

const connection = fc.constantFrom(
  '',
  'Connection: keep-alive\r\n',
  'Connection: close\r\n',
  'connection:Foo , CLOSE\r\n',
);
const status = fc.constantFrom(200, 200, 201, 202, 206, 301, 307, 400, 404, 429, 500, 503, 599);

const finalHead = (minor: fc.Arbitrary<0 | 1>, statuses: fc.Arbitrary<number>, framing: string) =>
  fc
    .tuple(minor, statuses, reason, fields, connection, fields)
    .map(
      ([version, code, text, before, options, after]) =>
        `HTTP/1.${version} ${code}${text}\r\n${before}${options}${framing}${after}\r\n`,
    );

const anyMinor = fc.constantFrom(0 as const, 1 as const);

/** As text, a byte a character. */
export const validAnswer: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(interim, { maxLength: 2 }),
    fc.oneof(
      bodyText.chain((text) =>
        finalHead(anyMinor, status, `Content-Length: ${text.length}\r\n`).map((head) => head + text),
      ),
      {
        weight: 3,
        arbitrary: fc
          .tuple(finalHead(fc.constant(1 as const), status, 'Transfer-Encoding: Chunked\r\n'), chunked)
          .map((both) => both.join('')),
      },
      fc.tuple(finalHead(anyMinor, status, ''), bodyText).map((both) => both.join('')),
      finalHead(anyMinor, fc.constantFrom(204, 304), ''),
    ),
  )
  .map(([before, answer]) => before.join('') + answer);

/** What has confused readers of HTTP before, and more often than random bytes would. */
const hostile = [
  'Content-Length: 2\r\n',
  'Content-Length: 0\r\n',
  'content-length:+2\r\n',
  'Content-Length: 0x2\r\n',
  'Content-Length: 2, 2\r\n',
  'Content-Length: 2\xa0\r\n',
  'Content-Length:\v2\r\n',
  'Content-Length : 2\r\n',
  'Content-Length: 99999999999999999999\r\n',
  'Content-Length: -1\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: chunked\xa0\r\n',
  'Transfer-Encoding: xchunked\r\n',
  'Transfer-Encoding: gzip, chunked\r\n',
  'Transfer-Encoding: chunked, identity\r\n',
  'Transfer-Encoding:\tCHUNKED \r\n',
  'Transfer-Encoding: identity\r\n',
  'Transfer-Encoding\r\n',
  'Connection: upgrade\r\nUpgrade: h2c\r\n',
  ' folded: 1\r\n',
  '\tContent-Length: 2\r\n',
  ': no name\r\n',
  'X: a\rContent-Length: 2\r\n',
  'X: a\nContent-Length: 2\r\n',
  'X: \x00\r\n',
  'X: \x7f\r\n',
  '\r\n',
  '\n',
  '\r',
  '\n\n',
  '\r\n\r\n',
  '0\r\n\r\n',
  '2\r\nhi\r\n',
  '2 \r\nhi\r\n',
  '2;\r\nhi\r\n',
  '2;a="\r\n"\r\nhi\r\n',
  '2; a=b\r\nhi\r\n',
  '-2\r\nhi\r\n',
  '0x2\r\nhi\r\n',
  'fffffffffffffffff\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nContent-Length: 2\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi',
  'HTTP/1.0 200 OK\r\n',
  'HTTP/2 200\r\n',
];

type Mutation = (text: string) => string;

const lineStarts = (text: string) => [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
/** Anywhere, and more often near the end: heads have most of the lines, and chunks most of the rules. */
const place = fc.oneof(fc.nat(), fc.integer({ min: -8, max: -1 }));
const pick = (places: readonly number[], choice: number) =>
  (choice < 0 ? places.at(choice) : places[choice % places.length]) ?? 0;
const spliced = (text: string, at: number, deleted: number, inserted: string) =>
  text.slice(0, at) + inserted + text.slice(at + deleted);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat(255)).map(
    ([at, byte]): Mutation =>
      (text) =>
        spliced(text, at % (text.length + 1), 1, String.fromCharCode(byte)),
  ),
  fc.tuple(fc.nat(), fc.nat(9)).map(
    ([at, length]): Mutation =>
      (text) =>
        spliced(text, at % (text.length + 1), length, ''),
  ),
  fc.tuple(fc.nat(), fc.constantFrom(...hostile)).map(
    ([at, inserted]): Mutation =>
      (text) =>
        spliced(text, at % (text.length + 1), 0, inserted),
  ),
  fc.tuple(place, fc.constantFrom(...hostile)).map(
    ([line, inserted]): Mutation =>
      (text) =>
        spliced(text, pick(lineStarts(text), line), 0, inserted),
  ),
  fc.tuple(place, fc.constantFrom('\n', '\r', '\r\r\n', ' \r\n', '\x00\r\n', '\r\n ', '\rx')).map(
    ([line, end]): Mutation =>
      (text) => {
        const ends = [...text.matchAll(/\r\n/g)].map(({ index }) => index);
        return ends.length === 0 ? text : spliced(text, pick(ends, line), 2, end);
      },
  ),
  place.map(
    (line): Mutation =>
      (text) => {
        const starts = lineStarts(text);
        const from = pick(starts, line);
        const copy = text.slice(from, starts.find((start) => start > from) ?? text.length);
        return spliced(text, from, 0, copy);
      },
  ),
  fc.nat().map(
    (at): Mutation =>
      (text) =>
        text.slice(0, at % (text.length + 1)),
  ),
);

export const mutatedAnswer: fc.Arbitrary<string> = fc
  .tuple(validAnswer, fc.array(mutation, { minLength: 1, maxLength: 3 }))
  .map(([text, mutations]) => mutations.reduce((before, mutate) => mutate(before), text));

export const cuts = fc.array(fc.nat(4_000), { maxLength: 6 });
