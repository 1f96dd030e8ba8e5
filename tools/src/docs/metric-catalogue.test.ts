/** The catalogue against the code: what nothing emits, or no test has seen emitted, is a panel and an alarm that stay silent for ever. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { workspaceRoot as root } from '../workspace-root.ts';

/** By its file: tools depend on none of ours. */
const { metrics, prometheusName } = (await import(pathToFileURL(join(root, 'libs/sla/src/index.ts')).href)) as {
  metrics: Readonly<Record<string, unknown>>;
  prometheusName: (metric: string) => string;
};
/** Where metrics come from; those who only show or judge them are not asked. */
const emitters = ['apps/processor', 'libs/storage', 'libs/providers', 'libs/telemetry', 'sandbox', 'infra'];
const files = emitters
  .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
  .filter((path) => !path.includes('node_modules') && path !== 'infra/src/constructs/sla-dashboard.ts')
  .map((path) => ({ isTest: path.endsWith('.test.ts'), text: readFileSync(join(root, path), 'utf8') }));
const names = (text: string) => new Set(text.match(/\b[A-Za-z][A-Za-z_]+\b/g) ?? []);
const emitted = names(
  files
    .filter(({ isTest }) => !isTest)
    .map(({ text }) => text)
    .join('\n'),
);
const tested = names(
  files
    .filter(({ isTest }) => isTest)
    .map(({ text }) => text)
    .join('\n'),
);

it.each(Object.keys(metrics))('%s is emitted by code that a test runs', (name) => {
  expect(emitted).toContain(name);
  // Under its own name, or under the one that Prometheus reads.
  const exposed = prometheusName(name);
  const inProse = [...tested].filter((word) => word === name || word.startsWith(exposed));
  expect(inProse, 'names of it in tests').not.toEqual([]);
});
