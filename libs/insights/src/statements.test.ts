/**
 * What happens on statements, as banks print it and day after day: not made by the simulator, whose households the rules were tuned on.
 * Each names what may be told; anything else is a false alarm.
 */
import { describe, expect, it } from 'vitest';
import { days, months, type StatementRow, toldOf, workday } from './testing/statement-walk.ts';

/** `recurring out monthly fixed`, `missed late`, ... */
function told(rows: readonly StatementRow[], until: string): string[] {
  return toldOf(rows, until).map(({ last }) => {
    if (last.kind === 'recurring') return `recurring ${last.direction} ${last.cadence} ${last.amountKind}`;
    if (last.kind === 'missed') return `missed ${last.status}`;
    if (last.kind === 'price-change') return `price-change ${last.beforeMinor} to ${last.afterMinor}`;
    return last.kind;
  });
}

describe('a year on a statement', () => {
  it('has a salary that comes before weekends, and early for Christmas', () => {
    const salary = months(18, '2025-01-28', (date) => [
      date === '2025-12-28' ? '2025-12-19' : workday(date, 'before'),
      312_040,
      'SEPA Gutschrift Musterbau GmbH LOHN/GEHALT',
    ]);
    expect(told(salary, '2026-07-03')).toEqual(['recurring in monthly fixed']);
    // And none for January is missed all the same.
    const without = salary.filter(([date]) => date < '2026-01-01');
    expect(told(without, '2026-01-28')).toEqual(['recurring in monthly fixed']);
    expect(told(without, '2026-02-10')).toEqual(['recurring in monthly fixed', 'missed ended']);
  });

  it('has a bill that is another one each season', () => {
    const sums = [184_12, 171_90, 140_35, 96_08, 70_44, 58_21, 55_03, 57_70, 66_15, 98_60, 139_27, 170_02];
    const bill = months(15, '2025-02-14', (date, index) => [
      workday(date, 'after'),
      -(sums[index % 12] ?? 0),
      'PRELEVEMENT SEPA EDF CLIENTS PARTICULIERS',
    ]);
    // That autumn costs more than summer is true, and told as that.
    expect(told(bill, '2026-05-10').filter((kind) => kind !== 'category-pace')).toEqual([
      'recurring out monthly variable',
    ]);
  });

  it('has a purchase and its refund, twice, and a hold that was booked at another amount', () => {
    const rows: StatementRow[] = [
      ['2026-01-05', -89_90, 'CARD PURCHASE ZALANDO'],
      ['2026-01-14', 89_90, 'CARD REFUND ZALANDO'],
      ['2026-02-11', -89_90, 'CARD PURCHASE ZALANDO'],
      ['2026-02-12', -64_31, 'CARD PURCHASE SHELL 3321'],
      ['2026-02-19', 89_90, 'CARD REFUND ZALANDO'],
      ['2026-03-20', -58_02, 'CARD PURCHASE SHELL 3321'],
    ];
    expect(told(rows, '2026-06-01')).toEqual([]);
  });

  it('has two contracts and a song now and then from one app store', () => {
    const songs = ['2025-03-04', '2025-05-21', '2025-05-22', '2025-09-13', '2026-01-30'];
    const rows: StatementRow[] = [
      ...months(14, '2025-01-09', (date): StatementRow => [date, -99, 'APPLE.COM/BILL CORK IRL']),
      ...months(14, '2025-01-20', (date): StatementRow => [date, -10_99, 'APPLE.COM/BILL CORK IRL']),
      ...songs.map((date): StatementRow => [date, -1_29, 'APPLE.COM/BILL CORK IRL']),
    ];
    expect(new Set(told(rows, '2026-03-05'))).toEqual(new Set(['recurring out monthly fixed']));
  });

  it('has cash each Friday, a coffee each morning of work, and neither is a contract', () => {
    const rows: StatementRow[] = [
      ...days(7, 40, '2025-01-03', (date): StatementRow => [date, -60_00, 'ATM WITHDRAWAL HIGH STREET']),
      ...days(7, 40, '2025-01-06', (date): StatementRow => [date, -3_60, 'SQ *LITTLE WREN COFFEE']),
      ...days(7, 40, '2025-01-08', (date): StatementRow => [date, -3_60, 'SQ *LITTLE WREN COFFEE']),
    ];
    expect(told(rows, '2025-11-01')).toEqual([]);
  });

  it('has a merchant that is spelt in three ways', () => {
    const names = ['NETFLIX.COM 866-579-7172 CA', 'NETFLIX.COM LOS GATOS', 'Netflix.com 408-5403700'];
    const rows = months(14, '2025-01-12', (date, index): StatementRow => [date, -13_99, names[index % 3] ?? '']);
    expect(told(rows, '2026-03-05')).toEqual(['recurring out monthly fixed']);
  });

  it('has an insurance once a year', () => {
    const rows: StatementRow[] = [
      ['2023-03-01', -412_60, 'LASTSCHRIFT ALLIANZ VERSICHERUNGS-AG KFZ'],
      ['2024-03-01', -412_60, 'LASTSCHRIFT ALLIANZ VERSICHERUNGS-AG KFZ'],
      ['2025-03-03', -412_60, 'LASTSCHRIFT ALLIANZ VERSICHERUNGS-AG KFZ'],
    ];
    expect(toldOf(rows, '2025-09-01', 7).map(({ last }) => last.kind)).toEqual(['recurring']);
  });

  it('has an offer that ends, and a price in dollars that goes with the rate', () => {
    const before = days(9, 12, '2024-10-01', (date): StatementRow => [date, -21_45, 'LIDL SAGT DANKE']);
    const rows = months(
      12,
      '2025-01-16',
      (date, index): StatementRow => [date, index < 3 ? -9_99 : -19_99, 'FITX FITNESSSTUDIO BEITRAG'],
    );
    expect(told([...before, ...rows], '2025-12-10')).toEqual([
      'recurring out monthly fixed',
      'price-change 999 to 1999',
    ]);
    const rates = [9_12, 9_31, 9_25, 9_40, 9_18, 9_36, 9_51, 9_33, 9_22, 9_45, 9_38, 9_29];
    const dollars = months(
      12,
      '2025-01-07',
      (date, index): StatementRow => [date, -(rates[index] ?? 0), 'OPENAI *CHATGPT SUBSCR 10.00 USD'],
    );
    expect(told(dollars, '2025-12-20')).toEqual(['recurring out monthly fixed']);
  });

  it('has a salary that is split over two accounts, and interest of any amount', () => {
    const rows: StatementRow[] = [
      ...months(14, '2025-01-30', (date): StatementRow => [workday(date, 'before'), 2_400_00, 'SALARY ACME LTD']),
      ...months(
        14,
        '2025-01-30',
        (date): StatementRow => [workday(date, 'before'), 600_00, 'SALARY ACME LTD', 'joint'],
      ),
      ...months(9, '2025-01-31', (date, index): StatementRow => [date, 31 + 17 * (index % 4), 'INTEREST PAID']),
    ];
    const kinds = told(rows, '2026-03-10');
    expect(kinds.filter((kind) => kind === 'recurring in monthly fixed')).toHaveLength(2);
    expect(kinds.filter((kind) => !kind.startsWith('recurring in monthly'))).toEqual([]);
  });

  it('has a rent that is paid to a person: spent, also beside a friend who pays back', () => {
    const rows: StatementRow[] = [
      ...months(
        14,
        '2025-01-01',
        (date): StatementRow => [workday(date, 'after'), -850_00, 'STANDING ORDER MARIA LOPEZ RENT'],
      ),
      ['2025-04-11', -48_00, 'FASTER PAYMENT TO TOM BECKER DINNER'],
      ['2025-04-13', 48_00, 'FASTER PAYMENT FROM TOM BECKER', 'joint'],
      ['2025-04-20', 12_00, 'FASTER PAYMENT FROM TOM BECKER', 'joint'],
      ['2025-06-01', -30_00, 'FASTER PAYMENT TO TOM BECKER'],
    ];
    expect(told(rows, '2026-03-01')).toEqual(['recurring out monthly fixed']);
  });

  it('has one alarm for a bill that was really left out, when its band is over, and none for one that is late inside it', () => {
    const bill = (late: string | undefined) =>
      months(
        12,
        '2025-01-05',
        (date, index): StatementRow => [
          index === 8 ? (late ?? '2030-01-01') : date,
          -39_99,
          'SEPA LASTSCHRIFT VODAFONE GMBH',
        ],
      ).filter(([date]) => date < '2026-01-01');
    expect(told(bill('2025-09-10'), '2026-01-01')).toEqual(['recurring out monthly fixed']);
    const missed = toldOf(bill(undefined), '2026-01-01').filter(({ first }) => first.kind === 'missed');
    expect(missed.map(({ firstDate }) => firstDate)).toEqual(['2025-09-11']);
  });

  it('keeps an insight’s fingerprint under drifting names and amounts; the next rise is another fact', () => {
    const prices = [...Array<number>(6).fill(9_99), ...Array<number>(7).fill(11_99), ...Array<number>(5).fill(13_99)];
    const names = ['SPOTIFY P1B2C3D4E5', 'Spotify P9X8Y7Z6W5 Stockholm', 'SPOTIFY AB STOCKHOLM'];
    const rows = months(
      18,
      '2025-01-11',
      (date, index): StatementRow => [date, -(prices[index] ?? 0), names[index % 3] ?? ''],
    );
    const all = toldOf(rows, '2026-07-01');
    expect(all.map(({ last }) => last.kind).sort()).toEqual(['price-change', 'price-change', 'recurring']);
  });
});
