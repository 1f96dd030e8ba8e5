/** `npm run supply` and `npm run sbom`: what this project is made of, and whether it may be. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, runCommand } from '@quartersec/command-line';
import { workspaceRoot } from '../workspace-root.ts';
import { readAuditReport, renderAuditReport } from './audit-report.ts';
import { repeatable } from './bill-of-materials.ts';
import { statedLicence } from './installed-manifest.ts';
import { allowedLicences, licenceExceptions } from './licence-policy.ts';
import { checkLicences, type LockedPackage } from './licences.ts';

const USAGE = `usage: npm run supply [-- licences | sbom | audit]
       npm run sbom
Without a name, all three, in this order:
  licences  of every package in package-lock.json against tools/src/supply/licence-policy.ts; exit code 1 on a finding
  sbom      CycloneDX bill of materials, by npm sbom: .reports/supply/sbom.cdx.json
  audit     known vulnerabilities, by npm audit: .reports/supply/audit.json. A report, never a failure; a registry
            that has no audit endpoint is named as such
`;

const BOM_LIMIT_BYTES = 64 * 1024 * 1024;
const folder = join(workspaceRoot, '.reports', 'supply');
const say = (line: string) => process.stdout.write(`${line}\n`);

interface Manifest {
  readonly name: string;
  readonly license: string;
}

const project = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as Manifest;
const { packages } = JSON.parse(readFileSync(join(workspaceRoot, 'package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, LockedPackage>>;
};

/** @returns whether it found nothing */
function licences(): boolean {
  const policy = { allowed: allowedLicences, exceptions: licenceExceptions, own: project.license };
  const report = checkLicences(packages, statedLicence(workspaceRoot), policy);
  const sums = report.byLicence.map(([licence, count]) => `${count} ${licence}`).join(', ');
  say(`licences: ${report.checked} packages, ${report.absent} of them of other platforms and not installed here`);
  say(`  ${sums}`);
  for (const { packages: names, licence, reason } of licenceExceptions)
    say(`  exception ${licence} for ${names.source}: ${reason}`);
  for (const finding of report.findings) say(`  NOT ALLOWED: ${finding}`);
  return report.findings.length === 0;
}

/** From the lock file alone: with the packages of every platform, and the same on each. */
function sbom(): boolean {
  say('sbom: npm lists the packages ...');
  const printed = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--loglevel=error'], {
    cwd: workspaceRoot,
    encoding: 'utf8',
    maxBuffer: BOM_LIMIT_BYTES,
  });
  const { text, components } = repeatable(printed, project.name);
  writeFileSync(join(folder, 'sbom.cdx.json'), text);
  say(`sbom: ${components} components in .reports/supply/sbom.cdx.json`);
  return true;
}

function audit(): boolean {
  say('audit: asking the registry ...');
  const asked = spawnSync(
    'npm',
    ['audit', '--json', '--loglevel=silent', '--fetch-retries=1', '--fetch-timeout=20000'],
    {
      cwd: workspaceRoot,
      encoding: 'utf8',
      maxBuffer: BOM_LIMIT_BYTES,
    },
  );
  const report = readAuditReport(asked.stdout ?? '', (path) => packages[path]?.dev === true);
  writeFileSync(join(folder, 'audit.json'), `${JSON.stringify(report, null, 2)}\n`);
  for (const line of renderAuditReport(report)) say(line);
  return true;
}

const parts = new Map([
  ['licences', licences],
  ['sbom', sbom],
  ['audit', audit],
]);

await runCommand({ name: 'supply', usage: USAGE, options: {}, argumentsAtMost: parts.size }, ({ positionals }) => {
  const wanted = positionals.length === 0 ? [...parts.keys()] : positionals;
  const unknown = wanted.filter((name) => !parts.has(name));
  if (unknown.length > 0)
    throw new CommandError('USAGE', `no such part: ${unknown.join(', ')}; there are ${[...parts.keys()].join(', ')}`);
  mkdirSync(folder, { recursive: true });
  const fine = wanted.map((name) => parts.get(name)?.() ?? false);
  process.exitCode = fine.every(Boolean) ? 0 : 1;
});
