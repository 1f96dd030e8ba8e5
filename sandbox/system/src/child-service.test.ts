import { expect, it } from 'vitest';
import { gistOf } from './child-service.ts';

const crash = `file:///board/main.ts:4
  throw new Error('SYSTEM_URL must be an address');
        ^

TypeError: SYSTEM_URL must be an address
    at main.ts:4:9

Node.js v24.21.0
`;

it.each([
  ['nothing', '', ''],
  ['one line', 'port 8080 is occupied\n', 'port 8080 is occupied'],
  ['its last word, where no line speaks of an error', 'starting\ntold to die\n\n', 'told to die'],
  ['a stack trace', crash, 'TypeError: SYSTEM_URL must be an address'],
  [
    'a child that did not start',
    `Error: main.ts ended with code 1: ${crash}`,
    'TypeError: SYSTEM_URL must be an address',
  ],
  [
    'a child that said why itself',
    'Error: main.ts ended with code 1: no port\n',
    'Error: main.ts ended with code 1: no port',
  ],
])('the gist of %s', (_title, complaints, gist) => {
  expect(gistOf(complaints)).toBe(gist);
});
