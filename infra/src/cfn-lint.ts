/** AWS's own linter over synthesized templates: types, values and references as CloudFormation knows them, without an account. */
import { execFile } from 'node:child_process';
import { cfnLintCommand, isolated } from './python-environment.ts';

/** Left out, each with its reason. */
const ignored = [
  'W3005', // a dependency that a reference implies: CDK writes both, and the second one is harmless
];

/** @returns what it complains about, one text a finding; empty when it has nothing to say */
export function cfnLint(templates: readonly string[]): Promise<readonly string[]> {
  const args = ['--format', 'parseable', '--ignore-checks', ...ignored, '--', ...templates];
  return new Promise((resolve, reject) => {
    execFile(cfnLintCommand, args, { env: isolated, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      const findings = stdout.split('\n').filter((line) => line !== '');
      if (error !== null && findings.length === 0) reject(new Error(`cfn-lint ended with ${error.code}: ${stderr}`));
      else resolve(findings);
    });
  });
}
