/** The alerts as rules that Grafana judges itself, over the Prometheus data source. */
import { QueryBuilder, RuleBuilder, type RuleGroup, RuleGroupBuilder } from '@grafana/grafana-foundation-sdk/alerting';
import { TypeThresholdBuilder } from '@grafana/grafana-foundation-sdk/expr';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { type Alert, alertToPromql, causesOf, metricNamespace, type PrometheusRule } from '@quartersec/sla';
import { grafanaEvaluateMs } from '../alert-routing.ts';
import { linkedRules, type RuleLinks } from '../rule-links.ts';
import { prometheusUid } from './provisioning.ts';

/** Data source of what Grafana computes itself. */
const EXPRESSION_UID = '__expr__';

/** The query answers while the alert holds, and only then. No value of ours is negative, so any answer is above this. */
const ANY_ANSWER_ABOVE = -1;

/** Grafana wants to know how far back a query looks; PromQL says so itself, and an instant one is asked for its end alone. */
const range = { from: 600, to: 0 };

/**
 * Grafana inhibits nothing, so a rule says itself that it is quiet while a cause of it holds. A cause that must hold for a while
 * before it fires stays out: until it does, nobody would be told of either.
 */
function unlessCaused(expr: string, causes: readonly Alert[]): string {
  const firing = causes.filter(({ holdMs }) => holdMs === 0).map((cause) => `unless on () (${alertToPromql(cause)})`);
  return firing.length === 0 ? expr : [`(${expr})`, ...firing].join(' ');
}

/**
 * When Prometheus does not answer, no rule can be judged: the dead man alone says so, as itself. The others would say the same once
 * each, as `DatasourceError`. `KeepLast` would keep what fired, but Grafana 9 does not know it.
 */
const execErrStateOf = ({ kind }: Alert) => (kind === 'dead-man' ? 'Alerting' : 'OK');

function ruleOf(rule: PrometheusRule, group: string, alerts: readonly Alert[]): RuleBuilder {
  const { for: hold = '0s', labels, annotations } = rule;
  const alert = alerts.find(({ name }) => name === rule.alert);
  if (alert === undefined) throw new Error(`rule ${rule.alert} is of no alert`);
  const expr = unlessCaused(rule.expr, causesOf(alert, alerts));
  const query = new DataqueryBuilder().refId('A').expr(expr).instant();
  const answered = new TypeThresholdBuilder()
    .refId('B')
    .expression('A')
    .datasource({ type: EXPRESSION_UID, uid: EXPRESSION_UID })
    .conditions([{ evaluator: { type: 'gt', params: [ANY_ANSWER_ABOVE] } }]);
  return new RuleBuilder(alert.name)
    .uid(`${metricNamespace}-${alert.name}`)
    .ruleGroup(group)
    .condition('B')
    .queries([
      new QueryBuilder('A').datasourceUid(prometheusUid).relativeTimeRange(range).model(query),
      new QueryBuilder('B').datasourceUid(EXPRESSION_UID).relativeTimeRange(range).model(answered),
    ])
    .forDuration(hold)
    .noDataState('OK') // no answer is how the query says that all is well; NoMetrics answers when there is no metric
    .execErrState(execErrStateOf(alert))
    .labels({ ...labels })
    .annotations({ ...annotations });
}

/** @param links where the annotations lead to */
export function grafanaRuleGroups(alerts: readonly Alert[], links: RuleLinks): readonly RuleGroup[] {
  return linkedRules(alerts, links).groups.map(({ name, rules }) =>
    new RuleGroupBuilder(name)
      .interval(grafanaEvaluateMs / 1_000)
      .rules(rules.map((rule) => ruleOf(rule, name, alerts)))
      .build(),
  );
}
