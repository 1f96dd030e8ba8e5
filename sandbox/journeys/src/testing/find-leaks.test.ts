import { describe, expect, it } from 'vitest';
import { findLeaks } from './find-leaks.ts';

const name = 'Zebedee Quillfeather';
const iban = 'GB33BUKB20201577777777';
const inBase64 = (text: string) => Buffer.from(text).toString('base64url');

describe('findLeaks', () => {
  it.each([
    `{"level":"ERROR","detail":"refused for ${name}"}`,
    `ZEBEDEE QUILLFEATHER`,
    `GET /accounts?owner=Zebedee%20Quillfeather`,
    `GET /accounts?owner=Zebedee+Quillfeather`,
    Buffer.from(name).toString('hex'),
    inBase64(`{"body":"${name}"}`),
    inBase64(`{"a":1,"body":"${name}"}`),
    inBase64(`{"ab":1,"body":"${name}"}`),
  ])('sees the name in %j', (text) => {
    expect(findLeaks(text, [iban, name])).toEqual([name]);
  });

  it('sees nothing where nothing is, and nothing in a part of it', () => {
    expect(findLeaks('{"detail":"GB33BUKB2020 Zebedee"}', [iban, name])).toEqual([]);
  });
});
