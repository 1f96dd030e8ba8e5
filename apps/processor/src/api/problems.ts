/** What the API refuses or cannot do: RFC 9457 problem details, each with a code that has its row in docs/errors.md. Pure. */
import type { Problem, ProblemMember } from './contract.ts';

export const problems = {
  NOT_FOUND: { status: 404, title: 'There is no such address' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This address does not take the method' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
  QUERY_TOO_LONG: { status: 414, title: 'The query is too long' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  BODY_MALFORMED: { status: 400, title: 'The body is not JSON' },
  CONTENT_TYPE_UNSUPPORTED: { status: 415, title: 'The body must be sent as application/json' },
  REQUEST_INVALID: { status: 400, title: 'The request is not valid' },
  CURSOR_INVALID: { status: 400, title: 'The cursor is none of this reading: begin without one' },
  VERSION_UNKNOWN: { status: 400, title: 'A connection was linked anew since: begin without a cursor' },
  TOKEN_INVALID: { status: 401, title: 'Send a valid bearer token' },
  TOKEN_KEYS_UNAVAILABLE: { status: 503, title: 'The keys that verify tokens cannot be read: try again later' },
  CONNECTION_UNKNOWN: { status: 404, title: 'You have no such connection' },
  INSIGHT_UNKNOWN: { status: 404, title: 'You have no such insight' },
  TOO_MANY_CONNECTIONS: { status: 422, title: 'Too many connections for one answer: name one of them' },
  CONNECTION_TAKEN: { status: 409, title: 'The connection is linked already' },
  PUBLIC_TOKEN_REFUSED: { status: 400, title: 'The public token is spent, expired or none: begin a new link session' },
  LINK_UNKNOWN: { status: 400, title: 'You have no such link under way: begin a new link session' },
  ACCESS_NOT_GIVEN: { status: 400, title: 'The bank gives no access: begin a new link session' },
  ACCESS_PENDING: { status: 409, title: 'The bank does not say yet that the user has agreed: try again' },
  INSTITUTION_UNKNOWN: { status: 400, title: 'There is no such bank here' },
  EXCHANGE_UNSETTLED: {
    status: 409,
    title: 'The exchange is under way or its response was lost: begin a new link session',
  },
  RELINK_REQUIRED: { status: 409, title: 'Update mode cannot mend this connection: link the bank anew' },
  PROVIDER_FAILED: { status: 502, title: 'The provider did not do it: try again later' },
  QUEUE_UNAVAILABLE: { status: 503, title: 'The queue does not answer: try again later' },
  TABLE_THROTTLED: { status: 503, title: 'The table is busy: try again later' },
  TABLE_UNREACHABLE: { status: 503, title: 'The table does not answer: try again later' },
  TABLE_REJECTED: { status: 503, title: 'The table refuses the request: try again later' },
  DEADLINE_EXCEEDED: { status: 503, title: 'The time was too short: try again, it goes on from there' },
  ENTRY_CORRUPT: { status: 503, title: 'Stored data do not verify, and are not shown' },
  UNEXPECTED: { status: 500, title: 'A defect' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemCode = keyof typeof problems;

export interface ProblemFacts {
  /** The provider's code, where that says more than the problem's own. */
  readonly providerCode?: string;
  /** The operator has to act: logged as critical. */
  readonly isOperators?: boolean;
  /** For people; never a value of a user's. */
  readonly detail?: string;
  readonly errors?: readonly ProblemMember[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that ends in a problem. Thrown where it is found, turned into a response by `api-handler.ts`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ProblemCode;
  readonly facts: ProblemFacts;

  constructor(code: ProblemCode, facts: ProblemFacts = {}, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
    this.facts = facts;
  }
}

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problems, code);
}

export function problemOf({ code, facts }: ApiError): Problem {
  const { status, title } = problems[code];
  const { providerCode = code, detail, errors } = facts;
  return {
    type: `urn:quartersec:problem:${code}`,
    title,
    status,
    code: providerCode,
    ...(detail !== undefined && { detail }),
    ...(errors !== undefined && { errors }),
  };
}
