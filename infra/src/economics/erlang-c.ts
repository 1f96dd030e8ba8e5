/** How long work waits for one of several servers (M/M/c): Poisson arrivals, exponential service, one queue. */

/** Busy servers on average (Little's law): arrivals a second x seconds each. */
export function busyOnAverage(arrivalsPerSecond: number, serviceMs: number): number {
  return (arrivalsPerSecond * serviceMs) / 1_000;
}

/**
 * Erlang C: share of arrivals that find every server busy.
 * @param load busy servers on average; 1 is returned when it is not below `servers`, as the queue then grows for ever
 */
export function shareThatWaits(servers: number, load: number): number {
  if (load >= servers) return 1;
  let blocking = 1; // Erlang B by its recurrence: the factorials of the textbook form overflow from 171 servers on
  for (let n = 1; n <= servers; n += 1) blocking = (load * blocking) / (n + load * blocking);
  return blocking / (1 - (load / servers) * (1 - blocking));
}

/** Mean over all arrivals, also those that do not wait; infinite when the servers are too few. */
export function meanWaitMs(servers: number, arrivalsPerSecond: number, serviceMs: number): number {
  const load = busyOnAverage(arrivalsPerSecond, serviceMs);
  return load >= servers ? Number.POSITIVE_INFINITY : (shareThatWaits(servers, load) * serviceMs) / (servers - load);
}

/** The wait that this share of arrivals stays under, 0 to 1 (exclusive). */
export function waitPercentileMs(
  servers: number,
  arrivalsPerSecond: number,
  serviceMs: number,
  percentile: number,
): number {
  const load = busyOnAverage(arrivalsPerSecond, serviceMs);
  if (load >= servers) return Number.POSITIVE_INFINITY;
  const waiting = shareThatWaits(servers, load);
  const longer = 1 - percentile;
  return waiting <= longer ? 0 : (Math.log(waiting / longer) * serviceMs) / (servers - load);
}

/** The fewest servers with which `percentile` of arrivals waits at most `upToMs`. */
export function serversFor(
  arrivalsPerSecond: number,
  serviceMs: number,
  target: { readonly percentile: number; readonly upToMs: number },
): number {
  let servers = Math.floor(busyOnAverage(arrivalsPerSecond, serviceMs)) + 1;
  while (waitPercentileMs(servers, arrivalsPerSecond, serviceMs, target.percentile) > target.upToMs) servers += 1;
  return servers;
}
