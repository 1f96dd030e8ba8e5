/** The error lines of a system, reduced to what the board shows. The source is not trusted with sizes or shapes. */
import type { ErrorLine } from './snapshot.ts';

/** Equal ones are shown as one, so many are read. */
const linesAtMost = 200;
const textAtMost = 300;

function text(value: unknown): string {
  if (typeof value === 'string') return value.length > textAtMost ? `${value.slice(0, textAtMost)}…` : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** @param lines what the functions logged, newest first */
export function errorLinesOf(lines: unknown): readonly ErrorLine[] {
  if (!Array.isArray(lines)) return [];
  return lines.slice(0, linesAtMost).flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const line = one as Record<string, unknown>;
    return [
      {
        time: text(line.timestamp),
        level: text(line.level),
        component: text(line.component) || text(line.service),
        code: text(line.error_code),
        detail: text(line.error_detail ?? line.detail ?? line.message),
        correlationId: text(line.correlation_id),
        connectionId: text(line.connection_id),
        provider: text(line.provider),
      },
    ];
  });
}
