import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Money } from './canonical.ts';
import { addMoney, compareMoney, moneySign, negateMoney, readNumberMoney, readTextMoney } from './money.ts';

const iso = (currency: string) => ({ currency, unofficialCurrency: null });
const unofficial = (unofficialCurrency: string) => ({ currency: null, unofficialCurrency });
const usd = (minor: string, exponent = 2): Money => ({ minor, exponent, currency: 'USD', unofficialCurrency: null });

/** `minor@exponent`, with `!` where the exponent was raised; or why not. */
function shown(reading: ReturnType<typeof readNumberMoney>): string {
  if (!reading.ok) return reading.reason;
  return `${reading.money.minor}@${reading.money.exponent}${reading.overPrecise ? '!' : ''}`;
}

describe('readNumberMoney', () => {
  it.each([
    ['72.1', 'USD', '7210@2'],
    ['100', 'EUR', '10000@2'],
    ['-28.34', 'USD', '-2834@2'],
    ['0.1', 'USD', '10@2'],
    ['8.2', 'USD', '820@2'],
    ['4.35', 'USD', '435@2'],
    ['0', 'USD', '0@2'],
    ['-0', 'USD', '0@2'],
    ['-0.00', 'USD', '0@2'],
    ['0e9', 'USD', '0@2'],
    ['1e21', 'USD', '100000000000000000000000@2'],
    ['-1.5E+3', 'USD', '-150000@2'],
    ['725e-2', 'USD', '725@2'],
    ['1.50000', 'USD', '150@2'],
    ['23631.9805', 'USD', '236319805@4!'],
    ['0.30000000000000004', 'USD', '30000000000000004@17!'],
    ['0.000000000000000001', 'USD', '1@18!'],
    ['144575.57', 'USD', '14457557@2'],
    ['9007199254740993.01', 'USD', '900719925474099301@2'],
    ['1500', 'JPY', '1500@0'],
    ['1500.00', 'JPY', '1500@0'],
    ['15e2', 'JPY', '1500@0'],
    ['12.345', 'KWD', '12345@3'],
    ['12.3456', 'KWD', '123456@4!'],
    ['1.2345', 'CLF', '12345@4'],
    ['1500.0000000000002', 'JPY', '15000000000000002@13!'],
    ['0.00001', 'JPY', '1@5!'],
  ])('reads %s %s exactly', (literal, currency, expected) => {
    expect(shown(readNumberMoney(literal, iso(currency)))).toBe(expected);
  });

  it('gives an unofficial currency the scale it comes with', () => {
    expect(readNumberMoney('0.00420131', unofficial('BTC'))).toEqual({
      ok: true,
      money: { minor: '420131', exponent: 8, currency: null, unofficialCurrency: 'BTC' },
      overPrecise: false,
    });
    expect(shown(readNumberMoney('3', unofficial('DOGE')))).toBe('3@0');
  });

  it.each([
    ['1500.5', iso('JPY'), 'SUSPECT_SCALE'],
    ['0.01', iso('ISK'), 'SUSPECT_SCALE'],
    ['15.0001', iso('JPY'), 'SUSPECT_SCALE'],
    ['1e400', iso('USD'), 'AMOUNT_INEXACT'],
    ['1e99999999999', iso('USD'), 'AMOUNT_INEXACT'],
    ['1e-400', iso('USD'), 'AMOUNT_INEXACT'],
    ['0.0000000000000000001', iso('USD'), 'AMOUNT_INEXACT'],
    ['1e33', iso('USD'), 'AMOUNT_INEXACT'],
    ['9'.repeat(33), iso('USD'), 'AMOUNT_INEXACT'],
    [`1${'0'.repeat(64)}`, iso('USD'), 'AMOUNT_INEXACT'],
    ['', iso('USD'), 'AMOUNT_INEXACT'],
    ['01', iso('USD'), 'AMOUNT_INEXACT'],
    ['1', iso('ZZZ'), 'CURRENCY_UNKNOWN'],
    ['1', iso('XXX'), 'CURRENCY_UNKNOWN'],
    ['1', iso('usd'), 'CURRENCY_UNKNOWN'],
    ['1', { currency: null, unofficialCurrency: null }, 'CURRENCY_UNKNOWN'],
    ['1', unofficial('  '), 'CURRENCY_UNKNOWN'],
    ['1', unofficial('X'.repeat(33)), 'CURRENCY_UNKNOWN'],
    ['1', unofficial('\ud800'), 'CURRENCY_UNKNOWN'],
    ['1', { currency: 'USD', unofficialCurrency: 'BTC' }, 'CURRENCY_AMBIGUOUS'],
  ])('refuses %s of %j as %s', (literal, claim, reason) => {
    expect(readNumberMoney(literal, claim)).toEqual({ ok: false, reason });
  });

  it('holds 34 digits and not one more', () => {
    expect(shown(readNumberMoney('9'.repeat(32), iso('USD')))).toBe(`${'9'.repeat(32)}00@2`);
    expect(shown(readNumberMoney('1e31', iso('USD')))).toBe(`1${'0'.repeat(33)}@2`);
    expect(shown(readNumberMoney('1e32', iso('USD')))).toBe('AMOUNT_INEXACT');
  });

  it('reads back every amount that a bank can print, in every way to print it', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: -8, max: 8 }),
        (minor, scale, zeros, shift) => {
          const printed = `${print(minor, scale + shift)}${scale + shift > 0 ? '0'.repeat(zeros) : ''}e${shift}`;
          const reading = readNumberMoney(printed, iso('USD'));
          if (!reading.ok) throw new Error(`${printed}: ${reading.reason}`);
          const { money } = reading;
          expect(BigInt(money.minor) * 10n ** BigInt(20 - money.exponent)).toBe(minor * 10n ** BigInt(20 - scale));
          expect(money.minor).toMatch(/^(0|-?[1-9][0-9]*)$/);
          expect(reading.overPrecise).toBe(money.exponent > 2);
        },
      ),
    );
  });
});

/** minor x 10^-scale in plain digits. */
function print(minor: bigint, scale: number): string {
  const digits = (minor < 0n ? -minor : minor).toString();
  const sign = minor < 0n ? '-' : '';
  if (scale <= 0) return `${sign}${digits === '0' ? '0' : digits + '0'.repeat(-scale)}`;
  const padded = digits.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

describe('the longest that is read', () => {
  it('is an amount of 64 characters, and a code of 32', () => {
    const literal = (chars: number) => `1.5${'0'.repeat(chars - 3)}`;
    expect(shown(readTextMoney(literal(64), iso('USD')))).toBe('150@2');
    expect(readTextMoney(literal(65), iso('USD'))).toEqual({ ok: false, reason: 'AMOUNT_INEXACT' });
    const unofficial = (chars: number) => ({ currency: null, unofficialCurrency: 'X'.repeat(chars) });
    expect(readTextMoney('1', unofficial(32))).toMatchObject({ ok: true });
    expect(readTextMoney('1', unofficial(33))).toEqual({ ok: false, reason: 'CURRENCY_UNKNOWN' });
  });
});

describe('readTextMoney', () => {
  it.each([
    ['100', 'EUR', '10000@2'],
    ['-0012.50', 'EUR', '-1250@2'],
    ['0.001', 'BHD', '1@3'],
    ['-0', 'EUR', '0@2'],
  ])('reads %j %s', (text, currency, expected) => {
    expect(shown(readTextMoney(text, iso(currency)))).toBe(expected);
  });

  it.each(['+1', '1e3', '1,000', '1.', '.5', ' 1', '1 ', '1\n', '0x10', '--1', '\u0661', 'NaN', 'Infinity'])(
    'refuses %j',
    (text) => {
      expect(readTextMoney(text, iso('EUR'))).toEqual({ ok: false, reason: 'AMOUNT_INEXACT' });
    },
  );
});

describe('arithmetic', () => {
  it('negates, and leaves zero without a sign', () => {
    expect(negateMoney(usd('7210'))).toEqual(usd('-7210'));
    expect(negateMoney(usd('-7210'))).toEqual(usd('7210'));
    expect(negateMoney(usd('0'))).toEqual(usd('0'));
  });

  it('knows the sign', () => {
    expect([usd('-1'), usd('0'), usd('1')].map(moneySign)).toEqual([-1, 0, 1]);
  });

  it('adds and compares across exponents', () => {
    expect(addMoney(usd('10'), usd('20'))).toEqual(usd('30'));
    expect(addMoney(usd('100'), usd('-12345', 4))).toEqual(usd('-2345', 4));
    expect(addMoney(usd('-5'), usd('5'))).toEqual(usd('0'));
    expect(compareMoney(usd('7210'), usd('721000', 4))).toBe(0);
    expect(compareMoney(usd('7210'), usd('721001', 4))).toBe(-1);
    expect(compareMoney(usd('-1'), usd('-2'))).toBe(1);
  });

  it('refuses to mix currencies', () => {
    const eur = { ...usd('1'), currency: 'EUR' };
    const btc = { minor: '1', exponent: 8, currency: null, unofficialCurrency: 'BTC' };
    for (const other of [eur, btc, { ...btc, unofficialCurrency: null }]) {
      expect(() => addMoney(usd('1'), other)).toThrow(expect.objectContaining({ code: 'CURRENCY_MISMATCH' }));
      expect(() => compareMoney(other, usd('1'))).toThrow(expect.objectContaining({ code: 'CURRENCY_MISMATCH' }));
    }
  });

  it('refuses to mix unofficial currencies, and says which two', () => {
    const btc = { minor: '1', exponent: 8, currency: null, unofficialCurrency: 'BTC' };
    const facts = (left: string, right: string) =>
      expect.objectContaining({ code: 'CURRENCY_MISMATCH', facts: { left, right } });
    expect(() => addMoney(btc, { ...btc, unofficialCurrency: 'ETH' })).toThrow(facts('BTC', 'ETH'));
    expect(() => addMoney(btc, { ...btc, unofficialCurrency: null })).toThrow(facts('BTC', 'none'));
    expect(() => addMoney(usd('1'), btc)).toThrow(facts('USD', 'BTC'));
    expect(addMoney(btc, btc)).toEqual({ ...btc, minor: '2' });
  });

  it('is exact, commutative, and undone by its inverse', () => {
    const money = fc
      .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 18 }))
      .map(([minor, exponent]) => usd(minor.toString(), exponent));
    fc.assert(
      fc.property(money, money, (a, b) => {
        const sum = addMoney(a, b);
        expect(sum).toEqual(addMoney(b, a));
        expect(compareMoney(addMoney(sum, negateMoney(b)), a)).toBe(0);
        expect(compareMoney(a, b)).toBe(moneySign(addMoney(a, negateMoney(b))));
      }),
    );
  });
});
