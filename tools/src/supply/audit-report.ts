/** What `npm audit --json` said, and whether it said anything: a registry without an audit endpoint proves nothing. Pure. */

export interface Vulnerability {
  readonly name: string;
  readonly severity: string;
  /** Titles of the advisories; empty when it only contains another one of the list. */
  readonly advisories: readonly string[];
  /** Reached by what is deployed, and not by development alone. */
  readonly deployed: boolean;
}

export type AuditReport =
  | { readonly kind: 'audited'; readonly vulnerabilities: readonly Vulnerability[] }
  | { readonly kind: 'no-endpoint'; readonly detail: string }
  | { readonly kind: 'no-answer'; readonly detail: string };

interface AuditOutput {
  readonly statusCode?: number;
  readonly message?: string;
  readonly error?: { readonly code?: string; readonly summary?: string };
  readonly vulnerabilities?: Readonly<
    Record<
      string,
      {
        readonly severity?: string;
        readonly via?: readonly (string | { readonly title?: string })[];
        readonly nodes?: readonly string[];
      }
    >
  >;
}

/** How registries say that they do not know the address at all. */
const NOT_OFFERED: ReadonlySet<number> = new Set([404, 405, 410, 501]);

/**
 * @param output what npm wrote on standard output
 * @param isDevelopment whether the package at a path of package-lock.json is needed for development alone
 */
export function readAuditReport(output: string, isDevelopment: (path: string) => boolean): AuditReport {
  const found = parse(output);
  if (found?.vulnerabilities !== undefined) {
    const vulnerabilities = Object.entries(found.vulnerabilities).map(([name, { severity, via = [], nodes = [] }]) => ({
      name,
      severity: severity ?? 'unknown',
      advisories: via.flatMap((one) => (typeof one === 'string' || one.title === undefined ? [] : [one.title])),
      deployed: !nodes.every(isDevelopment),
    }));
    return { kind: 'audited', vulnerabilities };
  }
  const status = found?.statusCode;
  if (status !== undefined && NOT_OFFERED.has(status)) return { kind: 'no-endpoint', detail: `status ${status}` };
  const words = found?.error?.summary || found?.error?.code || (status === undefined ? '' : `status ${status}`);
  return { kind: 'no-answer', detail: words || 'npm printed no report' };
}

export function renderAuditReport(report: AuditReport): readonly string[] {
  if (report.kind === 'no-endpoint')
    return [
      `audit: NOT DONE, the registry has no audit endpoint (${report.detail}); nothing is known about vulnerabilities`,
    ];
  if (report.kind === 'no-answer')
    return [`audit: NOT DONE, the registry did not answer (${report.detail}); nothing is known about vulnerabilities`];
  const { vulnerabilities } = report;
  const deployed = vulnerabilities.filter((one) => one.deployed).length;
  return [
    `audit: ${vulnerabilities.length} packages with known vulnerabilities, ${deployed} of them in what is deployed`,
    ...vulnerabilities.map(({ name, severity, advisories, deployed: isDeployed }) =>
      `  ${severity.padEnd(8)} ${name} (${isDeployed ? 'deployed' : 'development'}) ${advisories.join('; ')}`.trimEnd(),
    ),
  ];
}

function parse(output: string): AuditOutput | undefined {
  try {
    return JSON.parse(output) as AuditOutput;
  } catch {
    return undefined;
  }
}
