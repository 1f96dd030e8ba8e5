import { expect, it } from 'vitest';
import { getItemRequest, preamble } from './dax-wire.ts';

it('writes the preamble that nodes expect', () => {
  expect(preamble.toString('hex')).toBe(
    '674a37796e653547' + // J7yne5G
      '00' +
      '5001010101010101010101010101010101' + // a session of 16 bytes
      'a169557365724167656e7470717561727465727365632d62656e6368' + // UserAgent: quartersec-bench
      '00',
  );
});

it('writes a read of one item', () => {
  expect(getItemRequest('t', { pk: 'p', sk: 'HEAD' }).toString('hex')).toBe('011a0fb0cc6a417446617048454144bfff');
});
