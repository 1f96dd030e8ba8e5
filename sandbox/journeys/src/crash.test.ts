import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunction } from '@quartersec/processor/bundle';
import { type System, sendEvent } from '@quartersec/sandbox-system';
import type { EntryContent } from '@quartersec/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCleanAudit, expectTruth, readJournal, startJourneySystem, until } from './journey.ts';
import { plantFault, setPageSize } from './provider-control.ts';

/** Every step of the pipeline, each with a connection that takes it: a bad record to quarantine, several pages to continue. */
const steps = ['load', 'fetch', 'validate', 'normalise', 'quarantine', 'commit', 'head', 'continue'];
const recordsAPage = 10;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quartersec-crash-'));
  await bundleFunction(join(import.meta.dirname, 'crashing-process.ts'), join(folder, 'bundle'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** One event through a system whose function is killed after `crashAfter`; what the journal says in the end. */
async function journalAfter(crashAfter: string): Promise<unknown[]> {
  const marker = join(folder, `crashed-${crashAfter}`);
  const system = await startJourneySystem({
    connections: 1,
    // Nothing beyond the history is published: an event that comes twice looks twice, and must find nothing new.
    providers: { published: 0 },
    processBundle: join(folder, 'bundle'),
    processEnvironment: { CRASH_AFTER: crashAfter, CRASH_MARKER: marker },
    functionTimeoutMs: 2_000,
    queue: { visibilityTimeoutSeconds: 2, maxReceiveCount: 5 },
  });
  try {
    await setPageSize(system.controlUrl, 'access-sandbox-0', recordsAPage);
    // The same record of the page is bad on every read, so the provider's answer does not depend on the crash.
    await plantFault(system.controlUrl, 'access-sandbox-0', { kind: 'bad-record', options: { record: 3 } });
    await sendEvent(system.queueUrl, 'conn-0');
    await until(`the end of the loop, killed after ${crashAfter}`, async () => {
      const { head } = await readJournal(system, 'conn-0');
      return head.lastSync !== null && head.loop === null && (await idle(system));
    });
    expect(existsSync(marker)).toBe(crashAfter !== 'never');
    await expectCleanAudit(system);
    const { entries, head } = await readJournal(system, 'conn-0');
    const telling = entries.filter(({ content }) => !saysNothing(content));
    const accounts = head.accounts.map(({ readEpochMs: _, ...account }) => account);
    return [...telling.map(({ content }) => lasting(content)), { cursor: head.cursor, accounts }];
  } finally {
    await system.close();
  }
}

async function idle(system: System): Promise<boolean> {
  const queue = system.host.stats().queues['sync-plaid'];
  return queue !== undefined && queue.visible + queue.inFlight + queue.delayed === 0;
}

/** The entry of a look that found nothing new. */
function saysNothing(content: EntryContent): boolean {
  if (content.kind !== 'page') return false;
  return [content.added, content.modified, content.removed, content.accounts].every((list) => list.length === 0);
}

/** What two runs of the same history have in common: all but ids and times of the run. */
function lasting(content: object): object {
  const {
    runId: _run,
    writtenEpochMs: _written,
    syncStartedEpochMs: _started,
    queuedEpochMs: _queued,
    readEpochMs: _read,
    list: _list,
    sealedToken: _token,
    ...rest
  } = content as Record<string, unknown>;
  const { id: _loop, ...loop } = (rest.loop as Record<string, unknown> | undefined) ?? {};
  return { ...rest, loop };
}

describe('a function killed between two steps', () => {
  let undisturbed: unknown[];

  beforeAll(async () => {
    undisturbed = await journalAfter('never');
    expect(undisturbed.length).toBeGreaterThan(5); // several pages, so that every step is taken
  });

  // Each has a system of its own, and spends most of its time on waiting for the message to come back.
  it.concurrent.for(steps)(
    'after "%s": the redelivery makes the journal that an undisturbed run makes',
    async (step, { expect }) => {
      expect(await journalAfter(step)).toEqual(undisturbed);
    },
  );
});

describe('two runs of one connection at once', () => {
  it('store everything once', async () => {
    const onePageEach = { multiPageShare: 0 };
    const system = await startJourneySystem({ connections: 1, providers: onePageEach });
    try {
      for (let round = 0; round < 10; round += 1) {
        const runs = [1, 2].map(() =>
          fetch(system.processUrl, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: '{"connectionId":"conn-0"}',
          }),
        );
        expect((await Promise.all(runs)).map(({ status }) => status)).toEqual([200, 200]);
      }
      const { entries } = await readJournal(system, 'conn-0');
      expect(entries.map(({ version }) => version)).toEqual(entries.map((_, index) => index + 1));
      const kinds = Map.groupBy(entries, ({ content }) => content.kind);
      // Linked once, its accounts listed once, then one entry a run: nothing twice, nothing lost.
      expect([...kinds].map(([kind, found]) => [kind, found.length])).toEqual([
        ['linked', 1],
        ['accounts', 1],
        ['page', 20],
      ]);
      await expectTruth(system, 0);
      await expectCleanAudit(system);
    } finally {
      await system.close();
    }
  });
});
