/**
 * Variables by which other programs go through a proxy. The functions do not: their connections are their own, to addresses that the
 * configuration names. Who sets one must hear so, or looks for the fault in the network. Pure.
 */
const names: ReadonlySet<string> = new Set(['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY']);

/** @returns the names that are set, sorted; never a value, which may hold a password */
export function proxyVariables(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(variables)
    .filter(([name, value]) => names.has(name.toUpperCase()) && value !== undefined && value !== '')
    .map(([name]) => name)
    .sort();
}
