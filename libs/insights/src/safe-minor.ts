/** @returns a safe integer: rounded, and held at the limits where sums of absurd amounts go past them; never -0 */
export function safeMinor(value: number): number {
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Math.round(value))) + 0;
}
