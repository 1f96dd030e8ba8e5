/** `npm run synth`: the templates of all stages, with every check that can be made of them without an account. A gate of CI. */

import { buildBundles } from './bundles.ts';
import { cfnLint } from './cfn-lint.ts';
import { contextHelp, readCommandLine } from './command-line.ts';
import { deployToMoto, judgeMoto, judgePropertyGaps } from './moto-deployment.ts';
import { motoGaps } from './moto-gaps.ts';
import { preparePython } from './python-environment.ts';
import { stages } from './stage.ts';
import { type Assembly, synthesize } from './synthesize.ts';

const USAGE = `usage: npm run synth -- [--stage dev|prod] [--context key=value ...]
Builds the functions' bundles where needed, writes the CloudFormation templates of each stage, with and without DAX, to infra/dist/,
and checks them: cdk-nag, wide permissions, AWS's linter, and a deployment to moto, a stand-in of AWS on this machine.
Ends with 1 when a check finds something. Needs no AWS account; python3 for the last two (without it they are left out, in CI never).
${contextHelp}`;

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
  for (const { folder, stack, template } of assemblies) {
    const outcome = await deployToMoto(folder, stack, motoGaps);
    const created = Object.keys(outcome.created).length;
    say(
      `${folder.slice(folder.lastIndexOf('/') + 1)} on moto: ${created} of ${Object.keys(template.Resources).length} resources`,
    );
    found += report('moto', judgeMoto(outcome, template, motoGaps));
  }
  const [first] = assemblies;
  if (first !== undefined)
    found += report('gaps of moto', await judgePropertyGaps(first.folder, first.stack, motoGaps));
  return found;
}

async function main(): Promise<void> {
  const { stage, context, help } = readCommandLine(process.argv.slice(2));
  if (help) {
    say(USAGE);
    return;
  }
  say('the bundles');
  await buildBundles();
  const assemblies = (stage === undefined ? stages : [stage]).flatMap((name) => [
    synthesize(name, name, context),
    ...(context.dax === undefined ? [synthesize(`${name}-dax`, name, { ...context, dax: 'true' })] : []),
  ]);
  let found = 0;
  for (const { folder, resources, templateBytes, bundleBytes, findings } of assemblies) {
    say(
      `${folder.slice(folder.lastIndexOf('/') + 1)}: ${resources} resources, template ${kilobytes(templateBytes)}, bundles ${kilobytes(bundleBytes)}`,
    );
    found += report('cdk-nag and permissions', findings);
  }
  found += await checkWithPython(assemblies);
  say(found === 0 ? 'nothing found; the templates are in infra/dist/' : `${found} found`);
  if (found > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
