/**
 * The SDK builds alert rules, contact points and policies in the form of Grafana's HTTP API. Files take another: the group
 * carries folder, organisation and interval for its rules, durations are text, and some names are spelt otherwise. This is
 * the way from the one to the other.
 * @see https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/
 * @see https://github.com/grafana/grafana/blob/main/pkg/services/provisioning/alerting/rules_types.go
 */
import type {
  ContactPoint,
  NotificationPolicy,
  Query,
  Rule,
  RuleGroup,
} from '@grafana/grafana-foundation-sdk/alerting';
import { prometheusDuration } from '@quartersec/sla';

/** Grafana's first organisation, and the only one of most. */
const ORGANISATION = 1;

export interface FileQuery {
  readonly refId: string;
  readonly datasourceUid: string;
  /** Seconds before now. */
  readonly relativeTimeRange: { readonly from: number; readonly to: number };
  readonly model: unknown;
}

export interface FileRule {
  /** Up to 40 characters; a rule keeps its history as long as it keeps this. */
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  readonly data: readonly FileQuery[];
  readonly noDataState: Rule['noDataState'];
  readonly execErrState: Rule['execErrState'];
  readonly for: string;
  readonly keepFiringFor?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly isPaused: boolean;
}

export interface FileRuleGroup {
  readonly orgId: number;
  readonly name: string;
  /** Its title, which is made when there is none of it; the HTTP form has its uid. */
  readonly folder: string;
  readonly interval: string;
  readonly rules: readonly FileRule[];
}

function queryOf(rule: string, { refId, datasourceUid, relativeTimeRange, model }: Query): FileQuery {
  if (refId === undefined || datasourceUid === undefined || model === undefined) {
    throw new Error(`rule ${rule}: a query without refId, data source or model`);
  }
  return { refId, datasourceUid, relativeTimeRange: { from: 0, to: 0, ...relativeTimeRange }, model };
}

function ruleOf(rule: Rule): FileRule {
  const { uid, title, condition, data, noDataState, execErrState, labels = {}, annotations = {} } = rule;
  if (uid === undefined) throw new Error(`rule ${title}: files need a uid`);
  return {
    uid,
    title,
    condition,
    data: data.map((query) => queryOf(title, query)),
    noDataState,
    execErrState,
    for: rule.for,
    ...(rule.keep_firing_for !== undefined && { keepFiringFor: rule.keep_firing_for }),
    labels,
    annotations,
    isPaused: rule.isPaused ?? false,
  };
}

/**
 * @param folder its title
 * @throws {Error} naming what a file cannot go without
 */
export function toRuleFile(groups: readonly RuleGroup[], folder: string) {
  return { apiVersion: 1, groups: groups.map((group) => groupOf(group, folder)) };
}

function groupOf({ title, interval, rules = [] }: RuleGroup, folder: string): FileRuleGroup {
  if (title === undefined || interval === undefined) throw new Error('a rule group needs a title and an interval');
  return {
    orgId: ORGANISATION,
    name: title,
    folder,
    interval: prometheusDuration(interval * 1_000),
    rules: rules.map(ruleOf),
  };
}

/** Receivers of one name are one contact point. */
export function toContactPointFile(points: readonly ContactPoint[]) {
  const names = [...new Set(points.map(({ name }) => name))];
  const contactPoints = names.map((name) => ({
    orgId: ORGANISATION,
    name,
    receivers: points
      .filter((point) => point.name === name)
      .map(({ uid, type, settings, disableResolveMessage = false }) => ({
        uid,
        type,
        settings,
        disableResolveMessage,
      })),
  }));
  return { apiVersion: 1, contactPoints };
}

/** Grafana has one tree of policies, and this one replaces it. */
export function toPolicyFile(root: NotificationPolicy) {
  return { apiVersion: 1, policies: [{ orgId: ORGANISATION, ...root }] };
}
