/** Runs one k6 script by a plan and reads what it leaves. Speaks to loopback alone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../scenarios/plan.ts';
import { type K6Summary, parseSummary } from './k6-summary.ts';
import type { Mode } from './scenario-catalogue.ts';

const scripts = { single: 'single-events.ts', batch: 'queued-batches.ts', mixed: 'events-and-reads.ts' } as const;
/** k6's own exit codes: all well, and thresholds crossed. */
const expectedCodes = [0, 99];

export interface K6Run {
  readonly exitCode: number;
  readonly summary: K6Summary;
}

/** @throws {Error} with k6's own words when it did not get as far as a summary */
export async function runK6(k6Path: string, mode: Mode, plan: Plan, signal: AbortSignal): Promise<K6Run> {
  const planPath = `${plan.summaryPath}.plan.json`;
  writeFileSync(planPath, JSON.stringify(plan));
  const script = fileURLToPath(
    new URL(`../scenarios/${scripts[plan.reads === undefined ? mode : 'mixed']}`, import.meta.url),
  );
  const child = spawn(
    k6Path,
    ['run', '--quiet', '--no-color', '--no-usage-report', '--address', '', '-e', `PLAN=${planPath}`, script],
    { stdio: ['ignore', 'pipe', 'pipe'], signal, env: { ...process.env, K6_AUTO_EXTENSION_RESOLUTION: 'false' } },
  );
  let words = '';
  const keep = (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-4_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === null || !expectedCodes.includes(code)) throw new Error(`k6 ended with code ${code}:\n${words.trim()}`);
  const summary = parseSummary(readFileSync(plan.summaryPath, 'utf8'));
  for (const path of [planPath, plan.summaryPath]) rmSync(path, { force: true });
  return { exitCode: code, summary };
}
