/** What Prometheus reads at start: whom to scrape, how often to judge, whom to tell. */
import { cadence, metricNamespace, prometheusDuration } from '@quartersec/sla';

export interface PrometheusConfigOptions {
  /** `host:port` that serves the metrics under `/metrics`. */
  readonly target: string;
  /** `host:port` */
  readonly alertmanager: string;
  /** From the configuration file. */
  readonly rulesFile: string;
}

export function prometheusConfig({ target, alertmanager, rulesFile }: PrometheusConfigOptions) {
  const scrapeInterval = prometheusDuration(cadence.scrapeMs);
  return {
    global: {
      scrape_interval: scrapeInterval,
      scrape_timeout: scrapeInterval, // its own default is longer than our interval, which it would refuse
      evaluation_interval: prometheusDuration(cadence.evaluateMs),
    },
    rule_files: [rulesFile],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    scrape_configs: [{ job_name: metricNamespace, static_configs: [{ targets: [target] }] }],
  };
}
