import { createLabelledHousehold, judgingSeeds } from '@quartersec/sandbox-providers';
import { describe, expect, it } from 'vitest';
import { summarise } from './accuracy-summary.ts';
import { dayNumber } from './day-text.ts';
import { insightsOf } from './insights-of.ts';
import { judgeHousehold, type Tell } from './judge-household.ts';
import { readLedger } from './ledger-household.ts';

const accuracyOf = (seeds: readonly number[], stepDays: number, tell: Tell) =>
  summarise(seeds.map((seed) => judgeHousehold(createLabelledHousehold(seed), stepDays, tell)));

const consentEnd = { currency: null, confidencePercent: 99, counterparty: null, evidence: [] } as const;

describe('judgeHousehold', () => {
  it('finds nothing and calls nothing wrong where nothing is told', () => {
    const { kinds } = accuracyOf([1], 30, () => []);
    expect(Object.values(kinds).map(({ found, told }) => found + told)).toEqual(Object.keys(kinds).map(() => 0));
    expect(kinds.recurring?.planted).toBe(10);
  });

  it('calls wrong what is no end of a consent, and finds those that are told two weeks before', () => {
    const tell: Tell = ({ today, connections }) =>
      connections.flatMap(({ connectionId, consentEndsDay }) => {
        if (consentEndsDay === null) return [];
        const days = consentEndsDay - today;
        const about = { ...consentEnd, kind: 'consent-ends', connectionId, days } as const;
        const told = { ...about, date: '2022-01-01', fingerprint: `${connectionId} ${consentEndsDay}` };
        const early = { ...about, date: '2022-01-01', fingerprint: `early ${connectionId}` };
        return days <= 14 ? [told] : days === 100 ? [early] : [];
      });
    const { kinds } = accuracyOf([3], 1, tell);
    expect(kinds['consent-ends']).toEqual({
      planted: 6,
      found: 6,
      told: 7,
      wrong: 1,
      precisionPercent: 85.7,
      recallPercent: 100,
    });
  });

  it('calls a series wrong whose evidence is of none: every shop told as a subscription', () => {
    const tell: Tell = ({ ledgers }) =>
      ledgers
        .filter(({ direction, movements }) => direction === 'out' && movements.length > 20)
        .map(({ connectionId, accountId, key, currency, movements }) => {
          const evidence = movements.slice(-12).map(({ day, minor }) => {
            const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
            return { connectionId, accountId, date, minor };
          });
          const amounts = { typicalMinor: 1, lowMinor: 1, highMinor: 1, lastMinor: 1, lastDate: '2022-01-01' };
          const next = { nextDate: '2022-01-01', nextFromDate: '2022-01-01', nextToDate: '2022-01-01' };
          const state = { direction: 'out', cadence: 'weekly', status: 'mature', amountKind: 'fixed' } as const;
          const about = { kind: 'recurring', category: 'other', occurrences: 9, date: '2022-01-01' } as const;
          return { ...consentEnd, ...amounts, ...next, ...state, ...about, currency, evidence, fingerprint: key };
        });
    const { kinds } = accuracyOf([1], 60, tell);
    expect(kinds.recurring?.wrong).toBeGreaterThan(2);
    expect(kinds.recurring?.found).toBe(0);
  });
});

describe('alarms of a missed payment', () => {
  it('are early where a payment inside the band comes behind them', () => {
    const isOver: Tell = (view) =>
      insightsOf(view).flatMap((insight) => {
        if (insight.kind !== 'recurring' || insight.status !== 'mature') return [];
        const { nextFromDate, nextToDate, fingerprint } = insight;
        const band = { expectedFromDate: nextFromDate, expectedToDate: nextToDate };
        return [{ ...insight, ...band, kind: 'missed', status: 'late', fingerprint: `${fingerprint} ${nextToDate}` }];
      });
    const { alarms } = accuracyOf([1], 10, isOver);
    expect(alarms.alarms).toBeGreaterThan(50);
    expect(alarms.early / alarms.alarms).toBeGreaterThan(0.9);
    expect(accuracyOf([1, 2, 3], 10, insightsOf).alarms).toMatchObject({ early: 0 });
  });
});

describe('the public ledger', () => {
  it('is read whole, with each label about records of one payee', () => {
    const household = readLedger(new URL('../../../../libs/insights/ledgers/wiegley-2003.json', import.meta.url));
    expect(household.transactions).toHaveLength(1169);
    expect([household.firstDay, household.lastDay]).toEqual([dayNumber('2003-01-01'), dayNumber('2004-09-28')]);
    const byId = new Map(household.transactions.map((each) => [each.id, each]));
    const parties = household.labels.map(({ ids }) => new Set(ids.map((id) => byId.get(id)?.counterparty)).size);
    expect(new Set(parties)).toEqual(new Set([1]));
  });
});

/** What detectors have reached on households that nobody tunes on; raised as they get better. Percent. */
const floors = {
  recurring: { precision: 90, recall: 80 },
  fees: { precision: 90, recall: 85 },
  'consent-ends': { precision: 100, recall: 100 },
} as const;

describe('what is told to households that nobody tunes on', () => {
  const seeds = Array.from({ length: 6 }, (_, index) => judgingSeeds.from + index);
  const summary = accuracyOf(seeds, 7, insightsOf);

  it.each(Object.entries(floors))('%s keeps its floor', (kind, { precision, recall }) => {
    expect(summary.kinds[kind]?.precisionPercent).toBeGreaterThanOrEqual(precision);
    expect(summary.kinds[kind]?.recallPercent).toBeGreaterThanOrEqual(recall);
  });

  it('takes no wage, bill or friend for the user', () => {
    expect(summary.transfers).toMatchObject({ wrong: 0, swallowed: 0 });
    expect(summary.transfers.paired).toBeGreaterThan(100);
  });
});
