/** A bank with pages of its own: the user is sent there, and what comes back with them completes the link. */
import { createServer } from 'node:http';
import { CommandError } from '@quartersec/command-line';
import type { ApiClient } from '../api-client.ts';
import type { Linked, LinkSession } from './bank-link.ts';
import { type BackFromBank, readRedirect, visitBank } from './visit-bank.ts';

export interface RedirectLink {
  readonly session: LinkSession & { readonly authorizationUrl: string };
  /** Whose accounts, where nobody is asked. */
  readonly household: string;
  /** Logs in and agrees at once, without a browser. */
  readonly agreesAtOnce: boolean;
}

/** @throws {CommandError} with what the bank or the API says */
export async function linkByRedirect(api: ApiClient, link: RedirectLink): Promise<Linked> {
  const { session, household, agreesAtOnce } = link;
  const back = agreesAtOnce
    ? await visitBank(session.authorizationUrl, { household, agrees: true })
    : await awaitRedirect(api, session.authorizationUrl);
  // Another link of the same user, or somebody else's: not what was begun here.
  if (back.state !== session.linkToken) throw new CommandError('FAILED', 'another state came back from the bank');
  return api.call<Linked>('POST', '/v1/connections', { provider: session.provider, ...back });
}

/** Plays the app's page to which the bank sends the user back, once. */
async function awaitRedirect(api: ApiClient, authorizationUrl: string): Promise<BackFromBank> {
  if (api.system.redirectUri === undefined) throw new CommandError('FAILED', 'the running system takes nobody back');
  const redirectUri = new URL(api.system.redirectUri);
  return new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', redirectUri);
      if (request.method !== 'GET' || url.pathname !== redirectUri.pathname) {
        response.writeHead(404).end();
        return;
      }
      const text = 'You are back from the bank. The terminal says what became of it.\n';
      response.writeHead(200, { 'content-type': 'text/plain', connection: 'close' }).end(text, () => {
        server.close();
        server.closeIdleConnections();
      });
      resolve(readRedirect(url.searchParams));
    });
    server.once('error', reject);
    server.listen(Number(redirectUri.port), redirectUri.hostname, () => {
      process.stdout.write(`open ${authorizationUrl}\nand log in at the bank (Ctrl-C to leave it)\n`);
    });
  });
}
