/**
 * Where Dynoxide 3.2.0 answers otherwise than DynamoDB, the only two ways known. A direct answer is brought to what DynamoDB says, so
 * that the node is compared with DynamoDB; `interop-javascript.test.ts` looks that both are still there.
 */
import type { CallResult } from './client-calls.ts';

/** A request and what came back for it, both in the form of a client. */
export interface ComparedCall {
  readonly call: string;
  readonly request: Record<string, unknown>;
}

interface Get {
  readonly Key: Readonly<Record<string, unknown>>;
  readonly ProjectionExpression?: string;
}

type Response = { readonly Item?: Readonly<Record<string, unknown>> };

/** The one conflict of paths that the operations have, and what DynamoDB says to it; Dynoxide answers as if it were none. */
export const conflictingPaths = 'a[0], a.b';
export const conflictError = {
  code: 'ValidationException',
  message:
    'Invalid ProjectionExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, [0]], path two: [a, b]',
} as const;

/** @param direct from Dynoxide @param throughNode of the same call: settles what the direct answer leaves open */
export function asDynamoDbAnswers(
  { call, request }: ComparedCall,
  direct: CallResult,
  throughNode: CallResult,
): CallResult {
  if (call === 'getItem' && request.ProjectionExpression === conflictingPaths && direct.error === undefined)
    return { error: conflictError };
  if (call !== 'transactGetItems' || direct.error !== undefined) return direct;
  const gets = (request.TransactItems as readonly { readonly Get: Get }[]).map(({ Get }) => Get);
  const { Responses, ...rest } = direct.answer as { readonly Responses: readonly Response[] };
  const ofNode = (throughNode.answer as { readonly Responses?: readonly Response[] } | undefined)?.Responses;
  const corrected = Responses.map((response, index) => projected(gets[index], response, ofNode?.[index]));
  return { answer: { ...rest, Responses: corrected } };
}

/**
 * With a projection Dynoxide adds the key; and when nothing of the projection is there, it says neither that the item is there, with
 * nothing of it, nor that it is not. That alone is taken from the node.
 */
function projected(get: Get | undefined, response: Response, ofNode: Response | undefined): Response {
  if (get?.ProjectionExpression === undefined) return response;
  if (response.Item === undefined) return JSON.stringify(ofNode) === '{"Item":{}}' ? { Item: {} } : response;
  const asked = get.ProjectionExpression.split(',').map((path) => path.trim());
  const isAsked = (name: string) => !Object.hasOwn(get.Key, name) || asked.includes(name);
  return { Item: Object.fromEntries(Object.entries(response.Item).filter(([name]) => isAsked(name))) };
}
