/** `npm run deploy`: one stage to the AWS account that the environment's credentials belong to. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CommandError, exitCodeOf, runCommand } from '@quartersec/command-line';
import { buildBundles } from './bundles.ts';
import { contextHelp, deployOptions, readCommandLine } from './command-line.ts';
import { synthesize } from './synthesize.ts';

const cdk = 'aws-cdk@2.1148.1';

const USAGE = `usage: npm run deploy -- --stage dev|prod [--context key=value ...] [--print]
Writes the stage's template to infra/dist/<stage>, checks it with cdk-nag, and hands it to the CDK command line (${cdk}, by npx).
Needs: AWS credentials and a region in the environment (aws configure, AWS_PROFILE), and once for each account and region
  npx ${cdk} bootstrap aws://ACCOUNT/REGION
  --print                        only says what it would run
${contextHelp}
Afterwards: put Plaid's client id and secret into Secrets Manager. docs/deploy.md has all steps.
`;

async function main(): Promise<number> {
  const { stage, context, print } = readCommandLine(process.argv.slice(2));
  if (stage === undefined)
    throw new CommandError('USAGE', 'name the stage, as npm run deploy -- --stage dev; npm run deploy -- --help');
  process.stderr.write('building the functions ...\n');
  await buildBundles();
  process.stderr.write('writing the template ...\n');
  const { folder, findings } = synthesize(stage, stage, context);
  for (const finding of findings) process.stderr.write(`${finding}\n`);
  if (findings.length > 0) return 1;
  // Rights that grow are shown and asked for; the rest goes ahead.
  const args = ['--yes', cdk, 'deploy', '--app', folder, '--require-approval', 'broadening'];
  if (print) {
    process.stdout.write(`npx ${args.join(' ')}\n`);
    return 0;
  }
  const cdkCommand = spawn('npx', args, { stdio: 'inherit' });
  // It stops watching the deployment in its own way; AWS finishes or rolls back what was begun.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => cdkCommand.kill(signal));
  const [code, signal] = (await once(cdkCommand, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal === null ? (code ?? 1) : exitCodeOf(signal);
}

await runCommand({ name: 'deploy', usage: USAGE, options: deployOptions }, async () => {
  process.exitCode = await main();
});
