/** What the user can do, the most important first. */
import { byId, element, show } from '../../board/browser/dom.ts';
import type { UserData } from '../answers.ts';
import type { Telling } from '../insight-words.ts';
import { recommendationWords } from '../recommendation-words.ts';
import { evidenceTable, type Say, unfolding, verdictsOf } from './evidence.ts';

const shownAtOnce = 3;

export function showRecommendations(data: UserData, telling: Telling, say: Say): void {
  const { recommendations, insights, accounts } = data;
  const card = (one: UserData['recommendations'][number]) => {
    const { action, benefit, why } = recommendationWords(one, insights, telling);
    return element(
      'li',
      { class: 'card', 'data-item': one.fingerprint },
      element('h3', {}, action),
      benefit !== '' && element('p', { class: 'benefit' }, benefit),
      element('p', {}, why),
      one.evidence.length > 0 &&
        unfolding(one, 'do', [`Why we think so, ${one.confidencePercent} % sure`], evidenceTable(one, accounts)),
      verdictsOf(one, action, say, ['confirmed', 'snoozed', 'dismissed']),
    );
  };
  show(
    byId('recommendations'),
    [recommendations, accounts.map(({ name, mask }) => [name, mask]), telling.todayDate],
    () => [
      recommendations.length === 0 && element('p', { class: 'none' }, 'Nothing needs you now.'),
      recommendations.length > 0 &&
        element('ol', { class: 'cards' }, ...recommendations.slice(0, shownAtOnce).map(card)),
      recommendations.length > shownAtOnce &&
        element(
          'details',
          { 'data-fold': 'more-to-do' },
          element('summary', { 'data-focus': 'more-to-do' }, `${recommendations.length - shownAtOnce} more`),
          element('ol', { class: 'cards' }, ...recommendations.slice(shownAtOnce).map(card)),
        ),
    ],
  );
}
