import { describe, expect, it } from 'vitest';
import { applyFeedback, type Feedback } from './feedback.ts';
import { recommend } from './recommend.ts';
import { buildInsight } from './testing/build-insight.ts';
import { buildView, day } from './testing/build-view.ts';

const insights = [buildInsight('fees'), buildInsight('recurring')];
const recommendations = recommend(insights, { view: buildView({ today: '2026-06-20' }), forecasts: [] });
const advice = recommendations[0]?.fingerprint ?? '';

function told(feedback: readonly Feedback[], today = '2026-06-20') {
  const found = applyFeedback({ insights, recommendations }, feedback, day(today));
  expect(applyFeedback({ insights, recommendations }, [...feedback].reverse(), day(today))).toEqual(found);
  return [...found.insights.map(({ kind }) => kind), ...found.recommendations.map(({ action }) => action)];
}

function say(
  fingerprint: string,
  action: Feedback['action'],
  untilDate: string | null = null,
  atEpochMs = 1,
): Feedback {
  return { fingerprint, action, untilDate, atEpochMs };
}

describe('applyFeedback', () => {
  it('leaves all as it is where nothing was said', () => {
    expect(told([])).toEqual(['fees', 'recurring', 'avoid-fees']);
    expect(told([say('something else', 'dismiss')])).toEqual(['fees', 'recurring', 'avoid-fees']);
  });

  it('keeps a dismissed insight away with what was recommended for it, for ever', () => {
    expect(told([say('fees', 'dismiss')])).toEqual(['recurring']);
    expect(told([say('fees', 'dismiss')], '2036-06-20')).toEqual(['recurring']);
  });

  it('keeps a dismissed recommendation away, and its insight not', () => {
    expect(told([say(advice, 'dismiss')])).toEqual(['fees', 'recurring']);
  });

  it('brings a snoozed one back after its day', () => {
    expect(told([say('fees', 'snooze', '2026-06-20')])).toEqual(['recurring']);
    expect(told([say('fees', 'snooze', '2026-06-20')], '2026-06-21')).toEqual(['fees', 'recurring', 'avoid-fees']);
    expect(told([say('fees', 'snooze')])).toEqual(['fees', 'recurring', 'avoid-fees']);
  });

  it('takes the newest word; of two at once the quieter', () => {
    expect(told([say('fees', 'dismiss', null, 1), say('fees', 'confirm', null, 2)])).toEqual([
      'fees',
      'recurring',
      'avoid-fees',
    ]);
    expect(told([say('fees', 'dismiss'), say('fees', 'confirm')])).toEqual(['recurring']);
    expect(told([say('fees', 'snooze', '2026-06-19'), say('fees', 'snooze', '2026-06-21')])).toEqual(['recurring']);
  });

  it('makes a confirmed one sure, and a confirmed recurring payment mature', () => {
    const found = applyFeedback(
      { insights, recommendations },
      [say('fees', 'confirm'), say('recurring', 'confirm')],
      day('2026-06-20'),
    );
    expect(found.insights).toMatchObject([{ confidencePercent: 99 }, { confidencePercent: 99, status: 'mature' }]);
    expect(found.recommendations).toMatchObject([{ confidencePercent: 99 }]);
    const own = applyFeedback({ insights, recommendations }, [say(advice, 'confirm')], day('2026-06-20'));
    expect([own.insights[0]?.confidencePercent, own.recommendations[0]?.confidencePercent]).toEqual([90, 99]);
  });
});
