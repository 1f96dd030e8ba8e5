import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runToolCheck, type ToolVerdict } from './check-tools.ts';
import { type RenderDependencies, renderCommand } from './render-command.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dashboards-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** @returns exit code, standard output, standard error */
function run(args: readonly string[], deps: Partial<RenderDependencies> = {}) {
  const printed: string[] = [];
  const errors: string[] = [];
  const code = renderCommand(args, {
    folder,
    shownFolder: 'dist',
    mustCheck: false,
    print: (line) => printed.push(line),
    printError: (line) => errors.push(line),
    runTool: () => ({ kind: 'accepted' }),
    ...deps,
  });
  return { code, printed, errors };
}

const says = (verdict: ToolVerdict) => ({ runTool: () => verdict });

describe('npm run dashboards', () => {
  it('writes what it lists, checks it, and is content', () => {
    const { code, printed, errors } = run(['--target', 'metrics.test:80']);
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    const written = printed.filter((line) => line.startsWith('dist/'));
    expect(written).toHaveLength(18);
    expect(written.filter((path) => !existsSync(join(folder, path.slice('dist/'.length))))).toEqual([]);
    expect(readFileSync(join(folder, 'prometheus/prometheus.yml'), 'utf8')).toContain('"metrics.test:80"');
    expect(printed.slice(-3)).toEqual([
      'every metric is in the catalogue',
      'promtool check config: no fault found',
      'amtool check-config: no fault found',
    ]);
  });

  it('writes into another folder where it is told to, and checks what is there', () => {
    const elsewhere = join(folder, 'elsewhere');
    const checked: string[] = [];
    const runTool: RenderDependencies['runTool'] = ({ args }) => {
      checked.push(args.at(-1) ?? '');
      return { kind: 'accepted' };
    };
    const { code, printed } = run(['--out', elsewhere], { runTool });
    expect(code).toBe(0);
    expect(printed).toContain(`${elsewhere}/alertmanager/alertmanager.yml`);
    expect(readdirSync(folder)).toEqual(['elsewhere']);
    expect(checked).toEqual([
      join(elsewhere, 'prometheus/prometheus.yml'),
      join(elsewhere, 'alertmanager/alertmanager.yml'),
    ]);
  });

  it('removes what it no longer renders, and nothing else', () => {
    for (const path of ['grafana/dashboards', 'board']) mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, 'grafana/dashboards/old.json'), '{}');
    writeFileSync(join(folder, 'board/page.html'), '');
    run([]);
    expect(existsSync(join(folder, 'grafana/dashboards/old.json'))).toBe(false);
    expect(existsSync(join(folder, 'board/page.html'))).toBe(true);
  });

  it('explains itself and writes nothing', () => {
    const { code, printed } = run(['--help']);
    expect(code).toBe(0);
    expect(printed[0]).toMatch(/^npm run dashboards/);
    expect(existsSync(join(folder, 'grafana'))).toBe(false);
  });

  it('fails on an option that it does not understand', () => {
    const { code, errors } = run(['--board', 'nowhere']);
    expect(code).toBe(1);
    expect(errors).toEqual(['dashboards: --board takes an http or https address, not nowhere']);
  });

  it('fails on a metric that nobody emits', () => {
    const planted = () => [{ path: 'grafana/x.json', text: '{"expr":"rate(quartersec_renamed_total[5m])"}' }];
    const { code, errors } = run([], { render: planted });
    expect(code).toBe(1);
    expect(errors).toEqual(['grafana/x.json asks for quartersec_renamed_total, which nobody exposes']);
  });

  it('fails on what a tool refuses, with its words', () => {
    const { code, errors } = run([], says({ kind: 'refused', output: 'line 3: no' }));
    expect(code).toBe(1);
    expect(errors[0]).toBe('promtool check config refuses what was written:\nline 3: no');
  });

  it('leaves the check of a missing tool out and says how to get it; where it must check, that is a failure', () => {
    const remedy =
      'amtool check-config: left out, amtool is missing; Debian, Ubuntu: apt-get install prometheus-alertmanager';
    const lenient = run([], says({ kind: 'missing' }));
    expect([lenient.code, lenient.printed.at(-1), lenient.errors]).toEqual([0, remedy, []]);
    const strict = run([], { ...says({ kind: 'missing' }), mustCheck: true });
    expect([strict.code, strict.errors.at(-1)]).toEqual([1, remedy]);
  });
});

describe('runToolCheck', () => {
  const check = (command: string, script: string) => runToolCheck({ command, args: ['-e', script], from: 'nodejs' });

  it('tells accepted, refused and missing apart', () => {
    expect(check(process.execPath, '')).toEqual({ kind: 'accepted' });
    expect(check(process.execPath, "console.error('no'); process.exit(3)")).toEqual({ kind: 'refused', output: 'no' });
    expect(check('no-such-tool-anywhere', '')).toEqual({ kind: 'missing' });
  });
});
