/** Random operations on few keys, so that reads, writes and the cache keep meeting each other. */
import fc from 'fast-check';
import type { InteropOperation } from './interop-operations.ts';

/** Table names are `SINGLE` and `COMPOSITE`, to be replaced. */
export type RandomOperation = Pick<InteropOperation, 'call' | 'request' | 'unordered'>;

const RANGE_KEYS = [
  '0',
  '1',
  '-1',
  '1.5',
  '-2.25',
  '10',
  '1e3',
  '0.001',
  '123456789012345678',
  '1E60',
  '-1E-70',
  '99999999999999999999999999999999999999',
];
const NUMBERS = [
  ...RANGE_KEYS,
  '1E125',
  '-9.9999999999999999999999999999999999999E+125',
  '1E-130',
  '9007199254740993',
  '-18446744073709551617',
  '0.1',
  '1.10',
  '123E-5',
];

const number = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.integer().map(String),
  fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n).map(String),
  fc
    .tuple(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.integer({ min: -100, max: 90 }))
    .map(([mantissa, exponent]) => `${mantissa}E${exponent}`),
  fc
    .double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 })
    .filter((value) => value === 0 || Math.abs(value) > 1e-100)
    .map(String),
);
const text = fc.oneof(fc.constantFrom('', 'a', 'b', 'ä', '😀'), fc.string({ maxLength: 12 }));
const base64 = (minLength: number) =>
  fc.uint8Array({ minLength, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const unique = <Value>(values: readonly Value[]) => [...new Set(values)];

const scalar = fc.oneof(
  text.map((S) => ({ S })),
  number.map((N) => ({ N })),
  base64(0).map((B) => ({ B })),
  fc.boolean().map((BOOL) => ({ BOOL })),
  fc.constant({ NULL: true }),
);
const value: fc.Arbitrary<object> = fc.letrec<{ value: object }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    { weight: 5, arbitrary: scalar },
    {
      weight: 1,
      arbitrary: fc
        .array(
          text.filter((member) => member !== ''),
          { minLength: 1, maxLength: 3 },
        )
        .map((SS) => ({ SS: unique(SS) })),
    },
    {
      weight: 1,
      arbitrary: fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 3 }).map((NS) => ({ NS: NS.map(String) })),
    },
    { weight: 1, arbitrary: fc.array(base64(1), { minLength: 1, maxLength: 3 }).map((BS) => ({ BS: unique(BS) })) },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }).map((L) => ({ L })) },
    {
      weight: 2,
      arbitrary: fc.dictionary(fc.constantFrom('a', 'b', 'c.d'), tie('value'), { maxKeys: 3 }).map((M) => ({ M })),
    },
  ),
})).value;

const single = fc.constantFrom('k1', 'k2', 'k3', 'k4').map((S) => ({ pk: { S } }));
const composite = fc.record({
  pk: fc.constantFrom({ S: 'p1' }, { S: 'p2' }),
  sk: fc.constantFrom(...RANGE_KEYS).map((N) => ({ N })),
});
const key = fc.oneof(
  single.map((Key) => ({ TableName: 'SINGLE', Key })),
  composite.map((Key) => ({ TableName: 'COMPOSITE', Key })),
);
const attributes = fc
  .record(
    {
      a: value,
      b: value,
      n: number.map((N) => ({ N })),
      l: fc.array(value, { maxLength: 3 }).map((L) => ({ L })),
      lsk: fc.constantFrom({ S: 'x' }, { S: 'y' }),
      gpk: fc.constantFrom({ S: 'g' }, { S: 'h' }),
      gsk: fc.integer().map((n) => ({ N: String(n) })),
    },
    { requiredKeys: [] },
  )
  .map((record) => ({ ...record }));

/** A condition with the tables of its placeholders. */
const condition = fc.oneof(
  fc
    .constantFrom(
      'attribute_exists(pk)',
      'attribute_not_exists(pk)',
      'attribute_exists(a.b)',
      'attribute_not_exists(l[1]) OR attribute_exists(b)',
    )
    .map((expression) => ({ expression, values: {} })),
  fc
    .tuple(
      fc.constantFrom(
        'n = :x',
        'n <> :x',
        'n < :x',
        'NOT n >= :x',
        'n IN (:x, :y)',
        'n BETWEEN :y AND :x OR attribute_not_exists(n)',
        'contains(l, :x)',
        'size(l) > :y AND (n > :x OR NOT attribute_exists(b))',
      ),
      number,
    )
    .map(([expression, N]) => ({
      expression,
      values: { ':x': { N }, ...(expression.includes(':y') && { ':y': { N: '1' } }) },
    })),
  fc
    .tuple(fc.constantFrom('a = :x', 'b <> :x', 'l[0] = :x'), value)
    .map(([expression, x]) => ({ expression, values: { ':x': x } })),
);
const projection = fc.constantFrom('a', 'l[1], l[0], n', 'a.b, b.a', 'pk, sk, n', 'l[0].a, a.a[0]', 'nope');

const put = fc.record({ at: key, attributes, condition: fc.option(condition, { freq: 3 }), old: fc.boolean() }).map(
  ({ at, attributes: rest, condition: when, old }): RandomOperation => ({
    call: 'putItem',
    request: {
      TableName: at.TableName,
      Item: { ...at.Key, ...rest },
      ...conditionFields(when),
      ...(old && { ReturnValues: 'ALL_OLD' }),
    },
  }),
);
const actions = [
  value.map((x) => ({ expression: 'SET a = :u', values: { ':u': x } })),
  value.map((x) => ({
    expression: 'SET l = list_append(if_not_exists(l, :e), :u)',
    values: { ':u': { L: [x] }, ':e': { L: [] } },
  })),
  value.map((x) => ({ expression: 'SET a.b = :u REMOVE l[0]', values: { ':u': x } })),
  fc.constant({ expression: 'ADD tags :u REMOVE a', values: { ':u': { SS: ['x', 'y'] } } }),
  fc.constant({ expression: 'DELETE tags :u', values: { ':u': { SS: ['x'] } } }),
];
/** DynamoDB rounds them to 38 digits. */
const sums = [
  number.map((N) => ({
    expression: 'SET n = if_not_exists(n, :u) + :w',
    values: { ':u': { N }, ':w': { N: '1' } },
  })),
  number.map((N) => ({ expression: 'ADD n :u', values: { ':u': { N } } })),
];
const updateBy = (action: fc.Arbitrary<{ readonly expression: string; readonly values: object }>) =>
  fc
    .record({
      at: key,
      action,
      condition: fc.option(condition, { freq: 3 }),
      returned: fc.constantFrom('NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'),
    })
    .map(({ at, action, condition: when, returned }): RandomOperation => {
      const fields = conditionFields(when);
      const values = { ...action.values, ...fields.ExpressionAttributeValues };
      return {
        call: 'updateItem',
        request: {
          ...at,
          ...fields,
          UpdateExpression: action.expression,
          ExpressionAttributeValues: values,
          ReturnValues: returned,
        },
      };
    });
const remove = fc.record({ at: key, condition: fc.option(condition, { freq: 3 }) }).map(
  ({ at, condition: when }): RandomOperation => ({
    call: 'deleteItem',
    request: { ...at, ...conditionFields(when), ReturnValues: 'ALL_OLD' },
  }),
);
const get = fc.record({ at: key, projection: fc.option(projection, { freq: 2 }), consistent: fc.boolean() }).map(
  ({ at, projection: paths, consistent }): RandomOperation => ({
    call: 'getItem',
    request: {
      ...at,
      ...(paths !== null && { ProjectionExpression: paths }),
      ...(consistent && { ConsistentRead: true }),
    },
  }),
);
const page = fc.record({
  projection: fc.option(projection, { freq: 2 }),
  limit: fc.option(fc.integer({ min: 1, max: 5 })),
  filter: fc.option(condition, { freq: 2 }),
  forward: fc.boolean(),
});
const query = fc
  .record({
    page,
    pk: fc.constantFrom('p1', 'p2'),
    from: fc.constantFrom(...RANGE_KEYS),
    index: fc.constantFrom(undefined, undefined, 'local', 'global'),
    behind: fc.option(fc.constantFrom(...RANGE_KEYS), { freq: 2 }),
  })
  .map(({ page: { projection: paths, limit, filter, forward }, pk, from, index, behind }): RandomOperation => {
    const condition = index === 'global' ? 'gpk = :p' : index === 'local' ? 'pk = :p' : 'pk = :p AND sk >= :from';
    const where = filter !== null && !/pk/.test(filter.expression) ? filter : null;
    const values = {
      ':p': { S: index === 'global' ? 'g' : pk },
      ...(index === undefined && { ':from': { N: from } }),
      ...where?.values,
    };
    return {
      call: 'query',
      unordered: index !== undefined, // equal sort keys come in any order
      request: {
        TableName: 'COMPOSITE',
        KeyConditionExpression: condition,
        ExpressionAttributeValues: values,
        ScanIndexForward: forward,
        ...(where !== null && { FilterExpression: where.expression }),
        ...(index !== undefined && { IndexName: index }),
        ...(paths !== null && !(index === 'local' && /[abnl]/.test(paths)) && { ProjectionExpression: paths }),
        ...(limit !== null && index === undefined && { Limit: limit }),
        // of a page behind another; its key need not be there
        ...(behind !== null && index === undefined && { ExclusiveStartKey: { pk: { S: pk }, sk: { N: behind } } }),
      },
    };
  });
const scan = fc.tuple(page, fc.option(composite, { freq: 2 })).map(
  ([{ projection: paths, filter, limit }, behind]): RandomOperation => ({
    call: 'scan',
    unordered: true,
    request: {
      TableName: 'COMPOSITE',
      ...(paths !== null && { ProjectionExpression: paths }),
      ...filterFields(filter),
      ...(limit !== null && { Limit: limit }),
      ...(behind !== null && { ExclusiveStartKey: behind }),
    },
  }),
);
const batchGet = fc
  .record({
    singles: fc.array(single, { minLength: 1, maxLength: 4 }),
    composites: fc.array(composite, { minLength: 1, maxLength: 6 }),
    projection: fc.option(projection, { freq: 2 }),
  })
  .map(
    ({ singles, composites, projection: paths }): RandomOperation => ({
      call: 'batchGetItem',
      unordered: true,
      request: {
        RequestItems: {
          SINGLE: { Keys: distinct(singles) },
          COMPOSITE: { Keys: distinct(composites), ...(paths !== null && { ProjectionExpression: paths }) },
        },
      },
    }),
  );
const batchWrite = fc
  .array(fc.record({ key: composite, attributes, remove: fc.boolean() }), { minLength: 1, maxLength: 5 })
  .map((writes): RandomOperation => {
    const requests = new Map(
      writes.map(({ key: at, attributes: rest, remove: gone }) => [
        JSON.stringify(at),
        gone ? { DeleteRequest: { Key: at } } : { PutRequest: { Item: { ...at, ...rest } } },
      ]),
    );
    return { call: 'batchWriteItem', request: { RequestItems: { COMPOSITE: [...requests.values()] } } };
  });
const transactWrite = fc
  .record({ put: composite, attributes, update: single, condition: fc.option(condition), old: fc.boolean() })
  .map(
    ({ put: at, attributes: rest, update: updated, condition: when, old }): RandomOperation => ({
      call: 'transactWriteItems',
      request: {
        TransactItems: [
          { Put: { TableName: 'COMPOSITE', Item: { ...at, ...rest } } },
          {
            Update: {
              TableName: 'SINGLE',
              Key: updated,
              UpdateExpression: 'SET t = :t',
              ...conditionFields(when),
              ExpressionAttributeValues: { ':t': { S: 't' }, ...when?.values },
              ...(old && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
            },
          },
        ],
      },
    }),
  );
const transactGet = fc.record({ one: composite, other: single, projection: fc.option(projection) }).map(
  ({ one, other, projection: paths }): RandomOperation => ({
    call: 'transactGetItems',
    request: {
      TransactItems: [
        { Get: { TableName: 'COMPOSITE', Key: one, ...(paths !== null && { ProjectionExpression: paths }) } },
        { Get: { TableName: 'SINGLE', Key: other } },
      ],
    },
  }),
);

type Condition = { readonly expression: string; readonly values: object } | null;

function conditionFields(when: Condition): { ConditionExpression?: string; ExpressionAttributeValues?: object } {
  if (when === null) return {};
  const hasValues = Object.keys(when.values).length > 0;
  return { ConditionExpression: when.expression, ...(hasValues && { ExpressionAttributeValues: when.values }) };
}

function filterFields(when: Condition): object {
  const { ConditionExpression, ...rest } = conditionFields(when);
  return { ...(ConditionExpression !== undefined && { FilterExpression: ConditionExpression }), ...rest };
}

function distinct(keys: readonly object[]): object[] {
  return [...new Map(keys.map((at) => [JSON.stringify(at), at])).values()];
}

/** @param inFull with transactions, which dynalite does not have, and sums, which it does not round: numbers that no DynamoDB holds */
export function randomOperations(count: number, seed: number, inFull: boolean): RandomOperation[] {
  const operation = fc.oneof(
    { weight: 8, arbitrary: get },
    { weight: 4, arbitrary: put },
    { weight: 4, arbitrary: updateBy(fc.oneof(...actions, ...(inFull ? sums : []))) },
    { weight: 2, arbitrary: remove },
    { weight: 3, arbitrary: query },
    { weight: 1, arbitrary: scan },
    { weight: 2, arbitrary: batchGet },
    { weight: 1, arbitrary: batchWrite },
    ...(inFull
      ? [
          { weight: 1, arbitrary: transactWrite },
          { weight: 1, arbitrary: transactGet },
        ]
      : []),
  );
  return fc.sample(operation, { numRuns: count, seed });
}
