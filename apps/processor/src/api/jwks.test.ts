import { exportJWK, generateKeyPair } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createJwks } from './jwks.ts';

const texts: string[] = [];
beforeAll(async () => {
  for (const kid of ['one', 'two']) {
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    texts.push(JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid }] }));
  }
});

function setUp() {
  let nowMs = 0;
  const asked: number[] = [];
  let answer: () => Promise<string> = async () => texts[0] ?? '';
  const jwks = createJwks({
    fetchText: (withinMs) => {
      asked.push(withinMs);
      return answer();
    },
    nowMs: () => nowMs,
  });
  return {
    jwks,
    asked,
    passMs: (ms: number) => {
      nowMs += ms;
    },
    answers: (next: () => Promise<string>) => {
      answer = next;
    },
  };
}
const down = () => Promise.reject(new Error('down'));

describe('the keys of an issuer', () => {
  it('are read once for all who ask at the same time, and kept for ten minutes', async () => {
    const { jwks, asked, passMs } = setUp();
    const [first, second] = await Promise.all([jwks.current(900), jwks.current(900)]);
    expect(first).toBeDefined();
    expect(second).toBe(first);
    passMs(599_999);
    expect(await jwks.current(9_000)).toBe(first);
    expect(asked).toEqual([900]);
    passMs(1);
    expect(await jwks.current(9_000)).not.toBe(first);
    expect(asked).toEqual([900, 1_500]);
  });

  it('go on for a day where they cannot be read again, and are asked for every two seconds at most', async () => {
    const { jwks, asked, passMs, answers } = setUp();
    const first = await jwks.current(900);
    answers(down);
    passMs(600_000);
    expect(await jwks.current(900)).toBe(first);
    expect(await jwks.current(900)).toBe(first);
    expect(asked).toHaveLength(2);
    passMs(2_000);
    await jwks.current(900);
    expect(asked).toHaveLength(3);
    passMs(24 * 3_600_000);
    expect(await jwks.current(900)).toBeUndefined();
  });

  it.each([
    ['an issuer that does not answer', down],
    ['no JSON', async () => '<html>'],
    ['no key set', async () => '{"keys":7}'],
  ])('are none with %s', async (_title, answer) => {
    const { jwks, answers, passMs } = setUp();
    answers(answer);
    expect(await jwks.current(900)).toBeUndefined();
    answers(async () => texts[0] ?? '');
    expect(await jwks.current(900)).toBeUndefined();
    passMs(2_000);
    expect(await jwks.current(900)).toBeDefined();
  });

  it('are read again for a key that is not among them, once in 30 seconds', async () => {
    const { jwks, asked, passMs, answers } = setUp();
    const first = await jwks.current(900);
    answers(async () => texts[1] ?? '');
    expect(await jwks.renewed(900)).toBe('same');
    passMs(30_000);
    const renewed = await jwks.renewed(900);
    expect(renewed).not.toBe('same');
    expect(renewed).not.toBe(first);
    expect(await jwks.renewed(900)).toBe('same');
    expect(asked).toHaveLength(2);
    passMs(30_000);
    answers(down);
    expect(await jwks.renewed(900)).toBeUndefined();
  });
});
