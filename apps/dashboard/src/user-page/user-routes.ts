/** The user's page on the board's server: its files, and the API behind a check of who asks. */
import type { IncomingMessage } from 'node:http';
import { type Answer, html, Refused, type Route, readBody, script, styles } from '../board/answering.ts';
import type { PageFiles } from '../board/page-files.ts';
import { mayChange } from '../board/request-origin.ts';
import type { ConnectionsState } from '../board/snapshot.ts';
import { SourceError } from '../board/source-request.ts';
import { sandboxUsers, userToShow } from './sandbox-users.ts';
import { readUserCall, type UserApi } from './user-api.ts';
import { userShell } from './user-shell.ts';

export interface UserPage {
  readonly files: PageFiles;
  readonly api: UserApi;
}

/** A call ends when its page has gone: a long poll would be held for nobody. */
function untilGone({ socket }: IncomingMessage): { readonly signal: AbortSignal; done(): void } {
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  socket.once('close', leave);
  return { signal: leaving.signal, done: () => socket.off('close', leave) };
}

/** @param connections of the system, as the board has them now */
export function userRoutes(
  { files, api }: UserPage,
  connections: () => ConnectionsState | undefined,
): Readonly<Record<string, Route>> {
  const passOn: Route = async (request, { pathname, search }): Promise<Answer> => {
    const asked = readUserCall(request.method, pathname, search);
    if (asked === undefined) throw new Refused(404, 'the page of a user reads that not');
    const body = asked.method === 'POST' ? await readBody(request) : undefined;
    if (body !== undefined && !mayChange(request.headers, true)) {
      throw new Refused(403, 'only the page itself may send feedback, as JSON');
    }
    const { signal, done } = untilGone(request);
    try {
      return await api.call({ ...asked, ...(body !== undefined && { body }), signal });
    } catch (cause) {
      throw new SourceError('SOURCE_REFUSED', 'the API does not answer', { cause });
    } finally {
      done();
    }
  };
  return {
    'GET /user': (_, { searchParams }) => {
      const users = sandboxUsers(connections());
      return html(userShell(userToShow(searchParams.get('of'), users), users));
    },
    'GET /user.js': () => script(files.script),
    'GET /user.css': () => styles(files.styles),
    'GET /user/api/:': passOn,
    'POST /user/api/:': passOn,
  };
}
