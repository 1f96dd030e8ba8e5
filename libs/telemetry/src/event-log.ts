/** The structured log of a function: one JSON line an event, by Powertools. Nothing per request is kept in it. */
import { Logger } from '@aws-lambda-powertools/logger';

/** Facts of a line: ids, codes, counts and times. Names, amounts, account numbers and tokens have no place here. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export type LogLevel = 'info' | 'warn' | 'error' | 'critical';

export interface EventLog {
  write(level: LogLevel, message: string, fields: LogFields): void;
}

/** @param component what writes the line, e.g. `processor.process`; becomes `service` and `component` of every line */
export function createEventLog(component: string): EventLog {
  const logger = new Logger({ serviceName: component, persistentKeys: { component } });
  return { write: (level, message, fields) => logger[level](message, fields) };
}
