import { describe, expect, it } from 'vitest';
import { judgeMoto, type MotoOutcome } from './moto-deployment.ts';
import { type MotoGap, motoGaps } from './moto-gaps.ts';

const template = {
  Resources: {
    Table: { Type: 'AWS::DynamoDB::Table' },
    Url: { Type: 'AWS::Lambda::Url' },
    Key: { Type: 'AWS::KMS::Key' },
  },
};
const gaps: readonly MotoGap[] = [
  { type: 'AWS::Lambda::Url', reason: 'no model' },
  { type: 'AWS::KMS::Key', property: 'Tags', reason: 'breaks off' },
  { type: 'AWS::DAX::Cluster', reason: 'not in this template' },
];
const outcome: MotoOutcome = {
  status: 'CREATE_COMPLETE',
  reason: '',
  unknownTypes: ['AWS::Lambda::Url'],
  created: { Table: 'table-1', Key: 'key-1' },
  state: {},
};

describe('judgeMoto', () => {
  it('has nothing to say when all but the gaps was created', () => {
    expect(judgeMoto(outcome, template, gaps)).toEqual([]);
  });

  it.each<[string, Partial<MotoOutcome>, string]>([
    [
      'a stack that failed',
      { status: 'CREATE_FAILED', reason: 'no such bucket' },
      'the stack is CREATE_FAILED: no such bucket',
    ],
    ['services that do not answer', { reason: 'KeyError' }, 'the stack is CREATE_COMPLETE: KeyError'],
    [
      'a resource that is not there and not listed',
      { created: { Key: 'key-1' } },
      'Table (AWS::DynamoDB::Table) was not created, and AWS::DynamoDB::Table is not listed as a gap of moto',
    ],
    [
      'a type whose property alone is listed',
      { created: { Table: 'table-1' } },
      'Key (AWS::KMS::Key) was not created, and AWS::KMS::Key is not listed as a gap of moto',
    ],
    [
      'a gap that moto has closed',
      { unknownTypes: [] },
      'moto knows AWS::Lambda::Url by now: take it off the list of its gaps',
    ],
  ])('reports %s', (_what, change, sentence) => {
    expect(judgeMoto({ ...outcome, ...change }, template, gaps)).toEqual([sentence]);
  });
});

it.each(motoGaps)('the gap $type $property says why', ({ reason }) => {
  expect(reason.length).toBeGreaterThan(25);
});
