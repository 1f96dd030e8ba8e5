import { describe, expect, it } from 'vitest';
import { months, type StatementRow, toldOf } from './testing/statement-walk.ts';

/** A year and a half of one contract, as the bank prints it by then. */
function statement(texts: readonly string[], minors: readonly number[]): readonly StatementRow[] {
  return months(18, '2025-01-07', (date, index) => [
    date,
    minors[index % minors.length] ?? 0,
    texts[index % texts.length] ?? '',
  ]);
}

const recurring = (rows: readonly StatementRow[], dismissed: readonly string[] = []) =>
  toldOf(
    rows,
    '2026-06-20',
    5,
    dismissed.map((fingerprint) => ({ fingerprint, action: 'dismiss', untilDate: null, atEpochMs: 1 })),
  ).filter(({ last }) => last.kind === 'recurring');

describe('a dismissed recurring payment is not told again', () => {
  it.each([
    [
      'though its name is printed in other ways',
      ['NETFLIX.COM 866-579-7172', 'PAYPAL *NETFLIX.COM 4029357733', 'NETFLIX INTERNATIONAL B.V.'],
      [-1_299],
    ],
    ['though its amount drifts', ['VODAFONE GMBH'], [-3_499, -3_610, -3_388, -3_702]],
    [
      'though both do, with references that change',
      ['SEPA-Lastschrift Vodafone GmbH Kd-Nr 12345678 Rechnung 03/2024', 'VODAFONE GMBH', 'Vodafone GmbH MREF+9921'],
      [-3_499, -3_499, -3_721, -3_455],
    ],
  ])('%s', (_what, texts, minors) => {
    const rows = statement(texts, minors);
    const told = recurring(rows);
    expect(told).toHaveLength(1);
    expect(
      recurring(
        rows,
        told.map(({ first }) => first.fingerprint),
      ),
    ).toEqual([]);
  });
});
