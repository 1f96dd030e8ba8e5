import { describe, expect, it } from 'vitest';
import { AnswerFault, createAnswerParser } from './answer-parser.ts';
import { cutAt, latin1, type ReadAnswer, readAnswer } from './answer-reading.contract.ts';

const read = (text: string): ReadAnswer | string => readAnswer([latin1(text)]);
const withHead = (lines: string, body = '', statusLine = 'HTTP/1.1 200 OK') =>
  read(`${statusLine}\r\n${lines}\r\n${body}`);
const withChunks = (body: string) => withHead('Transfer-Encoding: chunked\r\n', body);

const whole = (more: Partial<ReadAnswer> = {}) => expect.objectContaining({ status: 200, body: 'hi', ...more });

describe('the status line', () => {
  it.each(['HTTP/1.1 200 OK', 'HTTP/1.1 200 ', 'HTTP/1.1 200', 'HTTP/1.1 200 tab\tand \xe9'])('takes %j', (line) => {
    expect(withHead('Content-Length: 2\r\n', 'hi', line)).toEqual(whole({ end: 'reusable' }));
  });

  it.each([
    'HTTP/1.1  200 OK',
    'HTTP/1.1\t200 OK',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 600 OK',
    'HTTP/1.1 099 OK',
    'HTTP/1.1 200OK',
    'HTTP/1.1 200 a\rb',
    'HTTP/1.1 200 a\x00b',
    'HTTP/1.2 200 OK',
    'HTTP/2.0 200 OK',
    'HTTP/11 200 OK',
    'http/1.1 200 OK',
    ' HTTP/1.1 200 OK',
    '\r\nHTTP/1.1 200 OK',
    'ICY 200 OK',
    '',
  ])('refuses %j', (line) => {
    expect(withHead('Content-Length: 2\r\n', 'hi', line)).toBe('status line');
  });

  it.each(['\x15\x03\x01\x00\x02\x02\x16', 'SSH-2.0-x\r\n', 'H2', '\n'])(
    'refuses %j at once, without the end of a head',
    (text) => {
      expect(read(text)).toBe('status line');
    },
  );

  it('refuses a bare line feed at once', () => {
    expect(read('HTTP/1.1 200 OK\nContent-Length: 2\n\nhi')).toBe('a line that does not end in CRLF');
    expect(read('HTTP/1.1 200 OK\r\n\n')).toBe('a line that does not end in CRLF');
  });
});

describe('headers', () => {
  it('come with names in lower case, values without blanks around, bytes as they are', () => {
    expect(withHead('X-One: \t a  b\t \r\nx-TWO:\r\nX-3:\xa0\xe9\xa0\r\nContent-Length:2\r\n', 'hi')).toEqual(
      whole({ headers: { 'x-one': 'a  b', 'x-two': '', 'x-3': '\xa0\xe9\xa0', 'content-length': '2' } }),
    );
  });

  it('are joined where they come more than once', () => {
    expect(withHead('A: 1\r\na: 2\r\nA:\r\nContent-Length: 2\r\n', 'hi')).toMatchObject({ headers: { a: '1, 2, ' } });
  });

  it('may be called as what objects inherit', () => {
    const answer = withHead('__proto__: a\r\nconstructor: b\r\nContent-Length: 2\r\n', 'hi') as ReadAnswer;
    expect(Object.entries(answer.headers)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['content-length', '2'],
    ]);
    expect({}).not.toHaveProperty('0');
  });

  it.each([
    'X : a',
    ' X: a',
    '\tX: a',
    ': a',
    'X',
    'X\x00: a',
    'X: a\x00',
    'X: a\x7f',
    'X: a\rb',
    'X: a\nb',
    'X: a\r\n b',
    'X(): a',
    '\xe9: a',
    'X: a\x0b',
  ])('are refused as %j', (line) => {
    expect(withHead(`${line}\r\nContent-Length: 2\r\n`, 'hi')).toBe('a header');
  });
});

describe('where the body ends', () => {
  it.each([
    ['Content-Length: 2\r\n', 'hi', 'reusable'],
    ['Content-Length: 002\r\n', 'hi', 'reusable'],
    ['Content-Length: 2\r\nConnection: keep-alive\r\n', 'hi', 'reusable'],
    ['Content-Length: 2\r\nConnection: closed, not-close\r\n', 'hi', 'reusable'],
    ['Content-Length: 2\r\nConnection: close\r\n', 'hi', 'spent'],
    ['Content-Length: 2\r\nConnection: a ,\tCLOSE , b\r\n', 'hi', 'spent'],
    ['Content-Length: 2\r\nConnection: a\r\nConnection: close\r\n', 'hi', 'spent'],
    ['Transfer-Encoding: chunked\r\n', '2\r\nhi\r\n0\r\n\r\n', 'reusable'],
    ['Transfer-Encoding:\tChunked\t\r\n', '1\r\nh\r\n1\r\ni\r\n0\r\n\r\n', 'reusable'],
    ['', 'hi', 'closed'],
  ] as const)('%j %j', (head, body, end) => {
    expect(withHead(head, body)).toEqual(whole({ end }));
  });

  it('is never shared with a next answer by HTTP/1.0', () => {
    const line = 'HTTP/1.0 200 OK';
    expect(withHead('Content-Length: 2\r\nConnection: keep-alive\r\n', 'hi', line)).toEqual(whole({ end: 'spent' }));
    expect(withHead('', 'hi', line)).toEqual(whole({ end: 'closed' }));
    expect(withHead('Transfer-Encoding: chunked\r\n', '0\r\n\r\n', line)).toBe('chunks from HTTP/1.0');
  });

  it.each(['', '-2', '+2', '2.0', '2e0', '0x2', '2, 2', '2,2', '2\xa0', '\xa02', '2 2', '1000000000000000', 'a'])(
    'is not said by Content-Length: %j',
    (value) => {
      expect(withHead(`Content-Length: ${value}\r\n`, 'hi')).toBe('Content-Length');
    },
  );

  it('is not said twice', () => {
    expect(withHead('Content-Length: 2\r\nContent-Length: 2\r\n', 'hi')).toBe('Content-Length');
    const both = 'both Content-Length and Transfer-Encoding';
    expect(withHead('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', 'hi')).toBe(both);
    expect(withHead('Transfer-Encoding: chunked\r\nContent-Length: 2\r\n', '2\r\nhi\r\n0\r\n\r\n')).toBe(both);
  });

  it.each([
    'gzip, chunked',
    'chunked, chunked',
    'chunked, gzip',
    'identity',
    'xchunked',
    'chunked;a=b',
    'chunked\xa0',
    '',
  ])('is not said by Transfer-Encoding: %j', (value) => {
    expect(withHead(`Transfer-Encoding: ${value}\r\n`, '2\r\nhi\r\n0\r\n\r\n')).toBe(
      'a transfer coding other than chunked',
    );
  });

  it('is judged before anything is told', () => {
    const heads: number[] = [];
    const parser = createAnswerParser({ head: (status) => void heads.push(status), data: () => {} });
    expect(() => parser.take(latin1('HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n'))).toThrow(AnswerFault);
    expect(heads).toEqual([]);
  });

  it('is the end of the head for an empty body', () => {
    expect(withHead('Content-Length: 0\r\n')).toEqual(whole({ body: '', end: 'reusable' }));
    expect(withHead('')).toEqual(whole({ body: '', end: 'closed' }));
  });

  it.each(['204 No Content', '304 Not Modified'])('is the end of the head for %s, which has none', (code) => {
    const status = Number(code.slice(0, 3));
    const line = `HTTP/1.1 ${code}`;
    expect(withHead('', '', line)).toEqual(whole({ status, body: '', end: 'reusable' }));
    expect(withHead('Content-Length: 0\r\n', '', line)).toEqual(whole({ status, body: '', end: 'reusable' }));
    expect(withHead('Connection: close\r\n', '', line)).toEqual(whole({ status, body: '', end: 'spent' }));
    // Whoever announces a body may send it, in front of the next answer.
    expect(withHead('Content-Length: 2\r\n', '', line)).toEqual(whole({ status, body: '', end: 'spent' }));
    expect(withHead('Transfer-Encoding: chunked\r\n', '', line)).toEqual(whole({ status, body: '', end: 'spent' }));
    expect(withHead('Content-Length: 2\r\n', 'hi', line)).toBe('bytes after its end');
  });

  it.each(['x', '\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'])(
    'has nothing after it, not even %j',
    (more) => {
      expect(withHead('Content-Length: 2\r\n', `hi${more}`)).toBe('bytes after its end');
      expect(withChunks(`2\r\nhi\r\n0\r\n\r\n${more}`)).toBe('bytes after its end');
      expect(readAnswer([latin1('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'), latin1(more)])).toBe(
        'bytes after its end',
      );
    },
  );

  it.each([
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r',
    'HTTP/1.1 103 Early Hints\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    '',
  ])('is not the end of the connection in %j', (text) => {
    expect(read(text)).toBe('unfinished');
  });
});

describe('interim answers', () => {
  it('are passed over', () => {
    const early = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
    expect(read(`${early}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi`)).toEqual(
      whole({ headers: { 'content-length': '2' }, end: 'reusable' }),
    );
  });

  it.each([
    ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n', 'status 101'],
    ['HTTP/1.1 103 Early Hints\r\nContent-Length: 0\r\n\r\n', 'an interim answer with a body'],
    ['HTTP/1.1 102 Processing\r\nTransfer-Encoding: chunked\r\n\r\n', 'an interim answer with a body'],
    ['HTTP/1.1 103 Early Hints\r\nConnection: a, CLOSE\r\n\r\n', 'an interim answer that ends its connection'],
    ['HTTP/1.0 100 Continue\r\n\r\n', 'an interim answer that ends its connection'],
  ])('are refused as %j', (text, why) => {
    expect(read(`${text}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi`)).toBe(why);
  });
});

describe('chunks', () => {
  it.each([
    '2\r\nhi\r\n0\r\n\r\n',
    '02\r\nhi\r\n000\r\n\r\n',
    '2;a\r\nhi\r\n0;b=c\r\n\r\n',
    '2;a=b;c="d; e\t[\'";f=""\r\nhi\r\n0\r\n\r\n',
    '2\r\nhi\r\n0\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\n',
  ])('are taken as %j', (body) => {
    expect(withChunks(body)).toEqual(whole({ headers: { 'transfer-encoding': 'chunked' }, end: 'reusable' }));
  });

  it('may have sizes in either case', () => {
    const text = 'a'.repeat(0xab);
    expect(withChunks(`aB\r\n${text}\r\n0\r\n\r\n`)).toEqual(whole({ body: text }));
  });

  it.each([
    ['', 'a line that does not end in CRLF'],
    ['2', 'a line that does not end in CRLF'],
    ['-2\r', 'the size of a chunk'],
    ['+2\r', 'the size of a chunk'],
    ['0x2\r', 'the size of a chunk'],
    ['2 \r', 'the size of a chunk'],
    [' 2\r', 'the size of a chunk'],
    ['\r', 'the size of a chunk'],
    ['2\xa0\r', 'the size of a chunk'],
    ['2,\r', 'the size of a chunk'],
    ['2\r\r', 'the size of a chunk'],
    ['2;\r', 'the size of a chunk'],
    ['2;;a\r', 'the size of a chunk'],
    ['2; a\r', 'the size of a chunk'],
    ['2;a=\r', 'the size of a chunk'],
    ['2;a=b c\r', 'the size of a chunk'],
    ['2;a="b\r', 'the size of a chunk'],
    ['2;a="b"c\r', 'the size of a chunk'],
    ['2;a="\\""\r', 'the size of a chunk'],
    ['2;a="\xe9"\r', 'the size of a chunk'],
    ['2;a\x00\r', 'the size of a chunk'],
    ['1000000000000\r', 'the size of a chunk'],
    ['0000000000002\r', 'the size of a chunk'],
  ])('are refused with the size %j', (size, why) => {
    expect(withChunks(`${size}\nhi\r\n0\r\n\r\n`)).toBe(why);
  });

  it.each(['\n', 'x\r\n', 'h\r\n', '\r\r\n', '\rx', ' \r\n', '0\r\n\r\n'])('are refused with %j after them', (end) => {
    expect(withChunks(`2\r\nhi${end}0\r\n\r\n`)).toBe('the end of a chunk');
  });

  it('are refused at the first byte after them that is not theirs', () => {
    expect(withChunks('2\r\nhix')).toBe('the end of a chunk');
  });

  it.each([
    ['X: y\n\r\n', 'a line that does not end in CRLF'],
    ['\n', 'a line that does not end in CRLF'],
    ['X y\r\n\r\n', 'a header'],
    [' X: y\r\n\r\n', 'a header'],
    ['Content-Length: 2\r\n\r\n', 'a trailer about the length'],
    ['transfer-encoding: chunked\r\n\r\n', 'a trailer about the length'],
  ])('are refused with the trailers %j', (trailers, why) => {
    expect(withChunks(`2\r\nhi\r\n0\r\n${trailers}`)).toBe(why);
  });

  it('that came together are told together', () => {
    const parts: string[] = [];
    const parser = createAnswerParser({ head: () => {}, data: (part) => void parts.push(part.toString()) });
    parser.take(latin1('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n2\r\nc'));
    parser.take(latin1('d\r\n1\r\ne\r\n0\r\n\r\n'));
    expect(parts).toEqual(['abc', 'de']);
  });
});

describe('limits', () => {
  const endless = (start: string, unit: string, bytes: number) =>
    latin1(start + unit.repeat(Math.ceil(bytes / unit.length)));
  const chunkedHead = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
  const beyond = 64 * 1024;

  it.each([
    ['a header', endless('HTTP/1.1 200 OK\r\nX: ', 'a', beyond), 'a head over the limit'],
    ['a status line', endless('HTTP/1.1 200 ', 'a', beyond), 'a head over the limit'],
    ['headers', endless('HTTP/1.1 200 OK\r\n', 'A: b\r\n', beyond), 'a head over the limit'],
    [
      'a head that ends',
      latin1(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(17_000)}\r\nContent-Length: 0\r\n\r\n`),
      'a head over the limit',
    ],
    ['interim answers', endless('', 'HTTP/1.1 103 E\r\nLink: </a>\r\n\r\n', beyond), 'a head over the limit'],
    ['the size of a chunk', endless(chunkedHead, '0', beyond), 'a line over the limit'],
    ['an extension', endless(`${chunkedHead}1;`, 'a', beyond), 'a line over the limit'],
    ['extensions', endless(chunkedHead, `1;${'a'.repeat(1000)}\r\nb\r\n`, beyond), 'a line over the limit'],
    ['a trailer', endless(`${chunkedHead}0\r\nX: `, 'a', beyond), 'a line over the limit'],
    ['trailers', endless(`${chunkedHead}0\r\n`, 'A: b\r\n', beyond), 'a line over the limit'],
  ])('end %s without end, however it is cut', (_what, bytes, why) => {
    expect(readAnswer([bytes])).toBe(why);
    const pieces = cutAt(
      bytes,
      Array.from({ length: 700 }, (_, index) => index * 97),
    );
    expect(readAnswer(pieces)).toBe(why);
  });

  it.each([
    ['HTTP/1.1 200 OK\r\nX: ', 16_384],
    [`${chunkedHead}`, 1_024],
    [`${chunkedHead}0\r\nX: `, 16_384],
  ])('hold no more of an unfinished line than they say, after %j', (start, limitBytes) => {
    const parser = createAnswerParser({ head: () => {}, data: () => {} });
    parser.take(latin1(start));
    let takenBytes = 0;
    expect(() => {
      for (; takenBytes <= beyond; takenBytes += 1) parser.take(latin1('0'));
    }).toThrow(AnswerFault);
    expect(takenBytes).toBeLessThanOrEqual(limitBytes);
  });

  it('leave room for what is usual', () => {
    const headers = `X: ${'a'.repeat(16_000)}\r\n`;
    expect(withHead(`${headers}Content-Length: 2\r\n`, 'hi')).toEqual(whole());
    expect(withChunks(`2;${'a'.repeat(1000)}\r\nhi\r\n0\r\n${'X: y\r\n'.repeat(2000)}\r\n`)).toEqual(whole());
  });
});

describe('after a fault', () => {
  it('takes nothing more', () => {
    const parser = createAnswerParser({ head: () => {}, data: () => {} });
    expect(() => parser.take(latin1('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhix'))).toThrow(
      AnswerFault,
    );
    expect(() => parser.take(latin1('\r\n0\r\n\r\n'))).toThrow(AnswerFault);
    expect(parser.close()).toBe(false);
  });

  it.each(['head', 'data'] as const)('of its reader in %s takes nothing more either', (place) => {
    const fail = () => {
      throw new RangeError('its own');
    };
    const parser = createAnswerParser({ head: () => {}, data: () => {}, [place]: fail });
    const answer = latin1('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhi');
    expect(() => parser.take(answer)).toThrow(RangeError);
    expect(() => parser.take(latin1('ho'))).toThrow(AnswerFault);
    expect(parser.close()).toBe(false);
  });

  it('says what it was, and nothing of what came', () => {
    for (const text of [
      'hunter2\r\n\r\n',
      'HTTP/1.1 200 OK\r\nhunter2\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: hunter2\r\n\r\n',
    ]) {
      const parser = createAnswerParser({ head: () => {}, data: () => {} });
      const error = (() => {
        try {
          return parser.take(latin1(text));
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toMatchObject({ name: 'AnswerFault', code: 'ERR_HTTP_ANSWER' });
      expect(JSON.stringify(error) + String(error) + (error as Error).stack?.split('\n')[0]).not.toContain('hunter2');
    }
  });
});
