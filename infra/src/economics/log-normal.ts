/** Log-normal numbers, as response times are: most near the median, a long tail. Given by their median and p95. */

/** The standard normal's 95th percentile. */
const z95 = 1.644_853_627;

function sigmaOf(p50: number, p95: number): number {
  return Math.log(p95 / p50) / z95;
}

/** What a bill adds up is the mean, and it is above the median. */
export function logNormalMean(p50: number, p95: number): number {
  return p50 * Math.exp(sigmaOf(p50, p95) ** 2 / 2);
}

/** @returns a function that draws one number, by Box and Muller */
export function logNormalDraw(p50: number, p95: number): (random: () => number) => number {
  const sigma = sigmaOf(p50, p95);
  return (random) => p50 * Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}
