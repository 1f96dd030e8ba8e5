import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProviderError } from '../provider-error.ts';
import { validatePlaidPage } from './validate-page.ts';

const require = createRequire(import.meta.url);
const exampleText = readFileSync(require.resolve('@quartersec/validation/plaid/examples/sync-page.json'), 'utf8');
const notReadyText = readFileSync(
  require.resolve('@quartersec/validation/plaid/examples/sync-page-not-ready.json'),
  'utf8',
);

const raw = (text: string) => ({ text, requestId: null });
type Json = Record<string, unknown>;
type Page = Json & { added: Json[]; modified: Json[]; removed: Json[]; accounts: Json[] };
const example = (): Page => JSON.parse(exampleText);
const validate = (page: unknown) => validatePlaidPage(raw(JSON.stringify(page)));

function failureOf(text: string): ProviderError {
  try {
    validatePlaidPage(raw(text));
  } catch (error) {
    return error as ProviderError;
  }
  throw new Error('accepted');
}

describe('validatePlaidPage', () => {
  it('takes a good page whole', () => {
    const page = validatePlaidPage(raw(exampleText));
    expect(page).toMatchObject({
      nextCursor: 'Y3Vyc29yLWFmdGVyLW1hcmNoLTE4',
      hasMore: false,
      history: 'complete',
      requestId: 'req-example-0001',
      unknownFields: 0,
      unknownEnums: 0,
    });
    expect(page.wire.added.map((record) => record?.amount.literal)).toEqual(['18.9', '-2450', '0.1975']);
    expect(page.wire.modified.map((record) => record?.transaction_id)).toEqual(['tx-noodles-pending']);
    expect(page.wire.removed.map((record) => record?.transaction_id)).toEqual(['tx-books-pending']);
    expect(page.wire.accounts.map((record) => record?.account_id)).toEqual(['acc-everyday-7Qx2', 'acc-card-9Lm4']);
    expect(page.wire.refused).toEqual([]);
  });

  it('has no cursor to keep while nothing is extracted', () => {
    expect(validatePlaidPage(raw(notReadyText))).toMatchObject({ nextCursor: null, hasMore: false });
  });

  it('sets one bad record among 500 aside, with its place, and keeps the other 499 (fault 9)', () => {
    const page = example();
    const [record] = page.added;
    page.added = Array.from({ length: 500 }, (_, index) => ({ ...record, transaction_id: `tx-${index}` }));
    page.added[321] = { ...record, amount: 'Ada Example', name: 'ADA EXAMPLE' };
    const { wire } = validate(page);
    expect(wire.added).toHaveLength(500);
    expect(wire.added.filter((each) => each !== null)).toHaveLength(499);
    expect(wire.added[321]).toBeNull();
    expect(wire.added[322]?.transaction_id).toBe('tx-322');
    expect(wire.refused).toEqual([
      {
        path: '$input.added[321].amount',
        reason: 'SCHEMA',
        expected: 'number',
        received: 'string',
        redacted: expect.any(String),
        original: JSON.stringify(page.added[321]),
      },
    ]);
    expect(wire.refused[0]?.redacted).toContain('"transaction_id":"tx-books-posted"');
    expect(JSON.stringify(wire.refused.map(({ original: _, ...shown }) => shown))).not.toMatch(/Ada|ADA|Quay|Harbour/);
  });

  it.each(['added', 'modified', 'removed', 'accounts'] as const)('sets a bad record of %s aside', (list) => {
    const page = example();
    page[list].push({ new_member: 'acc-1' });
    const { wire } = validate(page);
    expect(wire[list].at(-1)).toBeNull();
    expect(wire[list].at(0)).not.toBeNull();
    expect(wire.refused.map(({ path }) => path.startsWith(`$input.${list}[`))).toEqual([true]);
  });

  it.each([null, undefined])('takes %s for an empty list, and counts it (fault 68)', (nothing) => {
    for (const list of ['added', 'modified', 'removed', 'accounts'] as const) {
      const page = validate({ ...example(), [list]: nothing });
      expect(page.wire[list]).toEqual([]);
      expect(page).toMatchObject({ nextCursor: 'Y3Vyc29yLWFmdGVyLW1hcmNoLTE4', unknownFields: 1, unknownEnums: 0 });
    }
    const none = { added: nothing, modified: nothing, removed: nothing, accounts: nothing };
    const bare = { ...none, next_cursor: 'c1', has_more: true };
    expect(validate(bare)).toMatchObject({ nextCursor: 'c1', hasMore: true, history: 'unknown', requestId: null });
  });

  it.each([
    ['NOT_READY', 'not-ready'],
    ['INITIAL_UPDATE_COMPLETE', 'recent'],
    ['HISTORICAL_UPDATE_COMPLETE', 'complete'],
    ['TRANSACTIONS_UPDATE_STATUS_UNKNOWN', 'unknown'],
    ['SOON', 'unknown'],
    [undefined, 'unknown'],
    [['NOT_READY'], 'unknown'],
  ])('says of the history %j: %s', (status, history) => {
    expect(validate({ ...example(), transactions_update_status: status }).history).toBe(history);
  });

  it('accepts and counts what is new, everywhere in the page (fault 8)', () => {
    const page = { ...example(), new_member: 1, transactions_update_status: 'SOON' };
    Object.assign(page.added[0] ?? {}, { new_member: 1, payment_channel: 'by pigeon' });
    Object.assign(page.removed[0] ?? {}, { new_member: 1 });
    Object.assign(page.accounts[0] ?? {}, { new_member: 1, type: 'piggy bank' });
    expect(validate(page)).toMatchObject({ unknownFields: 4, unknownEnums: 3, wire: { refused: [] } });
  });

  it.each([
    [{ added: 0 }, '$input.added: expected array | null | absent, received number'],
    [{ removed: 'none' }, '$input.removed: expected array | null | absent, received string'],
    [{ accounts: {} }, '$input.accounts: expected array | null | absent, received object'],
    [{ next_cursor: undefined }, '$input.next_cursor: expected string (up to 1024), received absent'],
    [{ has_more: 'no' }, '$input.has_more: expected boolean, received string'],
    [{ next_cursor: null }, '$input.next_cursor: expected string (up to 1024), received null'],
    [{ next_cursor: '\ud800' }, '$input.next_cursor: expected well-formed Unicode, received string'],
  ])('refuses a page with %j', (change, detail) => {
    const error = failureOf(JSON.stringify({ ...example(), ...change }));
    expect(error).toMatchObject({
      code: 'PAGE_INVALID',
      outcome: 'soon',
      facts: { provider: 'plaid', detail, requestId: 'req-example-0001' },
    });
  });

  it.each(['[]', '"Ada Example"', 'null', '7', '{}', '{"request_id":"Ada Example"}'])(
    'refuses %s, which is no page',
    (text) => {
      const error = failureOf(text);
      expect(error.code).toBe('PAGE_INVALID');
      expect(error.facts.requestId).toBeUndefined();
      expect(error.message).not.toContain('Ada');
    },
  );

  it.each(['', '<html>Ada Example</html>', exampleText.slice(0, 900), '{"name":"Ada Example",}'])(
    'refuses what is not JSON, and quotes none of it: %j',
    (text) => {
      const error = failureOf(text);
      expect(error).toMatchObject({ code: 'BODY_UNREADABLE', outcome: 'soon', facts: { provider: 'plaid' } });
      expect(`${error.stack} ${JSON.stringify(error.cause)} ${(error.cause as Error).stack}`).not.toMatch(
        /Ada|Harbour/,
      );
    },
  );

  it('names the call it was for, where only the transport knows it', () => {
    const page = { ...example(), request_id: 'not an identifier' };
    expect(validatePlaidPage({ text: JSON.stringify(page), requestId: 'req-9' }).requestId).toBe('req-9');
    for (const text of ['{', '{}']) {
      expect(() => validatePlaidPage({ text, requestId: 'req-9' })).toThrow(
        expect.objectContaining({ facts: expect.objectContaining({ requestId: 'req-9' }) }),
      );
    }
  });

  it('survives hostile content: deep nesting, pollution keys, huge numbers, lone surrogates (fault 54)', () => {
    const record = JSON.stringify(example().added[0]);
    const hostile = [
      record.replace('"amount":18.9', '"amount":1e400'),
      record.replace('{', '{"__proto__":{"amount":1,"polluted":true},"constructor":{"prototype":{}},'),
      record.replace('"tx-books-posted"', '"\\ud800"'),
      record.replace('"amount":18.9', `"amount":${'9'.repeat(100_000)}`),
      `${'['.repeat(50)}${']'.repeat(50)}`,
    ];
    const text = exampleText.replace('"added": [', `"added": [${hostile.join(',')},`);
    const { wire } = validatePlaidPage(raw(text));
    expect(wire.added.map((each) => each !== null)).toEqual([true, true, true, true, false, true, true, true]);
    expect(wire.added[0]?.amount.literal).toBe('1e400');
    expect(({} as Json).polluted).toBeUndefined();
    const deep = validatePlaidPage(raw(exampleText.replace('"added": [', `"added": [${'['.repeat(100_000)}`)));
    expect(deep.wire.added.map((each) => each !== null)).toEqual([false, true, true]);
    expect(
      failureOf(exampleText.replace('"added": [', `"x": ${'['.repeat(100_000)}${']'.repeat(100_000)}, "added": [`))
        .facts.detail,
    ).toContain('JSON_TOO_DEEP');
  });

  it.each([
    ['modified', '"modi\udc80ied"', '$input.modified: expected array, received damaged'],
    ['next_cursor', '"next_c\udc80rsor"', '$input.next_cursor: expected string (up to 1024), received absent'],
  ])('refuses a page in which the name of %s cannot be read: it may have been full', (member, name, detail) => {
    expect(failureOf(exampleText.replace(`"${member}"`, name))).toMatchObject({
      code: 'PAGE_INVALID',
      facts: { detail },
    });
  });

  it.each(['next_cursor', 'has_more', 'added'])('refuses a page that says %s twice, in two ways', (member) => {
    const text = exampleText.replace(/\}\s*$/, `,"${member}":[5]}`);
    expect(failureOf(text).facts.detail).toMatch(new RegExp(`^\\$input.${member}: expected .*, received damaged$`));
  });

  it('throws nothing but its own errors, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((json) => `{"added":${json}}`),
        ),
        (text) => {
          expect(['PAGE_INVALID', 'BODY_UNREADABLE']).toContain(failureOf(text).code);
        },
      ),
    );
  });
});

const samples = new URL('../../../../../shared/providers/samples/plaid/', import.meta.url);

describe.runIf(existsSync(samples))("Plaid's published page", () => {
  it('is valid, with nothing refused and nothing unknown', () => {
    const page = validatePlaidPage(raw(readFileSync(new URL('transactions_sync.response.json', samples), 'utf8')));
    expect(page).toMatchObject({
      nextCursor:
        'tVUUL15lYQN5rBnfDIc1I8xudpGdIlw9nsgeXWvhOfkECvUeR663i3Dt1uf/94S8ASkitgLcIiOSqNwzzp+bh89kirazha5vuZHBb2ZA5NtCDkkV',
      hasMore: false,
      requestId: 'Wvhy9PZHQLV8njG',
      unknownFields: 0,
      unknownEnums: 0,
      wire: { refused: [] },
    });
  });

  it.each([
    'accounts_balance_get.response.json',
    'error.item_login_required.400.json',
    'error.transactions_sync_limit.429.json',
    'error.transactions_sync_mutation.400.json',
    'webhook.item.error.json',
    'webhook.transactions.sync_updates_available.json',
    'webhook_verification_key_get.response.json',
  ])('is not what %s is', (name) => {
    expect(failureOf(readFileSync(new URL(name, samples), 'utf8')).code).toBe('PAGE_INVALID');
  });
});
