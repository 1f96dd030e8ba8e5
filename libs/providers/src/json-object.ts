/** JSON that is expected to be an object. Pure: no error of a parser, which quotes the text, gets out. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** @returns `undefined` for what is no JSON, and for JSON that is no object */
export function parseObject(text: string | null): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A list is none. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
