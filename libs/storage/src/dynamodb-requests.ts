/** The six DynamoDB calls the journal needs, as the request bodies of its JSON protocol. Pure, for any client. */
import { type FlatAttributes, toAttribute, toAttributes } from './attribute-values.ts';
import type { PutCondition, RangeQuery, TableItem, TableKey } from './table.ts';

/** Members as DynamoDB names them; see its API reference. */
interface OnTable {
  readonly TableName: string;
}

interface WithKey extends OnTable {
  readonly Key: FlatAttributes;
}

interface BatchGetInput {
  readonly RequestItems: Record<string, { readonly Keys: FlatAttributes[]; readonly ConsistentRead: boolean }>;
}

interface PutInput extends OnTable {
  readonly Item: FlatAttributes;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: FlatAttributes;
}

interface PagedInput extends OnTable {
  readonly ConsistentRead: boolean;
  readonly ExclusiveStartKey?: FlatAttributes;
}

interface QueryInput extends PagedInput {
  readonly KeyConditionExpression: string;
  readonly ExpressionAttributeValues: FlatAttributes;
  readonly ScanIndexForward: boolean;
  readonly Limit?: number;
}

export type DynamoDbRequest =
  | { readonly operation: 'GetItem'; readonly input: WithKey & { readonly ConsistentRead: boolean } }
  | { readonly operation: 'BatchGetItem'; readonly input: BatchGetInput }
  | { readonly operation: 'PutItem'; readonly input: PutInput }
  | { readonly operation: 'Query'; readonly input: QueryInput }
  | { readonly operation: 'DeleteItem'; readonly input: WithKey }
  | { readonly operation: 'Scan'; readonly input: PagedInput };

/** What of an answer is read; attribute values may be of any type. */
export interface DynamoDbAnswer {
  readonly Item?: Readonly<Record<string, object>> | undefined;
  readonly Items?: readonly Readonly<Record<string, object>>[] | undefined;
  readonly LastEvaluatedKey?: Readonly<Record<string, object>> | undefined;
  /** By table. */
  readonly Responses?: Readonly<Record<string, readonly Readonly<Record<string, object>>[]>> | undefined;
  readonly UnprocessedKeys?:
    | Readonly<Record<string, { readonly Keys?: readonly Readonly<Record<string, object>>[] | undefined }>>
    | undefined;
}

/** DynamoDB's own limit of a BatchGetItem. */
export const batchGetKeys = 100;

export function getRequest(tableName: string, key: TableKey, fresh: boolean): DynamoDbRequest {
  const input = { TableName: tableName, Key: toAttributes({ pk: key.pk, sk: key.sk }), ConsistentRead: fresh };
  return { operation: 'GetItem', input };
}

/** @param keys from 1 to `batchGetKeys`, each once */
export function batchGetRequest(tableName: string, keys: readonly TableKey[], fresh: boolean): DynamoDbRequest {
  const Keys = keys.map(({ pk, sk }) => toAttributes({ pk, sk }));
  return { operation: 'BatchGetItem', input: { RequestItems: { [tableName]: { Keys, ConsistentRead: fresh } } } };
}

export function putRequest(tableName: string, item: TableItem, condition: PutCondition | undefined): DynamoDbRequest {
  const input = { TableName: tableName, Item: toAttributes(item) };
  return { operation: 'PutItem', input: condition ? { ...input, ...expressionOf(condition) } : input };
}

/** A comparison with an attribute that is not there does not hold. */
const comparisons = { same: '#a = :v', raises: '#a < :v', below: 'attribute_not_exists(sk) OR #a < :v' } as const;

function expressionOf(condition: PutCondition) {
  if (condition.kind === 'absent') return { ConditionExpression: 'attribute_not_exists(sk)' };
  return {
    ConditionExpression: comparisons[condition.kind],
    ExpressionAttributeNames: { '#a': condition.attribute },
    ExpressionAttributeValues: { ':v': toAttribute(condition.value) },
  };
}

/**
 * @param limit items still wanted
 * @param startKey `LastEvaluatedKey` of the page before
 */
export function queryRequest(
  tableName: string,
  range: RangeQuery,
  fresh: boolean,
  limit: number | undefined,
  startKey: DynamoDbAnswer['LastEvaluatedKey'],
): DynamoDbRequest {
  const values = { ':p': toAttribute(range.pk), ':f': toAttribute(range.fromSk), ':t': toAttribute(range.toSk) };
  const input = {
    TableName: tableName,
    KeyConditionExpression: 'pk = :p AND sk BETWEEN :f AND :t',
    ExpressionAttributeValues: values,
    ConsistentRead: fresh,
    ScanIndexForward: !range.newestFirst,
    ...(limit === undefined ? {} : { Limit: limit }),
    ...from(startKey),
  };
  return { operation: 'Query', input };
}

export function deleteRequest(tableName: string, key: TableKey): DynamoDbRequest {
  return { operation: 'DeleteItem', input: { TableName: tableName, Key: toAttributes({ pk: key.pk, sk: key.sk }) } };
}

export function scanRequest(
  tableName: string,
  fresh: boolean,
  startKey: DynamoDbAnswer['LastEvaluatedKey'],
): DynamoDbRequest {
  return { operation: 'Scan', input: { TableName: tableName, ConsistentRead: fresh, ...from(startKey) } };
}

function from(startKey: DynamoDbAnswer['LastEvaluatedKey']) {
  return startKey === undefined ? {} : { ExclusiveStartKey: startKey as FlatAttributes };
}
