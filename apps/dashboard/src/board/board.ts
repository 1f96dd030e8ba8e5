/** The board between its source and its readers: what was read last, what has fired, and what to say about it. */

import { underCauses } from './alert-groups.ts';
import { type AlertNotice, arrivalsOf, endUnnamed, recordAlerts } from './alert-log.ts';
import type { BoardReader, SourceView } from './board-reader.ts';
import { errorGroups } from './error-groups.ts';
import { deliveryWarnings, type FailedDelivery, recordFailure } from './failed-deliveries.ts';
import { eventsLastMinute, objectiveRows } from './objective-rows.ts';
import type { AlertEntry, RangeData, Snapshot, SourceState, SourceStatus } from './snapshot.ts';
import { SourceError } from './source-request.ts';
import { verdictOf } from './verdict.ts';

export class Board {
  readonly reader: BoardReader;
  readonly #nowEpochMs: () => number;
  #alerts: readonly AlertEntry[] = [];
  #watchingSinceEpochMs: number;
  #failedDeliveries: readonly FailedDelivery[] = [];
  #trouble: SourceError | undefined;
  #answeredEpochMs: number | undefined;

  constructor(reader: BoardReader, nowEpochMs: () => number) {
    this.reader = reader;
    this.#nowEpochMs = nowEpochMs;
    this.#watchingSinceEpochMs = nowEpochMs();
  }

  /** One read of the source; never rejects: what went wrong is a state of the board. */
  async read(): Promise<void> {
    try {
      await this.reader.read(this.#nowEpochMs);
      this.#trouble = undefined;
      this.#answeredEpochMs = this.#nowEpochMs();
    } catch (error) {
      this.#trouble =
        error instanceof SourceError ? error : new SourceError('SOURCE_WRONG', String(error), { cause: error });
    }
  }

  /** A notification that was lost, wholly or in part: told for a while among the warnings, as its alerts cannot be. */
  lose(reason: string): void {
    this.#failedDeliveries = recordFailure(this.#failedDeliveries, reason, this.#nowEpochMs());
  }

  /** Notices that came by themselves, from Alertmanager or Grafana. */
  receive(notices: readonly AlertNotice[]): void {
    this.#alerts = recordAlerts(this.#alerts, notices, this.#nowEpochMs(), this.#watchingSinceEpochMs);
  }

  /** Judges what is known now. Call it at every read and while one is waited for. */
  snapshot(): Snapshot {
    const nowEpochMs = this.#nowEpochMs();
    const view = this.reader.view(nowEpochMs);
    this.#record(view, nowEpochMs);
    const source = this.#sourceState(view, nowEpochMs);
    const { lastAudit } = view;
    const arrivals = arrivalsOf(this.#alerts);
    const objectives = objectiveRows(view.ask, { arrivals, ...(lastAudit !== undefined && { lastAudit }) });
    const alerts = underCauses(this.#alerts);
    const events = view.ask(eventsLastMinute) ?? 0;
    return {
      atEpochMs: nowEpochMs,
      source,
      verdict: verdictOf(source, objectives, alerts, events),
      objectives,
      alerts,
      errors: errorGroups(view.errors),
      ...(view.errorsElsewhere !== undefined && { errorsElsewhere: view.errorsElsewhere }),
      faultSwitch: view.faultSwitch,
      ...(view.connections !== undefined && { connections: view.connections }),
    };
  }

  /** @throws {RangeError} for a range that there is not */
  chartData(rangeId: string): RangeData {
    return this.reader.chartData(rangeId, this.#nowEpochMs());
  }

  #record({ notices, listedEpochMs }: SourceView, nowEpochMs: number): void {
    const path = this.reader.kind === 'system' ? 'live' : 'prometheus';
    const names = notices.map(({ name }) => name);
    const recorded = recordAlerts(this.#alerts, notices, nowEpochMs, this.#watchingSinceEpochMs);
    this.#alerts = endUnnamed(recorded, path, names, listedEpochMs, nowEpochMs);
  }

  #sourceState({ dataEpochMs, warnings }: SourceView, nowEpochMs: number): SourceState {
    // Newer than now: the clock was set back, and how old the data are is not known any better than by so much
    const dataAgeMs = dataEpochMs === undefined ? null : Math.abs(nowEpochMs - dataEpochMs);
    return {
      kind: this.reader.kind,
      url: this.reader.url,
      status: this.#status(dataAgeMs),
      dataAgeMs,
      ...(this.#trouble !== undefined && { trouble: this.#trouble.message }),
      warnings: [...deliveryWarnings(this.#failedDeliveries, nowEpochMs), ...warnings],
    };
  }

  #status(dataAgeMs: number | null): SourceStatus {
    if (this.#trouble?.code === 'SOURCE_REFUSED') return 'disconnected';
    if (dataAgeMs === null) {
      if (this.#trouble !== undefined) return 'stale';
      return this.#answeredEpochMs === undefined ? 'connecting' : 'live';
    }
    return dataAgeMs > this.reader.staleAfterMs ? 'stale' : 'live';
  }
}
