/** Records that are set aside come back, through the real connector: by themselves, and on command. */
import type { Connector } from '@quartersec/providers';
import { describe, expect, it } from 'vitest';
import { type EventReport, processEvent } from './process-event.ts';
import type { ScriptedPipeline } from './scripted-pipeline.ts';
import type { SyncRequested } from './sync-event.ts';
import {
  plaidAccount as account,
  createPlaidPipeline,
  plaidPage as page,
  standingOf,
  plaidTransaction as transaction,
} from './testing/plaid-pipeline.ts';

const dayMs = 86_400_000;
const limits = { hardDeadlineMs: 2_000 };

function run(pipeline: ScriptedPipeline, members: Partial<SyncRequested> = {}): Promise<EventReport> {
  return processEvent(pipeline.event('conn-1', members), limits, pipeline.deps);
}

const standing = async (pipeline: ScriptedPipeline) =>
  (await standingOf(pipeline)).map(({ transaction }) => transaction.providerTransactionId);

describe('a record of an account that nobody had listed', () => {
  const first = page({ added: [transaction] });

  it('comes back with the page that names its account', async () => {
    const { pipeline } = await createPlaidPipeline([first, page({ accounts: [account] })], [[]]);
    expect(await run(pipeline)).toMatchObject({ quarantined: 1 });
    expect(await standing(pipeline)).toEqual([]);
    expect(pipeline.quarantined.map(({ reason }) => reason)).toEqual(['ACCOUNT_UNKNOWN']);
    expect(await run(pipeline)).toMatchObject({ outcome: { kind: 'committed' }, returned: 1 });
    expect(await standing(pipeline)).toEqual(['tx-1']);
    expect(await pipeline.head('conn-1')).toMatchObject({ aside: 0 });
  });

  it('comes back with the account list of another day', async () => {
    const other = { ...account, account_id: 'acc-0', mask: '1111' };
    const { pipeline } = await createPlaidPipeline([first, page({})], [[other], [other, account]]);
    expect(await run(pipeline)).toMatchObject({ quarantined: 1 });
    pipeline.advanceMs(dayMs);
    expect(await run(pipeline)).toMatchObject({ returned: 1 });
    expect(await standing(pipeline)).toEqual(['tx-1']);
  });
});

describe('a record that an older version could not read', () => {
  /** Reads no record, and sets each aside with its text. */
  const older = (connector: Connector): Connector => ({
    ...connector,
    normalisePage(valid, context) {
      const read = connector.normalisePage(valid, context);
      const { length } = (valid.wire as { added: object[] }).added;
      const aside = { reason: 'SCHEMA', expected: 'a number', received: 'string', redacted: '{}' } as const;
      // Of its own text: what the wire types hold has exact numbers.
      const original = JSON.stringify(transaction);
      const quarantined = Array.from({ length }, () => ({ ...aside, path: '$input.added[0]', original }));
      return { ...read, added: [], quarantined };
    },
    readRecord: () => undefined,
  });

  async function setAside() {
    const { pipeline, connector } = await createPlaidPipeline([page({ added: [transaction] }), page({})], [[account]]);
    const before = { ...pipeline.deps, connectorFor: () => older(connector) };
    await processEvent(pipeline.event('conn-1'), limits, before);
    expect(await pipeline.head('conn-1')).toMatchObject({ aside: 1 });
    expect(await run(pipeline)).toMatchObject({ returned: 0 });
    return pipeline;
  }

  it('comes back by itself within a day of the version that can', async () => {
    const pipeline = await setAside();
    pipeline.advanceMs(dayMs);
    expect(await run(pipeline, { reason: 'schedule' })).toMatchObject({ returned: 1 });
    expect(await standing(pipeline)).toEqual(['tx-1']);
    expect(pipeline.quarantined).toEqual([]);
  });

  it('comes back at once on command', async () => {
    const pipeline = await setAside();
    expect(await run(pipeline, { retakeAside: true })).toMatchObject({ returned: 1 });
    expect(await standing(pipeline)).toEqual(['tx-1']);
  });
});
