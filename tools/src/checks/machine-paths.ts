/** The project builds anywhere: no file names a folder of the machine it was written on, nor a package registry's host. */
import type { Check, Violation, Workspace } from './workspace.ts';

const MACHINE_PATH = /(?<![\w.~$})-])\/(?:work|root|tmp\/bash_jobs)(?=\/|\b)(?![\w-])/;
const FOREIGN_SHARE = /\/node_modules\//;

export function findMachinePaths(workspace: Workspace): readonly Violation[] {
  return workspace.files
    .filter(({ path }) => !FOREIGN_SHARE.test(path))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((lineText, index) => {
        const match = MACHINE_PATH.exec(lineText);
        return match === null ? [] : [{ path, line: index + 1, message: `names the machine's own folder ${match[0]}` }];
      }),
    );
}

export const machinePaths: Check = { name: 'no file names a folder of one machine', find: findMachinePaths };

/** npm takes a `resolved` host over the configured registry, and not everybody reaches the same one. */
export function findLockHosts(workspace: Workspace): readonly Violation[] {
  return workspace.files
    .filter(({ path }) => path.endsWith('package-lock.json') || path.endsWith('npm-shrinkwrap.json'))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((lineText, index) =>
        /"resolved":\s*"(?:git\+)?(?:https?|ssh):/.test(lineText)
          ? [
              {
                path,
                line: index + 1,
                message: 'names a host: install with omit-lockfile-registry-resolved=true (.npmrc)',
              },
            ]
          : [],
      ),
    );
}

export const lockHosts: Check = { name: 'package-lock.json names no host', find: findLockHosts };
