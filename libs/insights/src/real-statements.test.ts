/**
 * What statements of real banks have and no simulator thought of: processors before the shop's name, towns behind it, payroll's words,
 * mandates with numbers, refunds, bills that are split, cash, payments between people, instalments, holds at the pump. Each names what may
 * be told; anything else is a false alarm.
 */
import { describe, expect, it } from 'vitest';
import { days, months, type StatementRow, toldOf, workday } from './testing/statement-walk.ts';

function told(rows: readonly StatementRow[], until: string): string[] {
  return toldOf(rows, until)
    .map(({ last }) => {
      if (last.kind === 'recurring') return `recurring ${last.direction} ${last.cadence} ${last.counterparty}`;
      if (last.kind === 'price-change') return `price-change ${last.beforeMinor} to ${last.afterMinor}`;
      if (last.kind === 'missed') return `missed ${last.status}`;
      return last.kind;
    })
    .sort();
}

const from =
  (...texts: readonly string[]) =>
  (index: number) =>
    texts[index % texts.length] ?? '';

describe('who was paid', () => {
  it.each([
    [
      'a pottery class through Square',
      from('SQ *CLAY & KILN STUDIO Portland OR', 'SQ *CLAY & KILN STUDIO gosq.com OR'),
    ],
    ['a box through PayPal', from('PAYPAL *NORDKAFFEE 4029357733', 'PAYPAL *NORDKAFFEE 35314369001')],
    [
      'a mandate whose reference changes',
      from(
        'SEPA-LASTSCHRIFT Fitnesspark Süd GmbH MREF+88123 EREF+2025-01',
        'SEPA-LASTSCHRIFT Fitnesspark Süd GmbH MREF+88123 EREF+2025-02',
      ),
    ],
    [
      'a French debit with its number',
      from(
        'PRLV SEPA ASSURANCES DU RHONE 7712044 MANDAT FR11ZZZ',
        'PRLV SEPA ASSURANCES DU RHONE 8890127 MANDAT FR11ZZZ',
      ),
    ],
    [
      'a Dutch one',
      from(
        'Naam: Waterbedrijf Noord Omschrijving: factuur 8812 IBAN: NL02ABNA0123456789',
        'Naam: Waterbedrijf Noord Omschrijving: factuur 9120 IBAN: NL02ABNA0123456789',
      ),
    ],
    [
      'a Polish one',
      from('PLATNOSC KARTA 05.01.25 SILOWNIA FIT ZONE WARSZAWA', 'PLATNOSC KARTA 05.02.25 SILOWNIA FIT ZONE WARSZAWA'),
    ],
  ])('is one contract: %s', (_, text) => {
    const rows = months(9, '2025-01-07', (date, index): StatementRow => [workday(date, 'after'), -34_90, text(index)]);
    expect(toldOf(rows, '2025-09-20', 3).map(({ last }) => last.kind)).toEqual(['recurring']);
  });

  it('is the employer, whatever payroll prints around it', () => {
    const text = from(
      'ACME ROBOTICS DES:PAYROLL ID:0012 INDN:DOE JANE',
      'ACME ROBOTICS DES:PAYROLL ID:7741 INDN:DOE JANE',
    );
    const rows = days(14, 20, '2025-01-03', (date, index): StatementRow => [date, 2_310_55, text(index)]);
    expect(told(rows, '2025-10-06')).toEqual(['recurring in fortnightly Acme Robotics']);
  });
});

describe('a month with a salary on the last working day', () => {
  it('misses none of them, in February nor in a month that ends on a Sunday', () => {
    const last = [
      '01-31',
      '02-28',
      '03-31',
      '04-30',
      '05-31',
      '06-30',
      '07-31',
      '08-31',
      '09-30',
      '10-31',
      '11-30',
      '12-31',
    ];
    const rows = last.map(
      (day): StatementRow => [workday(`2025-${day}`, 'before'), 2_780_00, 'BGC NORTHWIND LTD SALARY'],
    );
    expect(told(rows, '2026-01-28')).toEqual(['recurring in monthly Northwind']);
  });

  it('expects a rent of the first on the Monday where the first is a Sunday', () => {
    const rows = months(
      10,
      '2025-01-01',
      (date): StatementRow => [workday(date, 'after'), -910_00, 'STANDING ORDER HARBOUR LETTINGS RENT'],
    );
    // 2025-11-01 is a Saturday.
    const [rent] = toldOf(rows, '2025-10-20', 7).map(({ last }) => last);
    expect(rent).toMatchObject({ kind: 'recurring', nextDate: '2025-11-03' });
  });
});

describe('what looks like a mistake and is none', () => {
  it('is a hold at the pump that becomes the price, and the same fare twice a day', () => {
    const rows: StatementRow[] = [
      ...days(
        9,
        12,
        '2025-01-04',
        (date, index): StatementRow => [date, -(41_00 + 3_71 * (index % 5)), 'SHELL 4471 LEEDS'],
      ),
      ['2025-03-04', -1_00, 'SHELL 4471 LEEDS'],
      ['2025-03-04', -99_00, 'SHELL 4471 LEEDS'],
      ['2025-03-05', 99_00, 'SHELL 4471 LEEDS REVERSAL'],
      ...days(1, 40, '2025-02-03', (date): StatementRow => [date, -2_80, 'TFL TRAVEL CH']),
      ...days(1, 40, '2025-02-03', (date): StatementRow => [date, -2_80, 'TFL TRAVEL CH']),
    ];
    expect(told(rows, '2025-05-20').filter((kind) => kind !== 'category-pace')).toEqual([]);
  });

  it('is a charge that was reversed and taken again', () => {
    const rows: StatementRow[] = [
      ['2025-01-10', -31_20, 'CARD PURCHASE ZALANDO'],
      ['2025-02-20', -74_95, 'CARD PURCHASE ZALANDO'],
      ['2025-04-03', -89_90, 'CARD PURCHASE ZALANDO'],
      ['2025-04-04', 89_90, 'CARD REFUND ZALANDO'],
      ['2025-04-04', -89_90, 'CARD PURCHASE ZALANDO'],
    ];
    expect(told(rows, '2025-06-10')).toEqual([]);
  });

  it('is the same sum to two friends by an app, and two round withdrawals', () => {
    const rows: StatementRow[] = [
      ['2025-01-10', -25_00, 'VENMO PAYMENT JAMIE FOX'],
      ['2025-01-10', -25_00, 'VENMO PAYMENT SAM REED'],
      ['2025-02-14', -20_00, 'BIZUM A LUCIA MARTIN'],
      ['2025-02-14', -20_00, 'BIZUM A LUCIA MARTIN'],
      ['2025-03-01', -100_00, 'GELDAUTOMAT SPARKASSE KOELN'],
      ['2025-03-01', -100_00, 'GELDAUTOMAT SPARKASSE KOELN'],
      ['2025-03-09', -15_00, 'Swish betalning Elsa Lind'],
      ['2025-03-10', -15_00, 'Swish betalning Elsa Lind'],
    ];
    expect(told(rows, '2025-05-10')).toEqual([]);
  });

  it('is the last of four instalments', () => {
    const rows: StatementRow[] = [
      ...days(14, 4, '2025-02-03', (date): StatementRow => [date, -37_25, 'KLARNA*XQ SNEAKERS']),
      ...days(14, 4, '2025-03-01', (date): StatementRow => [date, -19_99, 'AFTERPAY US INC']),
    ];
    expect(told(rows, '2025-08-10')).toEqual([]);
  });

  it('is a bill at a restaurant that is paid in two halves, and a tip that is booked apart', () => {
    const rows: StatementRow[] = [
      ['2025-01-18', -42_10, 'TST* OSTERIA NONNA 0412'],
      ['2025-02-22', -38_50, 'TST* OSTERIA NONNA 0412'],
      ['2025-03-21', -44_00, 'TST* OSTERIA NONNA 0412'],
      ['2025-03-21', -8_80, 'TST* OSTERIA NONNA 0412'],
    ];
    expect(told(rows, '2025-05-20')).toEqual([]);
  });
});

describe('money between people', () => {
  it('is no income where flatmates pay their share of the rent, and the rent is spent', () => {
    const rows: StatementRow[] = [
      ...months(
        10,
        '2025-01-02',
        (date): StatementRow => [workday(date, 'after'), -1_500_00, 'STANDING ORDER HARBOUR LETTINGS RENT'],
      ),
      ...months(
        10,
        '2025-01-01',
        (date, index): StatementRow => [date, 500_00, `FASTER PAYMENT FROM ${index % 3 === 0 ? 'J FOX' : 'JAMIE FOX'}`],
      ),
    ];
    const kinds = told(rows, '2025-10-28');
    expect(kinds).toContain('recurring out monthly Harbour Lettings Rent');
    expect(kinds.filter((kind) => kind.startsWith('missed') || kind === 'income-change')).toEqual([]);
  });
});
