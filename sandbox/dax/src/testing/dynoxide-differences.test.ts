import { describe, expect, it } from 'vitest';
import { asDynamoDbAnswers, conflictError } from './dynoxide-differences.ts';

const key = { pk: { S: 'a' }, sk: { N: '1' } };
const transactGet = (projection?: string) => ({
  call: 'transactGetItems',
  request: { TransactItems: [{ Get: { Key: key, ...(projection && { ProjectionExpression: projection }) } }] },
});
const answer = (...responses: readonly object[]) => ({ answer: { Responses: responses } });
const item = (attributes: object) => ({ Item: attributes });
const v = { v: { N: '2' } };

describe('asDynamoDbAnswers', () => {
  it.each([
    ['takes the key out where it was not asked for', 'v', item({ ...key, ...v }), item(v)],
    ['leaves what was asked for', 'v, sk', item({ ...key, ...v }), item({ sk: { N: '1' }, ...v })],
    ['leaves an item without a projection', undefined, item({ ...key, ...v }), item({ ...key, ...v })],
    ['adds nothing to an item that lacks what was asked for', 'v, w', item(key), item({})],
  ])('%s', (_, projection, direct, expected) => {
    expect(asDynamoDbAnswers(transactGet(projection), answer(direct), answer({}))).toEqual(answer(expected));
  });

  it('believes the node that an item is there of which nothing was asked for, and no more than that', () => {
    const nothing = answer({});
    expect(asDynamoDbAnswers(transactGet('v'), nothing, answer(item({})))).toEqual(answer(item({})));
    expect(asDynamoDbAnswers(transactGet('v'), nothing, answer(item(v)))).toEqual(nothing);
    expect(asDynamoDbAnswers(transactGet(), nothing, answer(item({})))).toEqual(nothing);
  });

  it('refuses the conflicting paths that Dynoxide lets pass, and nothing else', () => {
    const get = (paths: string) => ({ call: 'getItem', request: { Key: key, ProjectionExpression: paths } });
    expect(asDynamoDbAnswers(get('a[0], a.b'), { answer: {} }, { answer: {} })).toEqual({ error: conflictError });
    expect(asDynamoDbAnswers(get('a[0], a[1]'), { answer: {} }, { answer: {} })).toEqual({ answer: {} });
    const refused = { error: { code: 'ValidationException', message: 'other words' } };
    expect(asDynamoDbAnswers(get('a[0], a.b'), refused, { answer: {} })).toBe(refused);
  });
});
