import { describe, expect, it } from 'vitest';
import { fromAttributes, toAttributes, toJsonAttributes } from './attribute-values.ts';

describe('attribute values', () => {
  it('are texts and numbers', () => {
    expect(toAttributes({ pk: 'a', sk: 'b', n: -12.5 })).toEqual({ pk: { S: 'a' }, sk: { S: 'b' }, n: { N: '-12.5' } });
  });

  it('are bytes too: base64 text in JSON, read back from either form', () => {
    const bytes = Uint8Array.of(0, 254, 255);
    const attributes = toAttributes({ pk: 'a', sk: 'b', bytes });
    expect(attributes.bytes).toEqual({ B: Buffer.from([0, 254, 255]) });
    expect(toJsonAttributes(attributes)).toEqual({ pk: { S: 'a' }, sk: { S: 'b' }, bytes: { B: 'AP7/' } });
    for (const value of [{ B: bytes }, { B: 'AP7/' }]) {
      expect([...(fromAttributes({ value }).value as Uint8Array)]).toEqual([0, 254, 255]);
    }
  });

  it('keep types that we never write as their JSON text, so that a check of the item sees them', () => {
    const item = fromAttributes({ pk: { S: 'a' }, sk: { S: 'b' }, n: { N: '1e2' }, foreign: { BOOL: true } });
    expect(item).toEqual({ pk: 'a', sk: 'b', n: 100, foreign: '{"BOOL":true}' });
  });
});
