import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAt, latin1, readAnswer } from './answer-reading.contract.ts';
import { cuts, mutatedAnswer, validAnswer } from './random-answers.contract.ts';

describe('an answer that comes in pieces', () => {
  it('is the same as in one, wherever it is cut', () => {
    fc.assert(
      fc.property(validAnswer, cuts, (text, places) => {
        const bytes = latin1(text);
        const whole = readAnswer([bytes]);
        expect(whole).toBeTypeOf('object');
        expect(readAnswer(cutAt(bytes, places))).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same byte by byte', () => {
    fc.assert(
      fc.property(validAnswer, (text) => {
        const bytes = latin1(text);
        expect(readAnswer(Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual(readAnswer([bytes]));
      }),
    );
  });

  it('is refused in pieces where it is refused in one, and never with anything but a fault', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          mutatedAnswer,
          fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
        ),
        cuts,
        (text, places) => {
          const bytes = latin1(text);
          const whole = readAnswer([bytes]);
          const pieced = readAnswer(cutAt(bytes, places));
          expect(typeof pieced).toBe(typeof whole);
          if (typeof whole === 'object') expect(pieced).toEqual(whole);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
