/** The way back from `parseExact`: JSON text whose numbers are as the provider wrote them. */
import { damaged, ExactNumber } from './exact-json.ts';

/** In V8 since 11.4; TypeScript's library does not name it yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** No type of ours takes it for a value: what was damaged stays so when it is read again. */
const DAMAGED = ['damaged'];

/** @param value JSON as `parseExact` or `parseDocument` gives it */
export function stringifyExact(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key: string, member: unknown) {
    const held = this[key]; // `member` has been through toJSON already
    if (held === damaged) return DAMAGED;
    return held instanceof ExactNumber ? rawJSON(held.literal) : member;
  });
}
