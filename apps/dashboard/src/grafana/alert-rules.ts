/** The alerts as rules that Grafana judges itself, over the Prometheus data source. */
import { QueryBuilder, RuleBuilder, type RuleGroup, RuleGroupBuilder } from '@grafana/grafana-foundation-sdk/alerting';
import { TypeThresholdBuilder } from '@grafana/grafana-foundation-sdk/expr';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { type Alert, metricNamespace, type PrometheusRule, prometheusRules } from '@quartersec/sla';
import { grafanaEvaluateMs } from '../alert-routing.ts';
import { prometheusUid } from './provisioning.ts';

/** Data source of what Grafana computes itself. */
const EXPRESSION_UID = '__expr__';

/** The query answers while the alert holds, and only then. No value of ours is negative, so any answer is above this. */
const ANY_ANSWER_ABOVE = -1;

/** Grafana wants to know how far back a query looks; PromQL says so itself, and an instant one is asked for its end alone. */
const range = { from: 600, to: 0 };

function ruleOf({ alert, expr, for: hold = '0s', labels, annotations }: PrometheusRule, group: string): RuleBuilder {
  const query = new DataqueryBuilder().refId('A').expr(expr).instant();
  const answered = new TypeThresholdBuilder()
    .refId('B')
    .expression('A')
    .datasource({ type: EXPRESSION_UID, uid: EXPRESSION_UID })
    .conditions([{ evaluator: { type: 'gt', params: [ANY_ANSWER_ABOVE] } }]);
  return new RuleBuilder(alert)
    .uid(`${metricNamespace}-${alert}`)
    .ruleGroup(group)
    .condition('B')
    .queries([
      new QueryBuilder('A').datasourceUid(prometheusUid).relativeTimeRange(range).model(query),
      new QueryBuilder('B').datasourceUid(EXPRESSION_UID).relativeTimeRange(range).model(answered),
    ])
    .forDuration(hold)
    .noDataState('OK') // no answer is how the query says that all is well; NoMetrics answers when there is no metric
    .execErrState('Error') // a Prometheus that does not answer is no reason to be quiet
    .labels({ ...labels })
    .annotations({ ...annotations });
}

/** @param runbookUrl address of the page with the runbooks, without anchor */
export function grafanaRuleGroups(alerts: readonly Alert[], runbookUrl: string): readonly RuleGroup[] {
  return prometheusRules(alerts, runbookUrl).groups.map(({ name, rules }) =>
    new RuleGroupBuilder(name)
      .interval(grafanaEvaluateMs / 1_000)
      .rules(rules.map((rule) => ruleOf(rule, name)))
      .build(),
  );
}
