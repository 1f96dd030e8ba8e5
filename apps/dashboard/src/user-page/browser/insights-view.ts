/** What was noticed, by kind, each with what it rests on. Recurring ones have a list of their own. */
import { byId, element, show } from '../../board/browser/dom.ts';
import type { UserData, UserInsight } from '../answers.ts';
import { groupTitles, insightWords, type Telling } from '../insight-words.ts';
import { insightAddress } from './api.ts';
import { evidenceTable, type Say, unfolding, verdictsOf } from './evidence.ts';

export function showInsights({ insights, accounts }: UserData, telling: Telling, say: Say): void {
  const told = insights.filter(({ kind }) => kind !== 'recurring');
  const item = (insight: UserInsight) => {
    const { title, detail } = insightWords(insight, telling);
    return element(
      'li',
      { class: 'card', 'data-item': insight.fingerprint, 'data-kind': insight.kind },
      element('h4', {}, title),
      element('p', {}, detail),
      unfolding(
        insight,
        'seen',
        [`${insight.confidencePercent} % sure, and why`, element('span', { class: 'heard' }, `: ${title}`)],
        insight.evidence.length > 0 && evidenceTable(insight, accounts),
        element(
          'p',
          { class: 'meta' },
          element('a', { href: insightAddress(insight.fingerprint), target: '_blank' }, `In the API: ${title}`),
        ),
        verdictsOf(insight, title, say, ['confirmed', 'dismissed']),
      ),
    );
  };
  show(byId('insights'), [told, accounts.map(({ name, mask }) => [name, mask]), telling.todayDate], () =>
    told.length === 0
      ? [element('p', { class: 'none' }, 'Nothing out of the ordinary.')]
      : Object.entries(groupTitles).flatMap(([kind, title]) => {
          const group = told.filter((one) => one.kind === kind);
          return group.length === 0
            ? []
            : [element('h3', {}, title), element('ul', { class: 'cards' }, ...group.map(item))];
        }),
  );
}
