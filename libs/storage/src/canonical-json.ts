/**
 * One JSON text per value, whatever order its members were made in: what is hashed must not depend on how an object
 * came to be. Members sorted by UTF-16 code units, no white space (RFC 8785 without its number rules: our numbers are
 * integers, and money is text). Lone surrogates are escaped, so the text is always well-formed Unicode.
 */

/**
 * @param value plain JSON data; members that are `undefined` are left out, as `JSON.stringify` does
 * @throws {TypeError} on a number that JSON cannot hold: it would silently become `null`
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('JSON cannot hold this number');
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members: string[] = [];
  const record = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(record).sort()) {
    const member = record[name];
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}
