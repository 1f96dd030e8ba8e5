/** Faults inside a page: what a provider's data has been seen to be. Texts are changed as texts, so the rest stays exact. */
import type { SyncPage } from '../plaid/sync-page.ts';
import { alterAccounts } from './alter-accounts.ts';
import { badBytes, badLabel, removedWithout } from './bad-members.ts';
import type { FaultSetting } from './catalogue.ts';
import { setMember } from './set-member.ts';

/** Pages and records that a fault may need, worked out only when it does. */
export interface PageSurroundings {
  /** The cursor that was sent. */
  readonly cursor: string | null;
  /** Where a whole read would end. */
  cursorBehindAll(): string;
  /** The next cursor of a circle of so many. */
  nextOfCircle(length: number): string;
  pageBefore(): SyncPage | null;
  /** Records that this step or the one before removes, as they last stood. */
  removedRecords(): string[];
  /** Up to `count` records published before this page, the newest. */
  earlierRecords(count: number): string[];
}

type BadRecord = Extract<FaultSetting, { kind: 'bad-record' }>['options'];

const AMOUNT = /"amount":[^,]+/;

function changeAt(list: readonly string[], place: number, change: (json: string) => string): string[] {
  const at = Math.min(place, list.length - 1);
  return list.map((json, index) => (index === at ? change(json) : json));
}

const withMembers = (json: string, members: string): string => `{${members},${json.slice(1)}`;

function spoil(json: string, defect: BadRecord['defect']): string {
  switch (defect) {
    case 'amount-text':
      return json.replace(/"amount":([^,]+)/, '"amount":"$1"');
    case 'amount-missing':
      return setMember(json, 'amount', undefined);
    case 'amount-null':
      return setMember(json, 'amount', null);
    case 'id-missing':
      return setMember(json, 'transaction_id', undefined);
    case 'id-blank':
      return setMember(json, 'transaction_id', ' ');
    case 'id-number':
      return setMember(json, 'transaction_id', 9998);
    case 'account-missing':
      return setMember(json, 'account_id', undefined);
    case 'account-foreign':
      return setMember(json, 'account_id', 'anAccountOfSomebodyElse000000000000000');
    case 'date-missing':
      return setMember(json, 'date', undefined);
    case 'date-impossible':
      return setMember(json, 'date', '2025-02-30');
    case 'pending-text':
      return setMember(json, 'pending', 'false');
    case 'currency-missing':
      return setMember(json, 'iso_currency_code', null);
    case 'currency-both':
      return setMember(json, 'unofficial_currency_code', 'BTC');
    case 'not-an-object':
      return '"transaction"';
  }
}

function reissue(json: string): string {
  const { transaction_id: id } = JSON.parse(json) as { transaction_id: string };
  return setMember(
    setMember(json, 'transaction_id', `${id.slice(0, 25)}${[...id.slice(25)].reverse().join('')}`),
    'pending_transaction_id',
    null,
  );
}

function unknownEnum(page: SyncPage, field: string, record: number): SyncPage {
  if (field === 'update_status') return { ...page, updateStatus: 'DECADE_UPDATE_COMPLETE' };
  if (field === 'account_type' || field === 'account_subtype') {
    return {
      ...page,
      accounts: changeAt(page.accounts, record, (json) => setMember(json, field.slice(8), 'moon base')),
    };
  }
  return { ...page, added: changeAt(page.added, record, (json) => setMember(json, field, 'moon beam')) };
}

/** More decimals than the currency has; none of them zero, so that nobody can fold them away. */
const overPrecise = (text: string): string => `${text}${text.includes('.') ? '' : '.0'}0125`;

/** @returns the page as the fault leaves it; `null` for a kind that is about no page */
export function alterPage(page: SyncPage, fault: FaultSetting, around: PageSurroundings): SyncPage | null {
  switch (fault.kind) {
    case 'not-ready':
      return {
        ...page,
        accounts: [],
        added: [],
        modified: [],
        removed: [],
        nextCursor: '',
        hasMore: false,
        updateStatus: 'NOT_READY',
      };
    case 'cursor-stuck':
      return { ...page, hasMore: true, nextCursor: fault.options.cursor === 'same' ? (around.cursor ?? '') : '' };
    case 'cursor-cycle':
      return { ...page, hasMore: true, nextCursor: around.nextOfCircle(fault.options.length) };
    case 'tiny-read':
      return {
        ...page,
        added: page.added.slice(0, fault.options.records),
        hasMore: false,
        nextCursor: around.cursorBehindAll(),
        updateStatus: fault.options.status,
      };
    case 'null-list': {
      const { list } = fault.options;
      return { ...page, nullLists: list === 'every' ? ['accounts', 'added', 'modified', 'removed'] : [list] };
    }
    case 'member-missing':
      return { ...page, missing: fault.options.member };
    case 'bad-bytes':
      return {
        ...page,
        added: changeAt(page.added, fault.options.record, (json) => badBytes(json, fault.options.form)),
      };
    case 'bad-label':
      return {
        ...page,
        added: changeAt(page.added, fault.options.record, (json) => badLabel(json, fault.options.defect)),
      };
    case 'removed-without-account':
      return { ...page, removed: page.removed.map((json) => removedWithout(json, fault.options.account)) };
    case 'bad-account':
    case 'short-account-list':
      return { ...page, accounts: alterAccounts(page.accounts, fault) };
    case 'endless':
      return { ...page, hasMore: true };
    case 'duplicate-page': {
      const before = around.pageBefore();
      if (before === null) return page;
      if (fault.options.mode === 'repeat') return before;
      return {
        ...page,
        added: [...before.added, ...page.added],
        modified: [...before.modified, ...page.modified],
        removed: [...before.removed, ...page.removed],
        accounts: page.accounts.length === 0 ? before.accounts : page.accounts,
      };
    }
    case 'reordered':
      return {
        ...page,
        accounts: page.accounts.toReversed(),
        added: page.added.toReversed(),
        modified: page.modified.toReversed(),
        removed: page.removed.toReversed(),
      };
    case 'bad-record':
      return {
        ...page,
        added: changeAt(page.added, fault.options.record, (json) => spoil(json, fault.options.defect)),
      };
    case 'unknown-enum':
      return unknownEnum(page, fault.options.field, fault.options.record);
    case 'extra-field':
      return {
        ...page,
        added: changeAt(page.added, fault.options.record, (json) =>
          withMembers(json, '"carbon_footprint":{"grams":412}'),
        ),
        accounts: changeAt(page.accounts, 0, (json) => withMembers(json, '"nickname":"holidays"')),
        extraMembers: ',"server_hint":["new",1]',
      };
    case 'hostile-json': {
      const nested = `${'['.repeat(200)}${']'.repeat(200)}`;
      const members = `"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"nested":${nested}`;
      return { ...page, added: changeAt(page.added, fault.options.record, (json) => withMembers(json, members)) };
    }
    case 'unknown-currency': {
      const { currency, record } = fault.options;
      return { ...page, added: changeAt(page.added, record, (json) => setMember(json, 'iso_currency_code', currency)) };
    }
    case 'over-precise': {
      if (fault.options.where === 'balance') {
        const precise = (json: string) =>
          json.replace(/("(?:available|current)":)(-?[\d.]+)/g, (_, name, text) => name + overPrecise(text));
        return { ...page, accounts: page.accounts.map(precise) };
      }
      const precise = (json: string) => json.replace(/("amount":)([^,]+)/, (_, name, text) => name + overPrecise(text));
      return { ...page, added: changeAt(page.added, fault.options.record, precise) };
    }
    case 'odd-amount': {
      const { number, record } = fault.options;
      return { ...page, added: changeAt(page.added, record, (json) => json.replace(AMOUNT, `"amount":${number}`)) };
    }
    case 'removed-returns':
      return { ...page, added: [...page.added, ...around.removedRecords()] };
    case 'reissued-ids':
      return { ...page, added: [...around.earlierRecords(fault.options.records).map(reissue), ...page.added] };
    default:
      return null;
  }
}
