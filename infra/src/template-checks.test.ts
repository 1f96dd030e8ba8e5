/** The templates in front of AWS's own linter and of moto, a stand-in of AWS on this machine. Needs python3. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { cfnLint } from './cfn-lint.ts';
import { deployToMoto, judgeMoto, judgePropertyGaps, type MotoOutcome } from './moto-deployment.ts';
import { motoGaps, operationGaps } from './moto-gaps.ts';
import { preparePython } from './python-environment.ts';
import { awsBlocks } from './runbook-blocks.ts';
import { judgeRunbook } from './runbook-judgement.ts';
import { synthesizeVariant, variants } from './testing/variants.ts';

const INSTALL_TIMEOUT_MS = 600_000;
const RUN_TIMEOUT_MS = 240_000;

const leftOut = await preparePython();
if (leftOut !== undefined) {
  if (process.env.CI === 'true') throw new Error(leftOut);
  process.stdout.write(`${leftOut}\n`);
}

describe.skipIf(leftOut !== undefined)('the templates', { timeout: INSTALL_TIMEOUT_MS }, () => {
  const largest = synthesizeVariant('prod', { dax: 'true', changes: 'true' });
  const folder = largest.artifact.assembly.directory;
  const stack = largest.artifact.stackName;

  it("pass AWS's linter", { timeout: RUN_TIMEOUT_MS }, async () => {
    const withChoices = synthesizeVariant('prod', {
      changes: 'true',
      corsOrigins: 'https://app.example.com,http://localhost:3000',
      readTokenJwksUrl: 'https://id.example.com/keys',
      readTokenIssuer: 'https://id.example.com/',
      webhookConcurrency: '20',
      openBankingUkBanks: 'bank-a=https://api.bank-a.example/v4|https://auth.bank-a.example|us',
      openBankingUkRedirectUri: 'https://app.example.com/back',
      berlinGroupBanks: 'bank-b=https://api.bank-b.example/v1',
      berlinGroupRedirectUri: 'https://app.example.com/back',
    });
    const files = [...variants, withChoices].map(({ artifact }) => artifact.templateFullPath);
    expect(new Set(files).size).toBe(5);
    expect(await cfnLint(files)).toEqual([]);
  });

  it('are looked at by it: a planted fault is found', { timeout: RUN_TIMEOUT_MS }, async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'quartersec-lint-'));
    onTestFinished(() => rmSync(scratch, { recursive: true }));
    const file = join(scratch, 'planted.json');
    const queue = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 'thirty' } };
    writeFileSync(file, JSON.stringify({ Resources: { Queue: queue } }));
    expect(await cfnLint([file])).toEqual([expect.stringContaining('E3012')]);
  });

  describe('on moto', () => {
    let outcome: MotoOutcome;
    beforeAll(async () => {
      const blocks = awsBlocks(readFileSync(join(import.meta.dirname, '../../docs/operate.md'), 'utf8'));
      // Its first lines are two faults that must be found, each in a block of its own.
      const planted = [
        { line: 1, script: 'aws dynamodb describe-table --table-name quartersec-$STAGE --no-such-option' },
        { line: 2, script: 'aws scheduler get-schedule --name quartersec-$STAGE' },
      ];
      const gaps = operationGaps.map(({ operation }) => operation);
      outcome = await deployToMoto(folder, stack, motoGaps, { blocks: [...planted, ...blocks], gaps });
    }, RUN_TIMEOUT_MS);

    it('are deployed, but for what is listed', () => {
      expect(judgeMoto(outcome, largest.template, motoGaps)).toEqual([]);
      expect(Object.keys(outcome.created).length).toBeGreaterThan(70);
    });

    it('make what the services then answer for', () => {
      expect(outcome.state).toEqual({
        queue: {
          visibilityTimeout: '30',
          redrive: {
            deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:quartersec-prod-sync-dead',
            maxReceiveCount: 5,
          },
        },
        keySchema: [
          ['pk', 'HASH'],
          ['sk', 'RANGE'],
        ],
        billing: 'PAY_PER_REQUEST',
        functions: {
          process: {
            runtime: 'nodejs24.x',
            handler: 'index.handler',
            variables: ['DAX_ENDPOINT', 'PLAID_BASE_URL', 'QUEUE_URL', 'SECRET_ARNS', 'TABLE_NAME'],
          },
          query: {
            runtime: 'nodejs24.x',
            handler: 'index.handler',
            variables: ['DAX_ENDPOINT', 'SECRET_ARNS', 'TABLE_NAME'],
          },
          connect: {
            runtime: 'nodejs24.x',
            handler: 'index.handler',
            variables: ['DAX_ENDPOINT', 'PLAID_BASE_URL', 'QUEUE_URL', 'SECRET_ARNS', 'TABLE_NAME', 'WEBHOOK_URL'],
          },
          webhook: {
            runtime: 'nodejs24.x',
            handler: 'index.handler',
            variables: ['PLAID_BASE_URL', 'QUEUE_URL', 'SECRET_ARNS', 'TABLE_NAME'],
          },
        },
        source: { queue: 'quartersec-prod-sync-plaid', batchSize: 10, responses: ['ReportBatchItemFailures'] },
        dashboards: ['quartersec-prod'],
        changes: {
          view: 'KEYS_ONLY',
          records: 9,
          events: [
            {
              Source: 'quartersec',
              DetailType: 'connection.advanced',
              Detail: '{"connectionKey":"CONN#conn-7","entryKey":"LOG#000000000001"}',
              EventBusName: 'quartersec-prod-changes',
            },
          ],
          failedEntries: 0,
        },
      });
    });

    it('are what every command of docs/operate.md works on, as it stands there', () => {
      expect(judgeRunbook(outcome.runbook, largest.template, operationGaps)).toEqual([
        expect.stringContaining('line 1: Unknown options: --no-such-option'),
        expect.stringContaining('line 2: An error occurred (ResourceNotFoundException)'),
      ]);
      expect(outcome.runbook?.calls.length).toBeGreaterThan(30);
    });

    it('do what the page says: stop, replace, restore under the same name', () => {
      const outputs = (operation: string) =>
        outcome.runbook?.calls
          .filter(({ args }) => args.slice(0, 2).join(' ') === operation)
          .map(({ output }) => output);
      const states = outputs('lambda update-event-source-mapping')?.map((text) => JSON.parse(text).State);
      expect(states).toEqual(['Disabled', 'Enabled']);
      expect(outcome.runbook?.leftBehind).toEqual({
        items: ['LOG#000000000012'],
        timeToLive: 'expiresEpochSeconds',
        pointInTimeRecovery: 'ENABLED',
        deletionProtection: true,
        schedule: 'DISABLED',
        alias: '1',
      });
    });

    it('still need each listed property taken out', { timeout: RUN_TIMEOUT_MS }, async () => {
      expect(await judgePropertyGaps(folder, stack, motoGaps)).toEqual([]);
    });
  });
});
