/** Writes a report in its three forms under `perf/reports/`, which git ignores. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { reportMarkdown } from './markdown.ts';
import type { Report } from './report.ts';
import { reportPage } from './report-page.ts';

export const reportsFolder = fileURLToPath(new URL('../../reports/', import.meta.url));

export interface WrittenReport {
  readonly jsonPath: string;
  readonly htmlPath: string;
  readonly markdownPath: string;
}

/** The last report of a scenario replaces the one before. */
export function writeReport(report: Report): WrittenReport {
  mkdirSync(reportsFolder, { recursive: true });
  const path = (extension: string) => `${reportsFolder}${report.scenario}.${extension}`;
  const written = { jsonPath: path('json'), htmlPath: path('html'), markdownPath: path('md') };
  writeFileSync(written.jsonPath, `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(written.htmlPath, reportPage(report));
  writeFileSync(written.markdownPath, reportMarkdown(report));
  return written;
}
