import { describe, expect, it } from 'vitest';
import { isSamePerson, mayBePerson, namesAccount, namesInstitution } from './names.ts';

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
});
