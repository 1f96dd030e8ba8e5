/** The licences of everything that package-lock.json names, against the policy. Pure: manifests are handed in. */
import { isAllowed } from './licence-expression.ts';
import type { LicenceException } from './licence-policy.ts';

/** An entry of package-lock.json, as far as licences go. */
export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  /** Only needed for development: nothing that is deployed depends on it. */
  readonly dev?: boolean;
  /** May be absent: packages of other platforms. */
  readonly optional?: boolean;
  /** A package of this workspace. */
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Policy {
  readonly allowed: ReadonlySet<string>;
  readonly exceptions: readonly LicenceException[];
  /** The licence of the workspace's own packages. */
  readonly own: string;
}

export interface LicenceReport {
  /** Packages, workspace's own left out. */
  readonly checked: number;
  /** Not installed on this platform, judged by the lock file or by the package that they are a part of. */
  readonly absent: number;
  /** How many packages have which licence, most frequent first. */
  readonly byLicence: readonly (readonly [licence: string, packages: number])[];
  readonly findings: readonly string[];
}

const DEPENDENCY = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/;

/**
 * @param packages the `packages` of package-lock.json, by path
 * @param licenceOf what the manifest at that path says itself; `undefined` when it is not installed, '' when it says nothing
 */
export function checkLicences(
  packages: Readonly<Record<string, LockedPackage>>,
  licenceOf: (path: string) => string | undefined,
  { allowed, exceptions, own }: Policy,
): LicenceReport {
  const findings: string[] = [];
  const byLicence = new Map<string, number>();
  const used = new Set<LicenceException>();
  let checked = 0;
  let absent = 0;
  for (const [path, entry] of Object.entries(packages)) {
    const name = DEPENDENCY.exec(path)?.[1];
    if (name === undefined) {
      const licence = licenceOf(path);
      if (licence !== own)
        findings.push(`${path || 'package.json'} is ours and says ${licence || 'nothing'}, not ${own}`);
      continue;
    }
    if (entry.link === true) continue;
    checked += 1;
    const title = `${name} ${entry.version ?? ''}`;
    const stated = licenceOf(path);
    if (stated === undefined) {
      absent += 1;
      if (entry.optional !== true) findings.push(`${title} is not installed: run npm ci`);
    } else if (entry.license !== undefined && stated !== entry.license) {
      findings.push(`${title} says ${stated || 'nothing'}, package-lock.json says ${entry.license}`);
    }
    const licence = stated ?? entry.license ?? licenceOfWhole(packages, name);
    byLicence.set(licence, (byLicence.get(licence) ?? 0) + 1);
    if (isAllowed(licence, allowed)) continue;
    const exception = exceptions.find((one) => one.packages.test(name) && one.licence === licence);
    if (exception !== undefined) used.add(exception);
    if (exception === undefined) findings.push(`${title} has the licence ${licence || '(none)'}, which is not allowed`);
    else if (entry.dev !== true)
      findings.push(`${title} has the licence ${licence}, which is allowed for development alone`);
  }
  for (const exception of exceptions) {
    if (!used.has(exception)) findings.push(`the exception for ${exception.packages.source} is not needed any more`);
  }
  return { checked, absent, byLicence: [...byLicence].sort(([, a], [, b]) => b - a), findings };
}

/** A platform package is a part of the one that lists it, published with it under the same licence. */
function licenceOfWhole(packages: Readonly<Record<string, LockedPackage>>, name: string): string {
  const whole = Object.values(packages).find(({ optionalDependencies }) => optionalDependencies?.[name] !== undefined);
  return whole?.license ?? '';
}
