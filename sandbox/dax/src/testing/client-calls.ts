/** One call of any client, with errors as results. */
import { canonicalNumber } from '../decimal.ts';
import { comparable, requestForClient } from './comparable.ts';

export type AnyClient = Readonly<Record<string, (request: unknown) => Promise<unknown>>>;

export interface CallResult {
  readonly answer?: unknown;
  readonly error?: CallFailure;
}

export interface CallFailure {
  readonly code: string;
  readonly message: string;
  /** Of a cancelled transaction, one for each of its items. */
  readonly reasons?: readonly object[];
}

interface ClientFailure {
  readonly code?: string;
  readonly name?: string;
  readonly message?: string;
  readonly cancellationReasons?: unknown;
  readonly CancellationReasons?: unknown;
}

/** @param call name of the method, as `getItem` */
export async function callClient(
  client: object,
  call: string,
  request: unknown,
  unordered = false,
): Promise<CallResult> {
  try {
    const method = (client as AnyClient)[call];
    if (method === undefined) throw new Error(`the client has no ${call}`);
    return { answer: comparable(await method.call(client, requestForClient(request)), unordered) };
  } catch (thrown) {
    return { error: failure(thrown as ClientFailure) };
  }
}

function failure(thrown: ClientFailure): CallFailure {
  const code = thrown.code ?? thrown.name ?? 'unknown';
  const reasons = thrown.CancellationReasons ?? thrown.cancellationReasons;
  return comparableFailure({ code, message: thrown.message ?? '', ...(Array.isArray(reasons) && { reasons }) });
}

/** An error of any client in the form in which two are compared. */
export function comparableFailure({ code, message, reasons }: CallFailure): CallFailure {
  // messages quote a number as it was sent, and clients send it in forms of their own
  const compared = message
    .replace(`${code}: `, '')
    .replace(/\{N:([^}]*)\}/g, (_, text: string) => `{N:${canonicalNumber(text)}}`);
  return { code, message: compared, ...(reasons !== undefined && { reasons: reasons.map(withoutNulls) }) };
}

/** Clients differ in whether a reason that says nothing has null fields or none. */
function withoutNulls(reason: object): object {
  return comparable(Object.fromEntries(Object.entries(reason).filter(([, value]) => value !== null))) as object;
}
