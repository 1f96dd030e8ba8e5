/** Records that were set aside come back once they can be read. */
import { type Run, today } from './pipeline-run.ts';

/** Records of one entry that come back: few enough for one item, and the rest comes back with the next list. */
const returnedMost = 100;

/** Records that were set aside and can be read now become an entry; what was said of them since decides in the fold. */
export async function takeBack(run: Run): Promise<void> {
  const { connector, record, deps, deadline } = run;
  const { connectionId, institutionId, accounts } = run.head;
  const { records: aside, unreadable } = await deps.readAside(connectionId, deadline);
  const context = { connectionId, institutionId, knownAccounts: accounts, today: today(deps) };
  const opened = aside.flatMap((each) => {
    const transaction = connector.readRecord(each.original, context);
    return transaction === undefined ? [] : [{ each, transaction }];
  });
  const returned = opened.slice(0, returnedMost);
  const stillAside = aside.length + unreadable - returned.length;
  // Some have ended with their time to live, or were kept by a run that then lost to another.
  if (returned.length === 0 && stillAside === run.head.aside) return;
  const appended = await deps.journal.append(
    run.head,
    connectionId,
    {
      kind: 'returned',
      runId: deps.newId(),
      writtenEpochMs: deps.nowEpochMs(),
      records: returned.map(({ each, transaction }) => ({ asideVersion: each.asideVersion, transaction })),
      stillAside,
    },
    { deadline },
  );
  if (appended.outcome === 'conflict') return; // the next run that reads the list takes them up
  run.head = appended.head;
  record.version = run.head.version;
  record.committed += 1;
  record.returned += returned.length;
  await deps.journal.saveHead(run.head, { deadline });
  await deps.removeAside(
    returned.map(({ each }) => each),
    deadline,
  );
}
