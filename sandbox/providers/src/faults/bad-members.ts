/** Defects in the text of one record: bytes, labels, removals. */
import type { FaultSetting } from './catalogue.ts';
import { setMember } from './set-member.ts';

type Options<Kind extends FaultSetting['kind']> = Extract<FaultSetting, { readonly kind: Kind }>['options'];

/** A character that no record has; it leaves as one byte that is no UTF-8. */
export const BAD_BYTE_MARK = '\u{f8ff}';

export function badBytes(json: string, form: Options<'bad-bytes'>['form']): string {
  const { name } = JSON.parse(json) as { name: unknown };
  const marked = setText(json, 'name', `${BAD_BYTE_MARK}${String(name)}`);
  switch (form) {
    case 'invalid-utf8':
      return marked;
    case 'control-character':
      return marked.replace(BAD_BYTE_MARK, '\u0001\n');
    case 'amount-twice':
      return json.replace(/"amount":(-?)([^,]+)/, '"amount":$1$2,"amount":$11$2');
    case 'name-twice':
      return `{"name":"FIRST NAME",${json.slice(1)}`;
  }
}

export function badLabel(json: string, defect: Options<'bad-label'>['defect']): string {
  const { counterparties, location, name } = JSON.parse(json) as Record<string, unknown>;
  const party = {
    name: null,
    type: 'merchant',
    logo_url: null,
    website: null,
    entity_id: null,
    confidence_level: 'LOW',
  };
  switch (defect) {
    case 'half-emoji':
      return setText(json, 'name', `\ud83d${String(name)}`);
    case 'long-name':
      return setText(json, 'name', 'N'.repeat(5_000));
    case 'null-name':
      return setText(json, 'name', null);
    case 'null-category':
      return setText(json, 'personal_finance_category', {
        primary: 'FOOD_AND_DRINK',
        detailed: null,
        confidence_level: 'HIGH',
      });
    case 'null-counterparty':
      return setText(json, 'counterparties', [party, ...(Array.isArray(counterparties) ? counterparties : [])]);
    case 'latitude-text':
      return setText(json, 'location', { ...(location as object), lat: '51.5' });
    case 'long-website':
      return setText(json, 'website', `https://example.com/${'w'.repeat(5_000)}`);
    case 'number-as-text':
      return setText(json, 'check_number', 1_024);
    case 'date-time-nonsense':
      return setText(json, 'authorized_datetime', 'yesterday');
  }
}

/** Sets a member and keeps the amount's own digits. */
function setText(json: string, name: string, value: unknown): string {
  const amount = /"amount":([^,]+)/.exec(json)?.[1] ?? '0';
  return setMember(json, name, value).replace(/"amount":[^,]+/, `"amount":${amount}`);
}

export function removedWithout(json: string, account: Options<'removed-without-account'>['account']): string {
  const foreign = 'anAccountOfSomebodyElse000000000000000';
  return setMember(json, 'account_id', { missing: undefined, null: null, foreign }[account]);
}
