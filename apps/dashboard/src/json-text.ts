/**
 * Configuration as text. Everything is written as JSON, also where a tool calls its file `.yaml` or `.yml`: JSON is YAML, so
 * no YAML library is needed and quoting cannot go wrong.
 */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
