/**
 * Whose tables a client means. Each client names its access key and, in what it signs, its region when it authorizes a connection;
 * some endpoints (DynamoDB Local, moto) keep tables apart by them. So every scope has key schemas and cache keys of its own.
 */

export interface Scope {
  readonly region: string;
  readonly accessKeyId: string;
}

/** What a client says of itself, or an option pins; the rest is `DEFAULT_SCOPE`. */
export type ClaimedScope = Partial<{ readonly [Name in keyof Scope]: Scope[Name] | undefined }>;

/** Of a connection that has not authorized itself. */
export const DEFAULT_SCOPE: Scope = { region: 'us-east-1', accessKeyId: 'local' };

// Both become part of a header of HTTP, between slashes and a comma.
const USABLE = /^[\w.:=+@-]{1,128}$/;

/**
 * @param stringToSign four lines; the third is `yyyymmdd/region/dax/aws4_request`
 * @returns what of it can be named to an endpoint
 */
export function claimedScope(accessKeyId: string, stringToSign: string): ClaimedScope {
  const region = stringToSign.split('\n')[2]?.split('/')[1];
  return { region: usable(region), accessKeyId: usable(accessKeyId) };
}

function usable(name: string | undefined): string | undefined {
  return name !== undefined && USABLE.test(name) ? name : undefined;
}
