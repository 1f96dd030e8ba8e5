/** `npm run deploy`: one stage to the AWS account that the environment's credentials belong to. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buildBundles } from './bundles.ts';
import { contextHelp, readCommandLine } from './command-line.ts';
import { synthesize } from './synthesize.ts';

const cdk = 'aws-cdk@2.1148.1';

const USAGE = `usage: npm run deploy -- --stage dev|prod [--context key=value ...] [--print]
Writes the stage's template to infra/dist/<stage>, checks it with cdk-nag, and hands it to the CDK command line (${cdk}, by npx).
Needs: AWS credentials and a region in the environment (aws configure, AWS_PROFILE), and once for each account and region
  npx ${cdk} bootstrap aws://ACCOUNT/REGION
  --print                        only says what it would run
${contextHelp}
Afterwards: put Plaid's client id and secret into Secrets Manager. docs/deploy.md has all steps.`;

async function main(): Promise<number> {
  const { stage, context, help, print } = readCommandLine(process.argv.slice(2));
  if (help || stage === undefined) {
    process.stdout.write(`${USAGE}\n`);
    return help ? 0 : 2;
  }
  await buildBundles();
  const { folder, findings } = synthesize(stage, stage, context);
  for (const finding of findings) process.stderr.write(`${finding}\n`);
  if (findings.length > 0) return 1;
  // Rights that grow are shown and asked for; the rest goes ahead.
  const args = ['--yes', cdk, 'deploy', '--app', folder, '--require-approval', 'broadening'];
  if (print) {
    process.stdout.write(`npx ${args.join(' ')}\n`);
    return 0;
  }
  const [code] = await once(spawn('npx', args, { stdio: 'inherit' }), 'exit');
  return typeof code === 'number' ? code : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
