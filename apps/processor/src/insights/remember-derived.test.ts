import { encodeInsightState, type Head, type JournalEntry, type PageEntry } from '@quartersec/storage';
import type { Transaction } from '@quartersec/validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { account, transaction } from '../scripted-pipeline.ts';
import { type ApiSystem, createApiSystem, nowEpochMs } from '../testing/api-system.ts';
import { assessUser, type UserConnection } from './assess.ts';
import { type Derived, dayOfEpochMs, nothingDerived, packDerived } from './derived.ts';
import { readDerivedOrWhole, readWhole } from './read-derived.ts';
import { rememberDerived } from './remember-derived.ts';

const dayMs = 86_400_000;
const today = dayOfEpochMs(nowEpochMs);
const deadline = { remainingMs: () => 10_000, elapsedMs: () => 0 };
const histories = Number(process.env.QUARTERSEC_HISTORIES) || 60;

/** A month apart: a contract; days apart: a shop. What leaves one connection may come to the other. */
const payees = [
  { name: 'Reelhouse', minor: '-1299', everyDays: 30, detailed: 'ENTERTAINMENT_TV_AND_MOVIES' },
  { name: 'Employer', minor: '210000', everyDays: 30, detailed: 'INCOME_WAGES' },
  { name: 'Market', minor: '-4210', everyDays: 4, detailed: 'FOOD_AND_DRINK_GROCERIES' },
  { name: 'Transfer savings', minor: '-40000', everyDays: 31, detailed: 'TRANSFER_OUT_ACCOUNT_TRANSFER' },
  { name: 'Transfer checking', minor: '40000', everyDays: 31, detailed: 'TRANSFER_IN_ACCOUNT_TRANSFER' },
] as const;

const stepOf = fc.record({
  connection: fc.nat(2),
  kind: fc.constantFrom('pay', 'pay', 'pay', 'change', 'remove', 'accounts', 'loop', 'quiet', 'save', 'relink'),
  payee: fc.nat(payees.length - 1),
  times: fc.nat(6),
  ago: fc.nat(40),
  isRead: fc.boolean(),
});

type Step = typeof stepOf extends fc.Arbitrary<infer Value> ? Value : never;

/** Three connections of one user, and what is standing in them. */
class Household {
  readonly system: ApiSystem = createApiSystem();
  readonly #records = new Map<string, Transaction[]>();
  #ids = 0;

  async begin(): Promise<void> {
    for (const id of this.ids) await this.system.link(id);
  }

  readonly ids = ['c0', 'c1', 'c2'] as const;

  async take({ connection, kind, payee, times, ago }: Step): Promise<void> {
    const id = this.ids[connection] ?? 'c0';
    const records = this.#records.get(id) ?? [];
    this.#records.set(id, records);
    const paid = Array.from({ length: times + 1 }, (_, at) => this.#paid(id, payee, ago, at));
    const target = records.at(-1 - ago);
    const { system } = this;
    if (kind === 'pay') await system.append(id, system.page(paid));
    if (kind === 'quiet') await system.append(id, system.page([]));
    if (kind === 'remove' && target !== undefined)
      await system.append(id, system.page([], { removed: [target.transactionId] }));
    if (kind === 'change' && target !== undefined)
      await system.append(
        id,
        system.page([], { modified: [{ ...target, amount: { ...target.amount, minor: '-777' } }] }),
      );
    if (kind === 'accounts')
      await system.append(id, system.accounts([{ ...account(String(1_000 * ago)), accountId: `acc-${id}` }]));
    if (kind === 'loop') {
      const first = system.page(paid) as PageEntry;
      const loop = { ...first.loop, last: false };
      await system.append(id, { ...first, loop });
      // Half of the loops are left open.
      if (ago % 2 === 0)
        await system.append(id, { ...(system.page([]) as PageEntry), loop: { ...loop, page: 2, last: true } });
    }
    if (kind === 'save') await this.#save(id);
    if (kind === 'relink') {
      await system.forget(id);
      await system.link(id, 'user-1', { runId: `link-${ago}` });
      records.length = 0;
      // As long as the one before it, or longer.
      for (let version = 0; version < 4 * times; version += 1) await system.append(id, system.page([]));
    }
    if (kind === 'pay' || kind === 'loop') records.push(...paid);
  }

  async heads(): Promise<readonly Head[]> {
    const heads = await Promise.all(this.ids.map((id) => this.system.journal.readHead(id, { deadline, fresh: true })));
    return heads.filter((head) => head !== undefined);
  }

  /** From all entries, with nothing kept of before. */
  async fresh(head: Head): Promise<Derived> {
    return (await readWhole(this.system.table, head, deadline)).derived();
  }

  async #save(id: string): Promise<void> {
    const head = await this.system.journal.readHead(id, { deadline, fresh: true });
    if (head === undefined) return;
    const derived = await this.fresh(head);
    if (derived.loop !== null) return;
    const item = encodeInsightState({ ...head, body: packDerived(derived) });
    await this.system.table.put(item, undefined, { deadline });
  }

  #paid(id: string, payee: number, ago: number, at: number): Transaction {
    const { name, minor, everyDays, detailed } = payees[payee] ?? payees[0];
    const daysAgo = ago + at * everyDays;
    this.#ids += 1;
    return transaction(`${id}-${this.#ids}`, {
      accountId: `acc-${id}`,
      amount: { minor, exponent: 2, currency: 'USD', unofficialCurrency: null },
      bookingDate: new Date(nowEpochMs - daysAgo * dayMs).toISOString().slice(0, 10),
      merchantName: name,
      category: { primary: detailed.split('_')[0] ?? '', detailed },
    });
  }
}

describe('what is remembered', () => {
  it(`is what all entries come to, and so is what is told of it (${histories} random histories)`, async () => {
    let rolled = 0;
    let reads = 0;
    let told = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(stepOf, { minLength: 4, maxLength: 30 }), async (steps) => {
        const household = new Household();
        await household.begin();
        const tables = { cache: household.system.table, entries: household.system.table };
        const remembered = rememberDerived(async (head, within, kept) => {
          reads += 1;
          const derived = await readDerivedOrWhole(tables, household.system.table, head, within, kept);
          if (kept !== undefined) rolled += 1;
          return derived;
        });
        for (const step of [...steps, { ...(steps[0] as Step), isRead: true }]) {
          await household.take(step);
          if (!step.isRead) continue;
          const heads = await household.heads();
          const known = await Promise.all(
            heads.map(async (head) => ({ head, derived: await remembered(head, deadline) })),
          );
          const fresh = await Promise.all(heads.map(async (head) => ({ head, derived: await household.fresh(head) })));
          for (const [at, { derived }] of known.entries()) {
            const made = fresh[at]?.derived;
            expect(derived).toMatchObject({ version: made?.version, hash: made?.hash, assessedDay: made?.assessedDay });
            expect(derived.state).toEqual(made?.state);
            expect(derived.balances).toEqual(made?.balances);
          }
          const assessed = judged(known);
          expect(assessed).toEqual(judged(fresh));
          told += assessed.insights.length;
        }
      }),
      { numRuns: histories },
    );
    expect(rolled).toBeGreaterThan(reads / 4);
    // About two in a history on average, most of them in few: 60 histories have had 58.
    expect(told).toBeGreaterThan(histories / 4);
  });

  it('reads nothing of a connection that has not moved, and of one that has only what is behind', async () => {
    const asked: number[] = [];
    const system = createApiSystem();
    const { table } = system;
    const entries = {
      ...table,
      query: (...[range, options]: Parameters<typeof table.query>) => {
        asked.push(Number(range.fromSk.slice(-12)));
        return table.query(range, options);
      },
      get: (...[key, options]: Parameters<typeof table.get>) => {
        asked.push(Number(key.sk.slice(-12)));
        return table.get(key, options);
      },
    };
    const remembered = rememberDerived((head, within, kept) =>
      readDerivedOrWhole({ cache: table, entries }, entries, head, within, kept),
    );
    await system.link('c0');
    for (let version = 2; version < 5; version += 1) {
      const head = await system.append('c0', system.page([transaction(`t-${version}`)]));
      await remembered(head, deadline);
      await remembered(head, deadline);
    }
    expect(asked).toEqual([1, 3, 4]);
  });

  it('is of the connections that were asked for last, as many as their movements allow', async () => {
    const reads: string[] = [];
    const remembered = rememberDerived(async ({ connectionId }) => {
      reads.push(connectionId);
      return withMovements(10);
    }, 24);
    const ask = async (connectionId: string) => {
      await remembered({ connectionId, version: 0, hash: nothingDerived.hash } as Head, deadline);
    };
    for (const connectionId of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(connectionId);
    expect(reads).toEqual(['a', 'b', 'c', 'b']);
  });
});

function judged(connections: readonly UserConnection[]) {
  return assessUser(connections, today, [], new Set());
}

function withMovements(count: number): Derived {
  const content = { added: Array.from({ length: count }, () => transaction('t')), modified: [] };
  const { content: page } = { content } as unknown as JournalEntry & { readonly content: PageEntry };
  return { ...nothingDerived, loop: { id: 'l', pages: [page] } };
}
