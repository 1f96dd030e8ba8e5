/** What docker-compose.yml mounts is rendered, and what it runs is pinned. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dashboardsVariable } from './grafana/provisioning.ts';
import { readOptions } from './render-options.ts';
import { renderFiles } from './rendered-files.ts';

const text = readFileSync(new URL('../../../docker-compose.yml', import.meta.url), 'utf8');
const options = readOptions([]);
const rendered = options === undefined ? [] : renderFiles(options);
const mounts = [...text.matchAll(/^\s+- \.\/([^:\s]+):([^:\s]+):ro$/gm)].map(([, from = '', to = '']) => ({
  from,
  to,
}));

describe('docker-compose.yml', () => {
  it('mounts something, all of it read-only and from what is rendered', () => {
    const local = text.match(/^\s+- \.\//gm) ?? [];
    expect(local.length).toBeGreaterThan(3);
    expect(mounts).toHaveLength(local.length);
  });

  it.each(mounts)('$from is rendered', ({ from }) => {
    const path = from.replace('apps/dashboard/dist/', '');
    expect(path).not.toBe(from);
    expect(rendered.some((file) => file.path === path || file.path.startsWith(`${path}/`))).toBe(true);
  });

  it('puts the dashboards where the provider looks for them', () => {
    const [, folder = 'unset'] = new RegExp(`${dashboardsVariable}: (\\S+)`).exec(text) ?? [];
    expect(mounts.map(({ to }) => to)).toContain(folder);
    expect(rendered.find(({ path }) => path.endsWith('dashboards/prometheus.yaml'))?.text).toContain(
      `"$${dashboardsVariable}/prometheus"`,
    );
  });

  it('runs images of one version each', () => {
    const images = [...text.matchAll(/image: (\S+)/g)].map(([, image = '']) => image);
    expect(images).toHaveLength(3);
    expect(images.filter((image) => !/^[a-z]+\/[a-z]+:v?\d+\.\d+\.\d+$/.test(image))).toEqual([]);
  });

  it('listens where the rendered files say, on loopback alone', () => {
    for (const address of ['127.0.0.1:9090', '127.0.0.1:9093']) expect(text).toContain(`listen-address=${address}`);
    expect(text).toContain('GF_SERVER_HTTP_ADDR: 127.0.0.1');
  });
});
