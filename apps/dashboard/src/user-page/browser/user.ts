/** The page of a user: shows what the API says, and again whenever it says something else. */
import 'uplot/dist/uPlot.min.css';
import '../../board/browser/base.css';
import './user.css';
import { byId, element, setText, show } from '../../board/browser/dom.ts';
import type { UserData } from '../answers.ts';
import { balanceHistories, historyFrom } from '../balance-history.ts';
import { Coalesced, followChanges, type Part, partsOf } from '../change-feed.ts';
import { calendarOf, dueEvents } from '../due-calendar.ts';
import { todayOf } from '../forecast-points.ts';
import { headlineOf } from '../headline.ts';
import type { Telling } from '../insight-words.ts';
import { keyFigures } from '../key-figures.ts';
import { dateOf } from '../local-day.ts';
import { noticesOf, pageState } from '../page-state.ts';
import {
  pollChanges,
  readAccounts,
  readConnections,
  readForecast,
  readInsights,
  readTransactions,
  sendFeedback,
} from './api.ts';
import { showBalances } from './balances-view.ts';
import { showCalendar } from './calendar-view.ts';
import type { Verdict } from './evidence.ts';
import { showForecast, type WhatIfState } from './forecast-view.ts';
import { showInsights } from './insights-view.ts';
import { showRecommendations } from './recommendations-view.ts';
import { showRecurring } from './recurring-view.ts';

const reloadEveryMs = 1_000;
const snoozeDays = 30;
/** While the first data are being read nothing may be told by the feed yet. */
const lookAgainMs = 2_000;

const sleep = (waitMs: number) => new Promise<void>((resolve) => setTimeout(resolve, waitMs));
const clockDay = () => Math.floor(Date.now() / 86_400_000);

let data: UserData | undefined;
let whatIf: WhatIfState = { without: new Set(), forecasts: undefined };
/** What the user has put away: gone at once, whatever an answer that is older says. */
const putAway = new Set<string>();
const wanted = new Set<Part>();

const withoutPutAway = (given: UserData): UserData => ({
  ...given,
  insights: given.insights.filter(({ fingerprint }) => !putAway.has(fingerprint)),
  recommendations: given.recommendations.filter(({ fingerprint }) => !putAway.has(fingerprint)),
});

function showNotices(given: UserData): void {
  const notices = noticesOf(given);
  byId('notices').hidden = notices.length === 0;
  show(byId('notices'), notices, () =>
    notices.map(({ tone, text }) => element('li', { class: 'notice', 'data-tone': tone }, text)),
  );
}

function showEmpty(isEmpty: boolean): void {
  const place = byId('empty');
  place.hidden = !isEmpty;
  show(place, isEmpty, () => [
    element('p', {}, 'In another terminal:'),
    element(
      'pre',
      {},
      element('code', {}, `npm run link -- --user ${document.body.dataset.user ?? ''} --household household-39-0`),
    ),
    element('p', { class: 'meta' }, 'It plays a login at a simulated bank. The data are here a second later.'),
  ]);
}

function showAll(): void {
  if (data === undefined) return;
  const shown = withoutPutAway(data);
  const today = todayOf(shown.forecasts) ?? clockDay();
  const telling: Telling = { accounts: shown.accounts, today, todayDate: dateOf(today) };
  const events = dueEvents(shown, today);
  const state = pageState(shown);
  const { tone, text, detail } = headlineOf(shown, events, telling);
  document.body.dataset.state = state;
  byId('headline-card').dataset.tone = tone;
  setText(byId('headline'), text);
  setText(byId('detail'), detail);
  showNotices(shown);
  showEmpty(state === 'empty');
  byId('content').hidden = state !== 'ready';
  const figures = state === 'ready' ? keyFigures(shown, events, today) : [];
  byId('figures').hidden = figures.length === 0;
  show(byId('figures'), figures, () =>
    figures.map(({ name, value, note }) =>
      element(
        'div',
        {},
        element('dt', {}, name),
        element('dd', { class: 'value' }, value),
        element('dd', { class: 'meta' }, note),
      ),
    ),
  );
  if (state !== 'ready') return;
  showRecommendations(shown, telling, say);
  showForecast(shown, whatIf, toggle);
  showCalendar(calendarOf(events, today));
  showInsights(shown, telling, say);
  showBalances(balanceHistories(shown, today));
  showRecurring(shown, telling, say);
}

function showLive(state: 'live' | 'lost' | 'wait', text: string): void {
  byId('live').dataset.live = state;
  setText(byId('live-text'), text);
}

async function load(): Promise<void> {
  const parts = new Set(wanted);
  wanted.clear();
  try {
    const before = data;
    const has = (part: Part) => parts.has(part) || before === undefined;
    const [connections, accounts, insights, transactions] = await Promise.all([
      has('connections') ? readConnections() : undefined,
      has('accounts') ? readAccounts() : undefined,
      has('insights') ? readInsights() : undefined,
      has('transactions') ? readTransactions(historyFrom(clockDay())) : undefined,
    ]);
    const nothing = {
      connections: [],
      unreadable: [],
      accounts: [],
      insights: [],
      recommendations: [],
      forecasts: [],
      transactions: [],
      isCut: false,
    };
    data = {
      ...(before ?? nothing),
      ...(connections !== undefined && { connections: connections.connections, unreadable: connections.unreadable }),
      ...(accounts !== undefined && { accounts }),
      ...insights,
      ...transactions,
    };
    showLive('live', `live, ${before === undefined ? 'read' : 'changed'} at ${new Date().toLocaleTimeString('en-GB')}`);
    showAll();
    if (insights !== undefined && whatIf.without.size > 0) void askWhatIf.ask();
    if (pageState(data) === 'reading') setTimeout(() => reload(undefined), lookAgainMs);
  } catch (error) {
    for (const part of parts) wanted.add(part);
    showLive('lost', `not read: ${error instanceof Error ? error.message : String(error)}`);
    setTimeout(() => void loading.ask(), lookAgainMs);
  }
}

const loading = new Coalesced(load, reloadEveryMs, sleep);

function reload(kinds: readonly string[] | undefined): void {
  for (const part of partsOf(kinds)) wanted.add(part);
  void loading.ask();
}

const askWhatIf = new Coalesced(
  async () => {
    const { without } = whatIf;
    try {
      const forecasts = without.size === 0 ? undefined : await readForecast(without);
      if (whatIf.without === without) whatIf = { without, forecasts };
    } catch {
      setText(byId('said'), 'That could not be asked; the forecast is as it is.');
    }
    showAll();
  },
  0,
  sleep,
);

function toggle(fingerprint: string): void {
  const without = new Set(whatIf.without);
  if (!without.delete(fingerprint)) without.add(fingerprint);
  whatIf = { ...whatIf, without };
  void askWhatIf.ask();
}

/** Where the focus goes when the card that has it goes: the next one, the one before, the list's title. */
function focusAfter(fingerprint: string): () => void {
  const item = document.activeElement?.closest('[data-item]');
  const card = item?.closest('section');
  if (!item || !card || item.getAttribute('data-item') !== fingerprint) return () => {};
  const items = [...card.querySelectorAll('[data-item]')];
  const at = items.indexOf(item);
  const ids = [items[at + 1], items[at - 1]].flatMap((one) => one?.getAttribute('data-item') ?? []);
  return () => {
    const next = ids.flatMap(
      (id) => card.querySelector<HTMLElement>(`[data-item="${CSS.escape(id)}"] .verdicts button`) ?? [],
    )[0];
    if (next !== undefined) return next.focus();
    const title = card.querySelector<HTMLElement>('h2');
    title?.setAttribute('tabindex', '-1');
    title?.focus();
  };
}

const saidWords: Readonly<Record<Verdict, string>> = {
  confirmed: 'Noted as right',
  dismissed: 'Dismissed; it comes back only if something new happens',
  snoozed: 'Put off for 30 days',
};

function say(fingerprint: string, verdict: Verdict, name: string): void {
  const refocus = focusAfter(fingerprint);
  if (verdict !== 'confirmed') putAway.add(fingerprint);
  showAll();
  if (verdict !== 'confirmed') refocus();
  setText(byId('said'), `${saidWords[verdict]}: ${name}.`);
  const until = dateOf((todayOf(data?.forecasts ?? []) ?? clockDay()) + snoozeDays);
  sendFeedback(fingerprint, verdict, until)
    .then(() => reload(['insight.cleared']))
    .catch((error: unknown) => {
      putAway.delete(fingerprint);
      showAll();
      setText(byId('said'), `That was not taken: ${error instanceof Error ? error.message : String(error)}. ${name}`);
    });
}

byId('of').addEventListener('change', ({ target }) => {
  location.assign(`/user?of=${encodeURIComponent((target as HTMLSelectElement).value)}`);
});

void followChanges({
  poll: pollChanges,
  sleep,
  visible: () =>
    new Promise((resolve) => {
      const look = () => {
        if (document.hidden) return;
        document.removeEventListener('visibilitychange', look);
        resolve();
      };
      document.addEventListener('visibilitychange', look);
      look();
    }),
  onChange: reload,
  onConnected(isConnected) {
    document.body.dataset.connected = `${isConnected}`;
    if (!isConnected) showLive('lost', 'no connection: trying again');
  },
  isStopped: () => false,
});
