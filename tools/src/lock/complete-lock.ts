/**
 * Adds to a lock file the optional packages of other platforms that the registry at hand does not have.
 * npm leaves those out when it writes the file, and `npm ci` then refuses it everywhere. The added entries have
 * no integrity: nobody here could see the package. npm fills it in where it can, on the next install.
 */

export interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;
const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** Folders in which Node looks for a package that `path` asks for, nearest first. */
function lookupPaths(path: string, name: string): readonly string[] {
  const parts = path === '' ? [] : path.split('/node_modules/');
  const nested = parts.map(
    (_, index) => `${parts.slice(0, parts.length - index).join('/node_modules/')}/node_modules/${name}`,
  );
  return [...nested, `node_modules/${name}`];
}

/** `@biomejs/cli-linux-x64-musl` to its os, cpu and libc: platform packages carry them in their names. */
export function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> | undefined {
  const words = name.split(/[-/]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  if (os === undefined) return undefined;
  const cpu = words.some((word) => word === 'gnueabihf' || word === 'eabi')
    ? 'arm'
    : PROCESSORS.find((one) => words.includes(one));
  const libc = words.includes('musl')
    ? 'musl'
    : words.some((word) => word === 'gnu' || word === 'gnueabihf')
      ? 'glibc'
      : undefined;
  return { ...(cpu === undefined ? {} : { cpu: [cpu] }), ...(libc === undefined ? {} : { libc: [libc] }), os: [os] };
}

/** Entries that the lock file lacks, by their path in it; empty when it is complete. */
export function missingEntries(lock: Lock): Readonly<Record<string, LockEntry>> {
  const missing: Record<string, LockEntry> = {};
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const platform = platformOf(name);
      if (platform === undefined || !EXACT.test(version)) continue;
      if (lookupPaths(path, name).some((candidate) => lock.packages[candidate]?.version === version)) continue;
      missing[`node_modules/${name}`] = {
        version,
        ...(entry.dev === true ? { dev: true } : {}),
        optional: true,
        ...platform,
      };
    }
  }
  return missing;
}

/** The same lock file with the missing entries in npm's order. */
export function completeLock<T extends Lock>(lock: T): T {
  const packages = { ...lock.packages, ...missingEntries(lock) };
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries(sorted) };
}
