/** Share of a normal distribution below `z` standard deviations, within 0.00012 (Zelen and Severo 1964, 26.2.16). */
export function normalShare(z: number): number {
  const t = 1 / (1 + 0.33267 * Math.abs(z));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * t * (0.4361836 + t * (-0.1201676 + 0.937298 * t));
  return z >= 0 ? 1 - tail : tail;
}
