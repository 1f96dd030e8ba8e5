/** `npm run synth`: the templates of all stages, with every check that can be made of them without an account. A gate of CI. */

import { runCommand } from '@quartersec/command-line';
import { buildBundles } from './bundles.ts';
import { cfnLint } from './cfn-lint.ts';
import { contextHelp, readCommandLine, synthOptions } from './command-line.ts';
import { deployToMoto, judgeMoto } from './moto-deployment.ts';
import { motoGaps } from './moto-gaps.ts';
import { preparePython } from './python-environment.ts';
import { stages } from './stage.ts';
import { type Assembly, synthesize } from './synthesize.ts';

const USAGE = `usage: npm run synth -- [--stage dev|prod] [--context key=value ...]
Builds the functions' bundles where needed, writes the CloudFormation templates of each stage, with and without DAX and the bus of changes, to infra/dist/,
and checks them: cdk-nag, wide permissions, AWS's linter, and a deployment to moto, a stand-in of AWS on this machine.
Ends with 1 when a check finds something. Needs no AWS account; python3 for the last two (without it they are left out, in CI never).
${contextHelp}
`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
const kilobytes = (bytes: number) => `${Math.round(bytes / 1024)} KB`;

/** @returns the number of findings */
function report(what: string, findings: readonly string[]): number {
  say(`  ${what}: ${findings.length === 0 ? 'nothing found' : `${findings.length} found`}`);
  for (const finding of findings) say(`    ${finding}`);
  return findings.length;
}

async function checkWithPython(assemblies: readonly Assembly[]): Promise<number> {
  const leftOut = await preparePython();
  if (leftOut !== undefined) {
    say(`${process.env.CI === 'true' ? 'failed' : 'left out'}: ${leftOut}`);
    return process.env.CI === 'true' ? 1 : 0;
  }
  say('all templates');
  let found = report('cfn-lint', await cfnLint(assemblies.map(({ templateFile }) => templateFile)));
  // The smallest and the largest: what lies between them has no type of its own.
  const [smallest, largest] = [assemblies[0], assemblies.at(-1)];
  for (const { name, folder, stack, template } of new Set([smallest, largest].filter((one) => one !== undefined))) {
    const outcome = await deployToMoto(folder, stack, motoGaps);
    say(
      `${name} on moto: ${Object.keys(outcome.created).length} of ${Object.keys(template.Resources).length} resources`,
    );
    found += report('moto, but for the gaps listed in infra/src/moto-gaps.ts', judgeMoto(outcome, template, motoGaps));
  }
  return found;
}

async function main(): Promise<void> {
  const { stage, context } = readCommandLine(process.argv.slice(2));
  say('the bundles');
  await buildBundles();
  const assemblies = (stage === undefined ? stages : [stage]).flatMap((name) => [
    synthesize(name, name, context),
    ...(context.dax === undefined ? [synthesize(`${name}-dax`, name, { ...context, dax: 'true' })] : []),
    ...(context.dax === undefined && context.changes === undefined
      ? [synthesize(`${name}-dax-changes`, name, { ...context, dax: 'true', changes: 'true' })]
      : []),
  ]);
  let found = 0;
  for (const { name, resources, templateBytes, bundleBytes, findings } of assemblies) {
    say(`${name}: ${resources} resources, template ${kilobytes(templateBytes)}, bundles ${kilobytes(bundleBytes)}`);
    found += report('cdk-nag and permissions', findings);
  }
  found += await checkWithPython(assemblies);
  say(found === 0 ? 'nothing found; the templates are in infra/dist/' : `${found} found`);
  if (found > 0) process.exitCode = 1;
}

await runCommand({ name: 'synth', usage: USAGE, options: synthOptions }, main);
