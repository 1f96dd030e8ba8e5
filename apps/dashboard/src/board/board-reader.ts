/** What the board asks of a source, whichever it is. */
import type { AlertNotice } from './alert-log.ts';
import type { Ask, AuditFact } from './objective-rows.ts';
import type { ConnectionsState, ErrorLine, FaultSwitch, RangeData } from './snapshot.ts';

/** What a source says at a moment, from what was read last: no I/O. */
export interface SourceView {
  readonly ask: Ask;
  /** Of the newest data; `undefined` before any. */
  readonly dataEpochMs: number | undefined;
  /** Everything that fires, as of `listedEpochMs`. */
  readonly notices: readonly AlertNotice[];
  readonly listedEpochMs: number;
  readonly errors: readonly ErrorLine[];
  readonly errorsElsewhere?: string;
  readonly faultSwitch: FaultSwitch;
  readonly warnings: readonly string[];
  /** Where the source knows them. */
  readonly connections?: ConnectionsState;
  /** Where the source knows it; `null` before the first audit. */
  readonly lastAudit?: AuditFact | null;
}

export interface BoardReader {
  readonly kind: 'system' | 'prometheus';
  readonly url: string;
  /** How often it is worth asking. */
  readonly readEveryMs: number;
  /** Data older than this is stale. */
  readonly staleAfterMs: number;
  /** @throws {SourceError} when nothing new could be had */
  read(nowEpochMs: () => number): Promise<void>;
  view(nowEpochMs: number): SourceView;
  /** @throws {RangeError} for a range that there is not */
  chartData(rangeId: string, nowEpochMs: number): RangeData;
  /** Passes a request on to the source's fault switches, where it has some. @throws {SourceError} */
  switchFault(method: string, path: string, body: string): Promise<string>;
}
