/** Equal errors as one, with their number: an outage says the same a hundred times. Pure. */
import type { ErrorGroup, ErrorLine } from './snapshot.ts';

/** Single ids and times aside: what went wrong, and where. */
const sameAs = ({ level, component, code, detail, provider }: ErrorLine) =>
  JSON.stringify([level, component, code, detail, provider]);

/**
 * @param lines newest first
 * @returns newest first, each with the newest line of its kind
 */
export function errorGroups(lines: readonly ErrorLine[]): readonly ErrorGroup[] {
  const groups = new Map<string, ErrorGroup>();
  for (const line of lines) {
    const key = sameAs(line);
    const group = groups.get(key);
    groups.set(key, { ...(group ?? line), times: (group?.times ?? 0) + 1, firstTime: line.time });
  }
  return [...groups.values()];
}
