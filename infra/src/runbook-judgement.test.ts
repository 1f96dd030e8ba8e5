import { describe, expect, it } from 'vitest';
import type { RunbookCall, RunbookOutcome } from './moto-deployment.ts';
import { judgeRunbook } from './runbook-judgement.ts';

const template = {
  Resources: {
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'quartersec-prod' } },
    Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/lambda/quartersec-prod-process' } },
    Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmName: 'quartersec-prod-NoMetrics' } },
  },
};
const gaps = [{ operation: 'dax reboot-node' }];
const call = (args: string, change: Partial<RunbookCall> = {}): RunbookCall => ({
  line: 5,
  args: args.split(' '),
  code: 0,
  output: '',
  error: '',
  onMoto: true,
  ...change,
});
const reboot = call('dax reboot-node --cluster-name quartersec-prod', { onMoto: false });
const outcome = (calls: readonly RunbookCall[], blocks: RunbookOutcome['blocks'] = []) => ({
  blocks,
  calls,
  leftBehind: {},
});

describe('judgeRunbook', () => {
  it('has nothing to say of names that the template has, or begins with, that the page makes or was told', () => {
    const calls = [
      reboot,
      call('dynamodb get-item --table-name quartersec-prod'),
      call('dynamodb get-item --table-name quartersec-prod-restored'),
      call('logs start-query --log-group-names /aws/lambda/quartersec-prod-process'),
      call('cloudwatch describe-alarms --alarm-name-prefix quartersec-prod-'),
      call('dax describe-clusters', { output: 'quartersec-prod-a\tquartersec-prod-b\n' }),
      call('dax reboot-node --node-id quartersec-prod-b', { onMoto: false }),
    ];
    expect(judgeRunbook(outcome(calls), template, gaps)).toEqual([]);
  });

  it.each([
    ['dynamodb get-item --table-name quartersec-prod-table', 'quartersec-prod-table'],
    ['logs start-query --log-group-names /aws/lambda/quartersec-prod-proces', '/aws/lambda/quartersec-prod-proces'],
    ['cloudwatch describe-alarms --alarm-name-prefix quartersec-prod-Any', 'quartersec-prod-Any'],
  ])('finds a name that nobody has: %s', (command, name) => {
    expect(judgeRunbook(outcome([reboot, call(command)]), template, gaps)).toEqual([
      `line 5: the template has nothing of the name ${name}`,
    ]);
  });

  it('says the last word of a block that failed, and no more of it', () => {
    const blocks = [{ line: 5, exitCode: 252, error: 'usage: aws\n\nUnknown options: --x\n' }];
    const calls = [call('dynamodb get-item --table-name quartersec-other --x'), { ...reboot, line: 9 }];
    expect(judgeRunbook(outcome(calls, blocks), template, gaps)).toEqual([
      'line 5: Unknown options: --x (exit code 252)',
    ]);
  });

  it('wants a gap that moto has closed, or that no command has, off the list', () => {
    expect(judgeRunbook(outcome([{ ...reboot, onMoto: true }]), template, gaps)).toEqual([
      'moto does dax reboot-node by now: take it off the list',
    ]);
    expect(judgeRunbook(outcome([]), template, gaps)).toEqual([
      'no command is dax reboot-node any more: take it off the list',
    ]);
  });

  it('does not pass when nothing was run', () => {
    expect(judgeRunbook(undefined, template, gaps)).toEqual(['no command was run']);
  });
});
