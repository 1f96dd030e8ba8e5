/** The page all contenders read: the shape of `/transactions/sync` with everything a bank with full detail sends. Invented data. */

const merchants = ['Harbour Books', 'Noodle Bar', 'Green Grocer', 'City Transit', 'Lantern Cinema'];

/** @returns JSON text; the same for the same count */
export function examplePageText(transactions: number): string {
  return JSON.stringify({
    accounts: [account('acc-everyday', 'depository', 'checking'), account('acc-card', 'credit', 'credit card')],
    added: Array.from({ length: transactions }, (_, index) => transaction(index)),
    modified: [],
    removed: [{ account_id: 'acc-everyday', transaction_id: 'tx-pending-0' }],
    next_cursor: 'Y3Vyc29yLWFmdGVyLW1hcmNoLTE4',
    has_more: false,
    request_id: 'req-bench',
    transactions_update_status: 'HISTORICAL_UPDATE_COMPLETE',
  });
}

function account(accountId: string, type: string, subtype: string): object {
  return {
    account_id: accountId,
    balances: {
      available: 1204.4,
      current: 1254.9,
      iso_currency_code: 'USD',
      limit: type === 'credit' ? 5000 : null,
      unofficial_currency_code: null,
    },
    mask: '4417',
    name: 'Everyday Account',
    official_name: 'Northwind Everyday',
    subtype,
    type,
  };
}

function transaction(index: number): object {
  const merchant = merchants[index % merchants.length];
  const pending = index % 10 === 0;
  return {
    account_id: index % 3 === 0 ? 'acc-card' : 'acc-everyday',
    account_owner: null,
    amount: (1000 + index * 37) / 100,
    iso_currency_code: 'USD',
    unofficial_currency_code: null,
    check_number: null,
    counterparties: [
      {
        name: merchant,
        type: 'merchant',
        logo_url: `https://logos.example/${index % merchants.length}.png`,
        website: 'merchant.example',
        entity_id: `ent-${index % merchants.length}`,
        confidence_level: 'VERY_HIGH',
      },
    ],
    date: '2026-03-17',
    datetime: '2026-03-17T09:41:05Z',
    authorized_date: '2026-03-16',
    authorized_datetime: '2026-03-16T19:20:30Z',
    location: {
      address: `${index} Quay Street`,
      city: 'Portland',
      region: 'ME',
      postal_code: '04101',
      country: 'US',
      lat: 43.6591,
      lon: -70.2568,
      store_number: String(index),
    },
    name: `POS ${8800 + index} ${merchant?.toUpperCase()}`,
    merchant_name: merchant,
    merchant_entity_id: `ent-${index % merchants.length}`,
    logo_url: `https://logos.example/${index % merchants.length}.png`,
    website: 'merchant.example',
    payment_meta: {
      by_order_of: null,
      payee: null,
      payer: null,
      payment_method: null,
      payment_processor: null,
      ppd_id: null,
      reason: null,
      reference_number: null,
    },
    payment_channel: 'in store',
    pending,
    pending_transaction_id: pending ? null : `tx-pending-${index}`,
    personal_finance_category: {
      primary: 'GENERAL_MERCHANDISE',
      detailed: 'GENERAL_MERCHANDISE_OTHER',
      confidence_level: 'VERY_HIGH',
    },
    personal_finance_category_icon_url: 'https://icons.example/merchandise.png',
    transaction_id: `tx-${index}`,
    transaction_code: null,
    transaction_type: 'place',
  };
}
