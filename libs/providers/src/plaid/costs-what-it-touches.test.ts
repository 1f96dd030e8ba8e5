import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import type { CanonicalPage, Transaction } from '@quartersec/validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDamaged } from '../decode-damaged.ts';
import { normalisePlaidPage } from './normalise-page.ts';
import { validatePlaidPage } from './validate-page.ts';

const require = createRequire(import.meta.url);
const exampleText = readFileSync(require.resolve('@quartersec/validation/plaid/examples/sync-page.json'), 'utf8');

type Json = Record<string, unknown>;
type Page = Json & { added: Json[]; modified: Json[]; removed: Json[]; accounts: Json[] };
const context = { connectionId: 'conn-1', institutionId: 'ins_northwind', knownAccounts: [], today: '2026-03-18' };
const normaliseText = (text: string) => normalisePlaidPage(validatePlaidPage({ text, requestId: null }), context);

/** A record in which every member that Plaid documents is given. */
const full = {
  ...(JSON.parse(exampleText) as Page).added[0],
  authorized_datetime: '2026-03-15T09:41:05-05:00',
  original_description: 'POS 8841',
  check_number: '104',
  counterparties: [
    { name: 'Harbour Books', type: 'merchant', entity_id: 'ent-1', confidence_level: 'HIGH', website: 'books.example' },
    { name: 'Till', type: 'payment_app', entity_id: 'ent-2', confidence_level: 'LOW', logo_url: null },
  ],
  merchant_entity_id: 'ent-1',
  logo_url: 'https://logos.example/1.png',
  website: 'books.example',
  payment_meta: { payee: 'Harbour Books', payer: 'Ada Example', reason: 'Books', reference_number: 'R-1' },
  personal_finance_category: { primary: 'A', detailed: 'A_B', confidence_level: 'HIGH', version: 'v2' },
  location: { city: 'Portland', region: 'ME', country: 'US', postal_code: '04101', lat: 43.6591, lon: -70.2568 },
  account_owner: null,
  transaction_type: 'place',
  category: ['Shops'],
  category_id: '1',
};

function pageOf(record: Json): Page {
  const others = [{ ...full, transaction_id: 'tx-before' }, record, { ...full, transaction_id: 'tx-after' }];
  return { ...JSON.parse(exampleText), added: others, modified: [], removed: [] };
}
const normalise = (record: Json) => normaliseText(JSON.stringify(pageOf(record)));
const changedRecord = ({ added }: CanonicalPage) =>
  added.find(({ providerTransactionId }) => providerTransactionId === 'tx-books-posted');
const before = changedRecord(normalise(full)) as Transaction;

/** By the wire's member: which of our members may be other than before. Money, ids and the booking date never are. */
const touched: Readonly<Record<string, readonly (keyof Transaction)[]>> = {
  datetime: ['bookingDateTime'],
  authorized_date: ['executionDate'],
  authorized_datetime: ['executionDateTime'],
  name: ['description'],
  merchant_name: ['merchantName'],
  original_description: [],
  payment_channel: ['channel'],
  payment_meta: ['counterpartyName', 'remittance'],
  transaction_code: ['bankTransactionCode'],
  personal_finance_category: ['category'],
  location: ['location'],
  account_owner: [],
  check_number: ['checkNumber'],
  counterparties: ['counterparties'],
  merchant_entity_id: ['merchantEntityId'],
  logo_url: [],
  website: [],
  personal_finance_category_icon_url: [],
  transaction_type: [],
  category: [],
  category_id: [],
};

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(undefined, null, 5, true, '', ' ', '43.6', [], {}, [null], 'CAFE \ud83c', 'x'.repeat(4097)),
  fc.constantFrom('x'.repeat(4097), 'a\udc00').map((text) => ({ name: text, lat: text, primary: text, payee: text })),
);

describe('a defect in one member', () => {
  it.each(Object.keys(touched))('of %s costs that member alone (fault 66)', (member) => {
    fc.assert(
      fc.property(anything, (value) => {
        const page = normalise({ ...full, [member]: value });
        expect(page.quarantined).toEqual([]);
        expect(page.added).toHaveLength(3);
        const after = changedRecord(page) as Transaction;
        for (const name of [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof Transaction)[]) {
          if (name === 'flags' || name === 'contentHash' || touched[member]?.includes(name)) continue;
          expect({ [name]: after[name] }).toEqual({ [name]: before[name] });
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['half an emoji', { name: 'CAFE \ud83c' }, { description: null }],
    ['a text too long', { name: 'x'.repeat(4097) }, { description: null }],
    ['a null label', { name: null }, { description: null }],
    ['a merchant that is a number', { merchant_name: 7 }, { merchantName: null }],
    ['a place that is none', { location: 'Portland' }, {}],
    ['half an emoji in a payee', { payment_meta: { payee: '\ud83c', reason: 'R' } }, { remittance: ['R'] }],
    ['a payee that is a number', { payment_meta: { payee: 7, reason: 'R' } }, { remittance: ['R'] }],
    ['a channel that is null', { payment_channel: null }, { channel: null }],
    [
      'a category with a null half',
      { personal_finance_category: { primary: 'A', detailed: null } },
      { category: null },
    ],
    ['a category with no half', { personal_finance_category: { primary: 'A' } }, { category: null }],
    ['an ill-formed category', { personal_finance_category: { primary: 'A', detailed: '\ud800' } }, { category: null }],
    ['a website too long', { website: `https://x.example/${'y'.repeat(5000)}` }, {}],
    ['counterparties that are none', { counterparties: {} }, {}],
  ])('is flagged: %s', (_, change, kept) => {
    expect(changedRecord(normalise({ ...full, ...change }))).toMatchObject({
      amount: before.amount,
      bookingDate: before.bookingDate,
      flags: ['MEMBER_DROPPED'],
      ...kept,
    });
  });

  it.each([
    { datetime: 5 },
    { authorized_date: {} },
    { authorized_datetime: 'x'.repeat(4097) },
    { authorized_date: '\ud800' },
  ])('is flagged as a date: %j', (change) => {
    expect(changedRecord(normalise({ ...full, ...change }))?.flags).toEqual(['DATE_DROPPED']);
  });

  it.each(['location', 'payment_meta', 'account_owner', 'name', 'payment_channel', 'transaction_code', 'datetime'])(
    'is none where %s did not come: counted, not flagged',
    (member) => {
      const text = JSON.stringify(pageOf({ ...full, [member]: undefined }));
      const page = validatePlaidPage({ text, requestId: null });
      expect(page).toMatchObject({ unknownFields: 1, unknownEnums: 0 });
      expect(changedRecord(normalisePlaidPage(page, context))?.flags).toEqual([]);
    },
  );

  it.each(['transaction_id', 'account_id', 'amount', 'date', 'pending'])('of %s costs the record alone', (member) => {
    const notOne = fc.constantFrom(undefined, null, 'x'.repeat(4097), [], {}, [5]);
    fc.assert(
      fc.property(notOne, (value) => {
        const page = normalise({ ...full, [member]: value });
        expect(page.added.map(({ providerTransactionId }) => providerTransactionId)).toEqual(['tx-before', 'tx-after']);
        expect(page.quarantined).toHaveLength(1);
        expect(page.quarantined[0]?.path).toBe(`$input.added[1].${member}`);
      }),
    );
  });

  it('leaves nothing of who and where in the record that is set aside', () => {
    const [record] = normalise({ ...full, amount: null }).quarantined;
    expect(record?.redacted).toContain('"check_number":"[3 chars]"');
    expect(record?.redacted).not.toMatch(/Harbour|Ada|ent-1|104|Portland|04101|43\.6|70\.2|books\.example/);
  });

  it.each(['amount', 'date', 'transaction_id', 'account_id', 'iso_currency_code', 'pending'])(
    'that gives %s twice costs the record, and is never the last of the two (fault 69)',
    (member) => {
      const before = JSON.stringify(pageOf(full));
      const at = before.indexOf(`"${member}":`, before.indexOf('tx-before') + 10);
      for (const value of ['1', '"2026-03-01"', 'true']) {
        const page = normaliseText(`${before.slice(0, at)}"${member}":${value},${before.slice(at)}`);
        expect(page.added.map(({ providerTransactionId }) => providerTransactionId)).toEqual(['tx-before', 'tx-after']);
        expect(page.quarantined).toMatchObject([{ path: `$input.added[1].${member}`, received: 'damaged' }]);
        // Nor when it is read again.
        const again = `{"added":[${page.quarantined[0]?.original}],"next_cursor":"","has_more":false}`;
        expect(normaliseText(again).quarantined[0]?.path).toBe(`$input.added[0].${member}`);
      }
    },
  );

  it('that gives a text twice, or with a raw control character, costs the text', () => {
    const text = JSON.stringify(pageOf({ ...full, name: 'NAME' }));
    for (const name of ['"A\tB"', '"A","name":"B"', '"A\u0000"']) {
      expect(changedRecord(normaliseText(text.replace('"NAME"', name)))).toMatchObject({
        amount: before.amount,
        description: null,
        flags: ['MEMBER_DROPPED'],
      });
    }
    const sent = changedRecord(normaliseText(text.replace('"NAME"', '"A\ufffd"')));
    expect(sent).toMatchObject({ description: 'A\ufffd', flags: [] });
  });

  it('costs no more than its record, whatever one byte of a record becomes (fault 69)', () => {
    const ids = Array.from({ length: 5 }, (_, index) => `${index}`.repeat(12));
    const bytes = Buffer.from(
      JSON.stringify({ ...pageOf(full), added: ids.map((id) => ({ ...full, transaction_id: id })) }),
    );
    const good = normaliseText(bytes.toString());
    const start = bytes.indexOf('"added":[') + 9;
    const end = bytes.indexOf('],"modified"');
    fc.assert(
      fc.property(fc.integer({ min: start, max: end - 1 }), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const changed = Buffer.from(bytes);
        changed[at] = byte;
        const out = normaliseText(decodeDamaged(changed));
        const same = out.added.filter((each) => good.added.some((other) => isDeepStrictEqual(each, other)));
        expect(same.length).toBeGreaterThanOrEqual(4);
        expect(out.added.length + out.quarantined.length).toBe(5);
        expect(out.accounts).toEqual(good.accounts);
      }),
      { numRuns: 1_500 },
    );
  });

  it('of an account costs no transaction, unless it is the account’s id', () => {
    const example = JSON.parse(exampleText) as Page;
    const [account] = example.accounts;
    const members = Object.keys(account ?? {}).filter((name) => name !== 'account_id');
    const inner = ['current', 'available', 'limit', 'iso_currency_code', 'unofficial_currency_code'];
    fc.assert(
      fc.property(fc.constantFrom(...members, ...inner), anything, (member, value) => {
        const change = inner.includes(member)
          ? { balances: { ...(account?.balances as Json), [member]: value } }
          : { [member]: value };
        const page = { ...example, accounts: [{ ...account, ...change }, ...example.accounts.slice(1)] };
        const out = normaliseText(JSON.stringify(page));
        expect(out.accounts).toHaveLength(2);
        expect(out.added).toHaveLength(3);
        expect(out.accounts[0]?.providerAccountId).toBe(account?.account_id);
        for (const { path } of out.quarantined) expect(path).toMatch(/^\$input\.accounts\[0\]\.(?:balances|type)/);
      }),
      { numRuns: 300 },
    );
  });
});
