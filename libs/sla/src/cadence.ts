/**
 * How often values are read and rules are judged. Together they bound how late an alert can be: one scrape, one evaluation
 * and the Alertmanager's wait, so well inside `objectives.alert.visibleWithinMs`.
 */
export const cadence = {
  /** Prometheus reads the exposition, and the live evaluator takes its samples. */
  scrapeMs: 5_000,
  /** Prometheus and the live evaluator judge the rules. */
  evaluateMs: 5_000,
  /** Alertmanager collects alerts of a group before it sends the first notice. */
  groupWaitMs: 1_000,
  /** CloudWatch's finest common alarm period; metrics need storage resolution 1 s. */
  highResolutionMs: 10_000,
  /** How often AWS's services publish metrics of their own. */
  awsMetricsMs: 60_000,
} as const;

/** A window with fewer scrapes than this may hold a single sample after one missed scrape, and then answers nothing. */
export const scrapesPerWindowAtLeast = 4;

/** The longest time from an increment to a notice: the scrape that sees it, the evaluation after it, the group's wait. */
export const alertDelayMs = cadence.scrapeMs + cadence.evaluateMs + cadence.groupWaitMs;
