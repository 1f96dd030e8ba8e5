/** What every bench's report says first, and where it goes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Arguments, type Command, runCommand } from '@quartersec/command-line';
import { readCommit, readMachineFacts } from '../src/machine-facts.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Figures of a stand-in: they compare programs on this machine, and say nothing of AWS's own latencies. */
const standIn =
  "measured on the sandbox's Lambda host, table and provider: compares programs, says nothing of AWS's own times";

export function measuredOn() {
  const { k6: _, ...machine } = readMachineFacts('');
  return { ...machine, loadAverage: loadavg()[0] ?? 0, commit: readCommit(root), note: standIn };
}

/** @returns the file, from the root of the repository */
export function writeReport(name: string, report: unknown): string {
  const file = `perf/reports/bench-${name}.json`;
  mkdirSync(`${root}perf/reports`, { recursive: true });
  writeFileSync(`${root}${file}`, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}

/** Columns of a table, the first to the left, figures to the right. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}

/** @throws {Error} naming the option and what it must be */
export function wholeNumber(option: string, text: string, least = 1): number {
  if (/^\d{1,7}$/.test(text) && Number(text) >= least) return Number(text);
  throw new Error(`--${option} must be a whole number from ${least}, not ${text}`);
}

/** For a bench's last line: an error is a sentence for whoever called it, not a stack. */
export async function runAsCommand<const Options extends Command['options']>(
  command: Omit<Command<Options>, 'name'>,
  bench: (given: Arguments<Options>) => Promise<void>,
): Promise<void> {
  await runCommand({ ...command, name: 'bench' }, bench);
}
