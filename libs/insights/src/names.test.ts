import { describe, expect, it } from 'vitest';
import {
  isSamePerson,
  mayBePerson,
  namesAccount,
  namesInstitution,
  namesPaymentApp,
  personIn,
  wordsOf,
} from './names.ts';

describe('names', () => {
  it.each([
    ['Anna Muster', true],
    ['GARCÍA LÓPEZ MARÍA', true],
    ['Marcus Miller', true],
    ['Anna', false],
    ['Muster GmbH', false],
    ['Transfer to savings', false],
    ['Fatura Cartão Itaú', false],
    ['Studio 54', false],
    ['クレジットカード 楽天銀行', false],
    ['ﾌﾘｺﾐ ﾔﾏﾀﾞ ﾊﾅｺ', true],
    ['振込 ヤマダ ハナコ', false],
    [null, false],
  ])('may %s be a person: %s', (label, expected) => {
    expect(mayBePerson(label)).toBe(expected);
  });

  it.each([
    ['Maria Garcia', 'GARCIA LOPEZ MARIA', true],
    ['M Garcia', 'Maria Garcia', true],
    ['María García', 'Maria Garcia', true],
    ['Anna Garcia', 'Maria Garcia', false],
    ['M G', 'Maria Garcia', false],
    ['Garcia', 'Maria Garcia', false],
  ])('are %s and %s one person: %s', (a, b, expected) => {
    expect(isSamePerson(a, b)).toBe(expected);
  });

  it.each([
    ['To Rainy Day', { name: 'Rainy Day', type: 'SVGS' }, true],
    ['Umbuchung Tagesgeld', { name: null, type: 'SVGS' }, true],
    ['Visa 1234', { name: null, type: 'CARD' }, true],
    ['Fatura Cartão Itaú', { name: null, type: 'CARD' }, true],
    ['From checking', { name: null, type: 'CACC' }, true],
    ['My account', { name: 'My account', type: 'CACC' }, false],
    ['Anna Muster', { name: 'Joint', type: 'CACC' }, false],
    ['楽天カード', { name: null, type: 'CARD' }, true],
    ['ﾗｸﾃﾝｶｰﾄﾞ', { name: null, type: 'CARD' }, true],
    ['楽天カード', { name: null, type: 'SVGS' }, false],
    ['定期預金', { name: null, type: 'SVGS' }, true],
    [null, { name: 'Joint', type: 'CACC' }, false],
  ])('does %s name the account %o: %s', (label, account, expected) => {
    expect(namesAccount(label, account)).toBe(expected);
  });

  it.each([
    ['Revolut**1234', true],
    ['Chase Credit Card', true],
    ['Marcus Savings', true],
    ['Marcus Miller', false],
    ['Td P2p', true],
    ['Capital One', true],
    ['One Capital Grill', false],
    ['St George', true],
    ['Axis Gym Berlin', false],
    ['Nordea Bank Abp', true],
    ['楽天銀行', true],
    ['楽天市場', false],
    ['Anna Muster', false],
    [null, false],
  ])('does %s name a bank: %s', (label, expected) => {
    expect(namesInstitution(label)).toBe(expected);
  });

  it.each(
    (
      'ltd bank account ahorro transfer paiement direct store cards betalning overforsel transferencia invoice the ' +
      'sparkasse barclays commerzbank bnp tsb hdfc'
    ).split(' '),
  )('reads no person where the word %s stands', (word) => {
    expect(mayBePerson(`Anna Muster ${word}`)).toBe(false);
    expect(mayBePerson(`Anna Muster ${word}x`)).toBe(true);
  });

  it.each('bank barclays commerzbank bnp tsb hdfc'.split(' '))('reads the word %s as a bank’s', (word) => {
    expect(namesInstitution(`Anna Muster ${word}`)).toBe(true);
  });

  it.each([
    'marcus',
    'td',
    'american express',
    'navy federal',
    'fifth third',
    'first direct',
    'virgin money',
    'abn amro',
    'societe generale',
  ])('reads %s as a bank’s name where it stands alone', (name) => {
    expect(namesInstitution(`${name} savings 12`)).toBe(true);
    expect(namesInstitution(`${name} miller`)).toBe(false);
  });

  it('reads two to five words as a person’s name', () => {
    expect(mayBePerson('Anna Maria Luisa Garcia Lopez')).toBe(true);
    expect(mayBePerson('Anna Maria Luisa Garcia Lopez Ruiz')).toBe(false);
    expect(mayBePerson('Anna M2')).toBe(false);
    expect(mayBePerson('Anna 2M')).toBe(false);
  });

  it.each([
    ['Betalning Sam Winter', 'sam winter'],
    ['Winter, Sam', 'sam winter'],
    ['Transfer from Sam Winter 4711 ref8', 'sam winter'],
    ['Sam', undefined],
    ['Transfer Sam', undefined],
    ['Ana Maria Luisa Garcia Lopez', 'ana garcia lopez luisa maria'],
    ['Ana Maria Luisa Garcia Lopez Ruiz', undefined],
    ['Sam Winter Revolut', undefined],
    ['Sam Winter 銀行', undefined],
    [null, undefined],
  ])('finds the name in %s: %s', (label, name) => {
    expect(personIn(label)).toBe(name);
  });

  it('knows one person by a whole word at least, each word once, longer ones first', () => {
    expect(isSamePerson('Ann A', 'Ann Bell')).toBe(false);
    expect(isSamePerson('A Ann', 'Ann Andrews')).toBe(true);
    expect(isSamePerson('Ann Ann', 'Ann Bell')).toBe(false);
    expect(isSamePerson('A B', 'A B')).toBe(false);
    expect(isSamePerson('Bell', 'Bell')).toBe(false);
  });

  it.each([
    'Zelle',
    'VENMO*x',
    'Cash App',
    'CashApp',
    'PayPal',
    'Tikkie',
    'Swish',
    'Bizum',
    'Vipps',
    'MobilePay',
    'TWINT',
    'PIX',
    'UPI',
    'Interac',
    'PayM',
  ])('knows %s for an app between people', (app) => {
    expect(namesPaymentApp(`Sent ${app} Anna`)).toBe(true);
    expect(namesPaymentApp(`Sent ${app}x Anna`)).toBe(app === 'VENMO*x');
  });

  it('knows no app where there is no label', () => {
    expect(namesPaymentApp(null)).toBe(false);
  });

  it('needs a word of three letters of an account’s own name, and none that all accounts have', () => {
    const account = { name: 'My Joint Go Plus', type: 'CACC' };
    expect(['Joint', 'go', 'Plus', 'Joints'].map((label) => namesAccount(label, account))).toEqual([
      ...[true, false],
      ...[false, false],
    ]);
    expect(namesAccount('Fun', { name: 'Fun', type: 'CACC' })).toBe(true);
    expect(namesAccount('定期預金', { name: null, type: 'CARD' })).toBe(false);
  });

  it('reads words of letters and digits, lower case, without accents', () => {
    expect(wordsOf('  Straße--Nº5, Café ')).toEqual(['strasse', 'no5', 'cafe']);
    expect(wordsOf('')).toEqual([]);
  });
});
