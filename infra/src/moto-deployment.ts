/** Deploys a synthesized stack to moto, a stand-in of AWS on this machine, and judges what came of it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { MotoGap } from './moto-gaps.ts';
import { isolated, python } from './python-environment.ts';
import type { RunbookBlock } from './runbook-blocks.ts';
import type { Template } from './template.ts';

export interface MotoOutcome {
  /** CloudFormation's word for the stack, e.g. `CREATE_COMPLETE`; `NOT_CREATED` where it did not come to that. */
  readonly status: string;
  readonly reason: string;
  /** Types of the template that moto has no model of. */
  readonly unknownTypes: readonly string[];
  /** Logical id to physical id. */
  readonly created: Readonly<Record<string, string>>;
  /** What the services answer about what was created. */
  readonly state: Readonly<Record<string, unknown>>;
  /** Where a runbook was run. */
  readonly runbook?: RunbookOutcome;
}

export interface RunbookOutcome {
  readonly blocks: readonly { readonly line: number; readonly exitCode: number; readonly error: string }[];
  readonly calls: readonly RunbookCall[];
  /** What the services say once every block has run. */
  readonly leftBehind: Readonly<Record<string, unknown>>;
}

export interface RunbookCall {
  /** Of the page. */
  readonly line: number;
  /** Of `aws`. */
  readonly args: readonly string[];
  readonly code: number;
  readonly output: string;
  readonly error: string;
  /** Whether moto did it, also where it is listed as a gap. */
  readonly onMoto: boolean;
}

export interface Runbook {
  readonly blocks: readonly RunbookBlock[];
  /** `service operation`, which the CLI alone looks at. */
  readonly gaps: readonly string[];
}

const script = join(import.meta.dirname, '../python/deploy_to_moto.py');

/** @throws {Error} with Python's words when the script itself breaks */
export async function deployToMoto(
  assembly: string,
  stack: string,
  gaps: readonly MotoGap[],
  runbook?: Runbook,
): Promise<MotoOutcome> {
  const child = spawn(python, [script], { env: isolated, stdio: ['pipe', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  child.stdin.end(JSON.stringify({ assembly, stack, gaps, runbook }));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (exitCode !== 0) throw new Error(`python ended with ${exitCode}: ${output.stderr.slice(-2_000)}`);
  return JSON.parse(output.stdout) as MotoOutcome;
}

/** @returns one sentence for each thing that is not as `gaps` says; empty when all is well */
export function judgeMoto(outcome: MotoOutcome, template: Template, gaps: readonly MotoGap[]): readonly string[] {
  const listed = gaps.filter(({ property }) => property === undefined).map(({ type }) => type);
  const used = new Set(Object.values(template.Resources).map(({ Type }) => Type));
  const missing = Object.entries(template.Resources).filter(
    ([id, { Type }]) => !listed.includes(Type) && outcome.created[id] === undefined,
  );
  return [
    ...(outcome.status === 'CREATE_COMPLETE' && outcome.reason === ''
      ? []
      : [`the stack is ${outcome.status}: ${outcome.reason}`]),
    ...missing.map(([id, { Type }]) => `${id} (${Type}) was not created, and ${Type} is not listed as a gap of moto`),
    ...listed
      .filter((type) => used.has(type) && !outcome.unknownTypes.includes(type))
      .map((type) => `moto knows ${type} by now: take it off the list of its gaps`),
  ];
}

/** Gaps of a single property each: whether moto still breaks with it. @returns sentences as `judgeMoto` */
export async function judgePropertyGaps(
  assembly: string,
  stack: string,
  gaps: readonly MotoGap[],
): Promise<readonly string[]> {
  const closed: string[] = [];
  for (const gap of gaps.filter(({ property }) => property !== undefined)) {
    const without = gaps.filter((other) => other !== gap);
    const { status } = await deployToMoto(assembly, stack, without);
    if (status === 'CREATE_COMPLETE')
      closed.push(`moto takes ${gap.property} of ${gap.type} by now: take it off the list`);
  }
  return closed;
}
