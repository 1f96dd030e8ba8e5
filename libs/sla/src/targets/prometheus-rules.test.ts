import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AlertScenario, alertScenarios } from '../../test/alert-scenarios.ts';
import { howToGetPrometheus, prometheusMissing, promtool, temporaryDirectory } from '../../test/real-prometheus.ts';
import { deadManAlert, eventAlert } from '../alert.ts';
import { alerts } from '../alerts.ts';
import { counterLines, histogramLines } from './prometheus-exposition.ts';
import { prometheusRules, prometheusRulesFile } from './prometheus-rules.ts';

/** A series of promtool: its values 5 s apart, `_` where no sample was taken. */
function inputSeries({ series: { counters, histograms }, lastSecond }: AlertScenario) {
  const slots = lastSecond / 5 + 1;
  const values = new Map<string, string[]>();
  const add = (atEpochMs: number, lines: readonly string[]) => {
    for (const line of lines) {
      const cut = line.lastIndexOf(' ');
      const name = line.slice(0, cut);
      const known = values.get(name) ?? new Array<string>(slots).fill('_');
      known[atEpochMs / 5_000] = line.slice(cut + 1);
      values.set(name, known);
    }
  };
  for (const one of counters) for (const at of one.samples) add(at.atEpochMs, counterLines(one, at.value));
  for (const one of histograms) for (const at of one.samples) add(at.atEpochMs, histogramLines(one, at));
  return [...values].map(([series, slotValues]) => ({ series, values: slotValues.join(' ') }));
}

const rules = prometheusRules(alerts).groups.flatMap((group) => group.rules);

function ruleTest(scenario: AlertScenario) {
  const alertRuleTests = Object.entries(scenario.firing).flatMap(([second, names]) =>
    rules.map(({ alert, labels, annotations }) => ({
      eval_time: `${second}s`,
      alertname: alert,
      exp_alerts: names.includes(alert) ? [{ exp_labels: labels, exp_annotations: annotations }] : [],
    })),
  );
  return { interval: '5s', input_series: inputSeries(scenario), alert_rule_test: alertRuleTests };
}

function testRules(tests: readonly unknown[], text = prometheusRulesFile(alerts)) {
  using directory = temporaryDirectory();
  writeFileSync(join(directory.path, 'rules.yml'), text);
  const file = join(directory.path, 'test.yml');
  writeFileSync(file, JSON.stringify({ rule_files: ['rules.yml'], evaluation_interval: '5s', tests }));
  return promtool('test', 'rules', file);
}

describe('prometheusRules', () => {
  it('renders an event alert that fires at the first evaluation', () => {
    const alert = eventAlert('RetriesExhausted', {
      severity: 'critical',
      objective: 'retries',
      title: 'Retries exhausted',
      whatToDo: 'Look.',
    });
    expect(prometheusRules([alert], 'https://example.test/runbook')).toEqual({
      groups: [
        {
          name: 'quartersec-event',
          interval: '5s',
          rules: [
            {
              alert: 'RetriesExhausted',
              expr: '(sum(increase(quartersec_retries_exhausted_total[3m])) > 0)',
              labels: { severity: 'critical', kind: 'event', objective: 'retries' },
              annotations: {
                summary: 'Retries exhausted',
                description: 'Look.',
                runbook_url: 'https://example.test/runbook#retries-exhausted',
              },
            },
          ],
        },
      ],
    });
  });

  it('renders a dead man that takes silence for a breach, once it lasts', () => {
    const alert = deadManAlert('Silence', 'RoundTrip', { title: 'T', whatToDo: 'W', windowMs: 60_000, holdMs: 90_000 });
    expect(prometheusRules([alert]).groups[0]?.rules[0]).toMatchObject({
      expr: '((sum(increase(quartersec_round_trip_milliseconds_count[1m])) or vector(0)) < 1)',
      for: '90s',
      labels: { severity: 'critical', kind: 'dead-man' },
      annotations: { runbook_url: 'docs/troubleshooting.md#silence' },
    });
  });

  it.runIf(prometheusMissing && process.env.CI === 'true')('is judged by promtool where the build runs', () => {
    expect.fail(howToGetPrometheus);
  });
});

describe.skipIf(prometheusMissing)(prometheusMissing ? howToGetPrometheus : 'promtool', () => {
  it('accepts the rule file', () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, 'rules.yml');
    writeFileSync(file, prometheusRulesFile(alerts));
    const { status, output } = promtool('check', 'rules', file);
    expect(output).toContain(`${alerts.length} rules found`);
    expect(status).toBe(0);
  });

  it.each(alertScenarios)('fires what must fire, and nothing else, when $title', (scenario) => {
    const { status, output } = testRules([ruleTest(scenario)]);
    expect(output).toContain('SUCCESS');
    expect(status).toBe(0);
  });

  it('notices a rule that is lost', () => {
    const [, once] = alertScenarios;
    const withoutIt = alerts.filter(({ name }) => name !== 'RetriesExhausted');
    const { status } = testRules(once === undefined ? [] : [ruleTest(once)], prometheusRulesFile(withoutIt));
    expect(status).toBe(1);
  });
});
