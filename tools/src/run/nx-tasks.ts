/** Runs Nx and reads what became of each task from the profile it writes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * `types` checks the packages in few programs (tsconfig.types.json), in a third of the time that each one's `typecheck` takes
 * together; `style` lints them all in one go, where each one's `lint` mostly starts Nx, npm and Biome. Of chosen packages only
 * their own count.
 */
export const targetsOf = ({ projects }: Pick<NxChoices, 'projects'>): readonly string[] => [
  projects === undefined ? 'style' : 'lint',
  projects === undefined ? 'types' : 'typecheck',
  'test',
  'build',
];

export interface TaskOutcome {
  /** Package name, as Nx knows the project. */
  readonly project: string;
  readonly target: string;
  readonly succeeded: boolean;
  readonly cached: boolean;
}

export interface NxChoices {
  /** Only what the changes since `base` can reach; without it, everything. */
  readonly affected: boolean;
  readonly base?: string | undefined;
  readonly skipCache: boolean;
  /** Package names or patterns; everything when empty. */
  readonly projects?: string | undefined;
}

export function nxArguments({ affected, base, skipCache, projects }: NxChoices, live: boolean): readonly string[] {
  return [
    affected ? 'affected' : 'run-many',
    '-t',
    ...targetsOf({ projects: affected ? undefined : projects }),
    `--outputStyle=${live ? 'dynamic-legacy' : 'static-failures-only'}`,
    ...(affected && base !== undefined ? [`--base=${base}`] : []),
    ...(!affected && projects !== undefined ? [`--projects=${projects}`] : []),
    ...(skipCache ? ['--skipNxCache'] : []),
  ];
}

interface ProfileEvent {
  readonly args: { readonly target?: { readonly project: string; readonly target: string }; readonly status?: string };
}

/** Nx's profile (trace events) to outcomes. A task that a failure kept from running has no event. */
export function readProfile(events: readonly ProfileEvent[]): readonly TaskOutcome[] {
  return events.flatMap(({ args: { target, status } }) => {
    if (target === undefined || status === undefined) return [];
    const cached = status.includes('cache');
    return [{ project: target.project, target: target.target, succeeded: cached || status === 'success', cached }];
  });
}

/**
 * @param env what the tasks see
 * @returns exit code and outcomes; the tasks' own output goes to the terminal
 */
export async function runNx(
  root: string,
  choices: NxChoices,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly exitCode: number; readonly tasks: readonly TaskOutcome[] }> {
  const profile = join('.cache', `nx-profile-${process.pid}.json`); // Nx joins it to its working folder
  const profileFile = join(root, profile);
  mkdirSync(dirname(profileFile), { recursive: true });
  const nx = spawn('nx', nxArguments(choices, process.stdout.isTTY === true), {
    cwd: root,
    stdio: 'inherit',
    env: { ...env, NX_PROFILE: profile },
  });
  const pass = (signal: NodeJS.Signals) => nx.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, pass);
  const [code] = (await once(nx, 'close')) as [number | null];
  const tasks = existsSync(profileFile)
    ? readProfile(JSON.parse(readFileSync(profileFile, 'utf8')) as ProfileEvent[])
    : [];
  rmSync(profileFile, { force: true });
  return { exitCode: code ?? 1, tasks };
}
