import { describe, expect, it } from 'vitest';
import { createSampleBuffer } from './sample-buffer.ts';

const sample = (name: string, ...values: number[]) => ({
  namespace: 'quartersec',
  name,
  unit: 'Milliseconds',
  values,
  dimensions: {},
});

describe('createSampleBuffer', () => {
  it('gives every value once, with the time it came', () => {
    const buffer = createSampleBuffer();
    buffer.add([sample('RoundTrip', 90), sample('Store', 7, 8)], 1_000);
    buffer.add([sample('RoundTrip', 91)], 2_000);
    expect(buffer.drain()).toEqual({
      RoundTrip: [
        [1_000, 90],
        [2_000, 91],
      ],
      Store: [
        [1_000, 7],
        [1_000, 8],
      ],
    });
    expect(buffer.drain()).toEqual({});
  });
});
