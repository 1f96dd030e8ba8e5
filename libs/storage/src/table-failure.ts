/** What a failed call means for the item: DynamoDB's own names on top of what is common to AWS's services. */
import { type AwsFailure, failureOf as awsFailureOf } from '@quartersec/aws';

export type TableFailure =
  | AwsFailure
  /** The put's condition did not hold. */
  | 'refused'
  | 'too-large';

/** AWS's DAX client knows no node to send to: the request did not get there. */
const unroutedName = 'NoRouteException';

/** @param error what a sender of `DynamoDbRequest`s has thrown */
export function failureOf(error: unknown): TableFailure {
  const { name, message }: { readonly name?: unknown; readonly message?: unknown } = Object(error);
  if (name === 'ConditionalCheckFailedException') return 'refused';
  if (name === 'ValidationException' && /item size/i.test(String(message))) return 'too-large';
  return name === unroutedName ? 'not-done' : awsFailureOf(error);
}
