/** Faults in a list of accounts, of a page or of an account list. */
import type { FaultSetting } from './catalogue.ts';
import { setMember } from './set-member.ts';

type AccountFault = Extract<FaultSetting, { readonly kind: 'bad-account' | 'short-account-list' }>;
type Defect = Extract<FaultSetting, { readonly kind: 'bad-account' }>['options']['defect'];

export const isAccountFault = (fault: FaultSetting): fault is AccountFault =>
  fault.kind === 'bad-account' || fault.kind === 'short-account-list';

function spoil(json: string, defect: Defect): string {
  switch (defect) {
    case 'half-emoji':
      return json.replace('"name":"', '"name":"\\ud83d');
    case 'null-name':
      return setMember(json, 'name', null);
    case 'long-name':
      return setMember(json, 'name', 'N'.repeat(5_000));
    case 'mask-number':
      return setMember(json, 'mask', 1_234);
    case 'subtype-number':
      return setMember(json, 'subtype', 7);
    case 'balances-null':
      return setMember(json, 'balances', null);
    case 'balances-missing':
      return setMember(json, 'balances', undefined);
    case 'current-text':
      return json.replace(/"current":(-?[\d.]+)/, '"current":"$1"');
    case 'currency-none':
      return json.replace(/"iso_currency_code":"[A-Z]+"/, '"iso_currency_code":null');
    case 'float-noise':
      return json.replace(/"current":-?[\d.]+/, '"current":1.1368683772161603e-13');
    case 'id-missing':
      return setMember(json, 'account_id', undefined);
  }
}

/** @param accounts JSON texts */
export function alterAccounts(accounts: readonly string[], fault: AccountFault): string[] {
  if (fault.kind === 'short-account-list') return accounts.slice(0, fault.options.accounts);
  const { account, defect } = fault.options;
  const at = Math.min(account, accounts.length - 1);
  return accounts.map((json, place) => (place === at ? spoil(json, defect) : json));
}
