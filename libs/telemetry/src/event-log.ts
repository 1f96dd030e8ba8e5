/**
 * The structured log of a function: one JSON line an event. The members are those of Powertools' logger, so that its
 * queries and subscriptions fit; the line itself needs no more than JSON.stringify. Nothing per request is kept.
 */

/** Facts of a line: ids, codes, counts and times. Names, amounts, account numbers and tokens have no place here. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export type LogLevel = 'info' | 'warn' | 'error' | 'critical';

export interface EventLog {
  write(level: LogLevel, message: string, fields: LogFields): void;
}

export interface LogSinks {
  readonly nowEpochMs: () => number;
  writeLine(line: string): void;
}

/** @param component what writes the line, e.g. `processor.process` */
export function createEventLog(component: string, { nowEpochMs, writeLine }: LogSinks): EventLog {
  return {
    write(level, message, fields) {
      const timestamp = new Date(nowEpochMs()).toISOString();
      writeLine(JSON.stringify({ level: level.toUpperCase(), message, timestamp, component, ...fields }));
    },
  };
}
