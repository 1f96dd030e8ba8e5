/** What a reader may ask for in the query string. What nobody knows is refused, never ignored: a misspelt filter would show too much. Pure. */
import type { PageOptions } from '@quartersec/storage';
import { isLocalDate } from '@quartersec/validation';
import { decodeCursor } from './page-cursor.ts';

export type ParameterProblemCode =
  | 'QUERY_TOO_LONG'
  | 'PARAMETER_UNKNOWN'
  | 'LIMIT_INVALID'
  | 'CURSOR_INVALID'
  | 'ACCOUNT_INVALID'
  | 'DATE_INVALID'
  | 'STATUS_INVALID';

export interface ParameterProblem {
  readonly code: ParameterProblemCode;
  readonly remedy: string;
}

export type PageQuery = Omit<PageOptions, 'deadline' | 'memory'>;

/** What is wrong with the query string; else the page that it asks for, where it may ask for one. */
export interface Asked {
  readonly refused?: ParameterProblem;
  readonly page?: PageQuery;
}

type Parameters = Readonly<Record<string, string | undefined>>;

/** Every parameter at its longest takes less than 400 characters. */
const queryStringMost = 1_024;
const limitDefault = 50;
const limitMost = 500;
const idPattern = /^[A-Za-z0-9_-]{1,64}$/;
const statuses = ['BOOK', 'PDNG', 'INFO', 'FUTR', 'RJCT'] as const satisfies readonly NonNullable<
  PageQuery['status']
>[];
const pageParameters = ['limit', 'cursor', 'account', 'from', 'to', 'status'] as const;

/**
 * @param queryString as it was sent, without `?`
 * @param parameters as Lambda gives them: one that is repeated has its values joined by commas, which none of them may have
 */
export function askForPage(queryString: string, parameters: Parameters = {}): Asked {
  const unknown = refuseUnknown(queryString, parameters, pageParameters);
  if (unknown !== undefined) return unknown;
  const { limit: limitText, cursor, account, from, to, status: statusText } = parameters;
  const limit = limitText === undefined ? limitDefault : readLimit(limitText);
  if (limit === undefined) return refuse('LIMIT_INVALID', `limit must be a whole number from 1 to ${limitMost}`);
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  if (cursor !== undefined && after === undefined)
    return refuse('CURSOR_INVALID', 'send nextCursor as it came, or none for the first page');
  if (account !== undefined && !idPattern.test(account))
    return refuse('ACCOUNT_INVALID', 'account must be an accountId of /connections/{id}/accounts');
  for (const [name, date] of Object.entries({ from, to })) {
    if (date !== undefined && !isLocalDate(date))
      return refuse('DATE_INVALID', `${name} must be a day of the calendar, YYYY-MM-DD`);
  }
  if (from !== undefined && to !== undefined && from > to) return refuse('DATE_INVALID', 'from must not be after to');
  const status = statuses.find((known) => known === statusText);
  if (statusText !== undefined && status === undefined)
    return refuse('STATUS_INVALID', `status must be one of ${statuses.join(', ')}`);
  return {
    page: {
      limit,
      ...(after !== undefined && { after }),
      ...(account !== undefined && { accountId: account }),
      ...(from !== undefined && { fromDate: from }),
      ...(to !== undefined && { toDate: to }),
      ...(status !== undefined && { status }),
    },
  };
}

/** A route that takes no parameters. */
export function askForNothing(queryString: string, parameters: Parameters = {}): Asked {
  return refuseUnknown(queryString, parameters, []) ?? {};
}

function refuseUnknown(queryString: string, parameters: Parameters, known: readonly string[]): Asked | undefined {
  if (queryString.length > queryStringMost)
    return refuse('QUERY_TOO_LONG', `the query string must have ${queryStringMost} characters at most`);
  if (Object.keys(parameters).every((name) => known.includes(name))) return undefined;
  const names = known.length === 0 ? 'there are no parameters here' : `the parameters are ${known.join(', ')}`;
  return refuse('PARAMETER_UNKNOWN', names);
}

function refuse(code: ParameterProblemCode, remedy: string): Asked {
  return { refused: { code, remedy } };
}

function readLimit(text: string): number | undefined {
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const limit = Number(text);
  return limit >= 1 && limit <= limitMost ? limit : undefined;
}
