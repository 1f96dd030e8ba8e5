/** The board over a real Prometheus that scrapes a system and judges our rules: same figures, same alert. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alerts, prometheusRulesFile } from '@quartersec/sla';
import { howToGetPrometheus, prometheusMissing, runPrometheus, temporaryDirectory } from '@quartersec/sla/testing';
import { describe, expect, it } from 'vitest';
import { startFakeSystem } from '../../test/fake-system.ts';
import type { Snapshot } from './snapshot.ts';
import { startBoard } from './start-board.ts';

describe.skipIf(prometheusMissing)(`a board over a real Prometheus (${howToGetPrometheus})`, () => {
  it('shows what was counted, draws it, and shows the alert that Prometheus has judged', async () => {
    const system = await startFakeSystem();
    using directory = temporaryDirectory();
    const file = (name: string) => join(directory.path, name);
    writeFileSync(file('rules.json'), prometheusRulesFile(alerts));
    const targets = [{ targets: [new URL(system.url).host] }];
    const configuration = {
      global: { scrape_interval: '1s' },
      rule_files: [file('rules.json')],
      scrape_configs: [{ job_name: 'system', static_configs: targets }],
    };
    writeFileSync(file('prometheus.yml'), JSON.stringify(configuration));
    const prometheus = await runPrometheus(file('prometheus.yml'), file('data'));
    const counting = setInterval(() => {
      system.count('Events', 200); // more than a share needs to be judged
      system.count('Audits');
      system.time('RoundTrip', ...new Array<number>(20).fill(95));
      system.time('ProviderTime', 80);
      system.count('CacheHits', 60);
      system.count('CacheMisses', 20);
    }, 500);
    const board = await startBoard({ kind: 'prometheus', url: prometheus.url }, { port: 0, readEveryMs: 1_000 });
    const get = async <T>(path: string) => (await (await fetch(board.url + path)).json()) as T;
    const rows = async () => {
      const { objectives } = await get<Snapshot>('/snapshot.json');
      return Object.fromEntries(objectives.map(({ key, status, valueText }) => [key, `${valueText}, ${status}`]));
    };
    try {
      // every value lies in the bucket from 90 to 100 ms: p95 is on its line, at whatever moment it is asked for
      await expect.poll(rows, { interval: 500 }).toMatchObject({
        roundTrip: '99.5 ms, kept',
        availability: '100 %, kept',
        cache: '75 %, kept',
        integrity: '0 differences, kept',
      });
      system.count('RetriesExhausted');
      const alertsNow = async () => (await get<Snapshot>('/snapshot.json')).alerts;
      await expect
        .poll(alertsNow, { interval: 500 })
        .toMatchObject([
          { path: 'prometheus', name: 'RetriesExhausted', status: 'firing', title: 'Retries exhausted' },
        ]);
      const drawn = async () => {
        const { charts } = await get<{ charts: { id: string; lines: { values: (number | null)[] }[] }[] }>(
          '/charts.json',
        );
        return charts.find(({ id }) => id === 'roundTrip')?.lines[0]?.values.filter((value) => value !== null);
      };
      await expect.poll(drawn, { interval: 500 }).toContain(99.5);
    } finally {
      clearInterval(counting);
      await board.close();
      await prometheus.stop();
      await system.close();
    }
  }, 200_000);
});
