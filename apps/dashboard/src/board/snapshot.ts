/** What the board knows at a moment: what the page shows, and what programs get at /snapshot.json. Types alone. */

/** No data is never a promise kept: what cannot be judged says so. */
export type RowStatus = 'kept' | 'broken' | 'no-data' | 'too-few' | 'not-asked';

export interface ObjectiveRow {
  /** Key in `objectives`. */
  readonly key: string;
  readonly title: string;
  readonly status: RowStatus;
  /** In the unit of the objective; `null` without an answer. */
  readonly value: number | null;
  readonly bound: number;
  readonly valueText: string;
  readonly boundText: string;
  /** How far from being broken, as a share: 1 far, 0 at the bound, below 0 beyond; `null` where there is no such thing. */
  readonly margin: number | null;
  readonly marginText: string;
  /** What the value was taken from. */
  readonly note: string;
}

/** How an alert came here: judged by the board itself, by a Prometheus (its API, or Alertmanager's notices), or by Grafana. */
export type AlertPath = 'live' | 'prometheus' | 'grafana';

export interface AlertEntry {
  readonly path: AlertPath;
  readonly name: string;
  readonly severity: string;
  readonly title: string;
  readonly whatToDo: string;
  /** What is measured, now: "43.1 % in the last minute"; absent where the path does not say. */
  readonly figure?: string;
  /** When it ends by itself; absent for alerts that are not ours. */
  readonly clears?: string;
  /** Name of the alert that it follows from, while both fire. */
  readonly under?: string;
  /** Address of its runbook section, and what to call it. */
  readonly runbook?: { readonly href: string; readonly label: string };
  readonly status: 'firing' | 'resolved';
  readonly firedEpochMs: number;
  readonly resolvedEpochMs?: number;
  /** When the board had it first. */
  readonly shownEpochMs: number;
  /** At most so long after what it is about had happened; absent where the moment is not known. */
  readonly arrivedWithinMs?: number;
}

export interface ErrorLine {
  readonly time: string;
  readonly level: string;
  readonly component: string;
  readonly code: string;
  readonly detail: string;
  readonly correlationId: string;
  readonly connectionId: string;
  readonly provider: string;
}

/** Equal lines as one: the newest of them. */
export interface ErrorGroup extends ErrorLine {
  readonly times: number;
  /** Of the oldest of them. */
  readonly firstTime: string;
}

export type SourceStatus = 'connecting' | 'live' | 'stale' | 'disconnected';

export interface SourceState {
  readonly kind: 'system' | 'prometheus';
  readonly url: string;
  readonly status: SourceStatus;
  /** Of the newest data; `null` before any. */
  readonly dataAgeMs: number | null;
  readonly trouble?: string;
  /** What a reader must know to trust the figures. */
  readonly warnings: readonly string[];
}

export type VerdictLevel = 'kept' | 'at-risk' | 'broken' | 'no-data' | 'stale' | 'disconnected';

export interface Verdict {
  readonly level: VerdictLevel;
  /** What is wrong, in one sentence with its figure. */
  readonly headline: string;
  /** Changes only with the verdict: it is read aloud. */
  readonly announced: string;
  /** With figures that move. */
  readonly detail: string;
}

export interface FaultSwitch {
  readonly available: boolean;
  readonly on: boolean;
  /** Why there is none, or what it does. */
  readonly says: string;
}

/** How a state is marked, beside its words. `user`: its user has something to do. `still`: nothing to do, and nothing new yet. */
export type ConnectionTone = 'good' | 'still' | 'stale' | 'user' | 'ended';

export interface ConnectionCount {
  readonly status: string;
  readonly count: number;
  readonly tone: ConnectionTone;
  /** With its number: "3 need a login". */
  readonly text: string;
}

/** Ids and states alone. */
export interface ConnectionLine {
  readonly connectionId: string;
  readonly userId: string;
  readonly institutionId: string;
  readonly status: string;
  readonly stateText: string;
  readonly tone: ConnectionTone;
  /** What its user has to do; `null`: nothing. */
  readonly todo: string | null;
  readonly history: string;
  /** Open accounts. */
  readonly accounts: number;
  /** When the provider was last read to the end; `null` before the first time. */
  readonly syncedEpochMs: number | null;
  /** Linked by a user after the system's start. */
  readonly byHand: boolean;
}

export interface ConnectionsState {
  /** When the system had last asked its table. */
  readonly readEpochMs: number;
  readonly linked: number;
  /** One for each status that a connection has. */
  readonly counts: readonly ConnectionCount[];
  /** Of freshness, and of what could not be read. */
  readonly says: readonly string[];
  /** At most 20: those in trouble, those linked by hand, then a few that work. */
  readonly rows: readonly ConnectionLine[];
}

export interface Snapshot {
  readonly atEpochMs: number;
  readonly source: SourceState;
  readonly verdict: Verdict;
  readonly objectives: readonly ObjectiveRow[];
  /** Those that fire first, of these the critical ones; then newest first. */
  readonly alerts: readonly AlertEntry[];
  /** Newest first. */
  readonly errors: readonly ErrorGroup[];
  /** Set where the source has no error lines: where they are. */
  readonly errorsElsewhere?: string;
  readonly faultSwitch: FaultSwitch;
  /** Absent where the source does not know them. */
  readonly connections?: ConnectionsState;
}

export type ChartUnit = 'ms' | 'per minute' | 'share' | 'factor';

export interface ChartLineData {
  readonly name: string;
  /** One each of `times`; `null` without an answer. */
  readonly values: readonly (number | null)[];
}

export interface ChartData {
  readonly id: string;
  readonly title: string;
  readonly explains: string;
  readonly unit: ChartUnit;
  /** `bad`: on which side of it a promise is broken, or an alert fires. */
  readonly limits: readonly { readonly name: string; readonly value: number; readonly bad?: 'above' | 'below' }[];
  readonly lines: readonly ChartLineData[];
}

export interface RangeData {
  readonly range: string;
  readonly spanMs: number;
  readonly stepMs: number;
  readonly toEpochMs: number;
  /** Unix seconds, ascending, one a step. */
  readonly times: readonly number[];
  readonly charts: readonly ChartData[];
}
