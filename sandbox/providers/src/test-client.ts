/** What the tests call the simulator with: plain node:http, so that every broken answer can be seen as it came. */
import { type IncomingHttpHeaders, request } from 'node:http';
import type { Providers } from './server.ts';
import { defaults } from './simulator.ts';

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface ReceivedPage {
  readonly accounts: Record<string, unknown>[];
  readonly added: Record<string, unknown>[];
  readonly modified: Record<string, unknown>[];
  readonly removed: { readonly transaction_id: string; readonly account_id: string }[];
  readonly next_cursor: string;
  readonly has_more: boolean;
  readonly request_id: string;
  readonly transactions_update_status: string;
}

/** What arrived before the connection broke. */
export class BrokenOff extends Error {
  readonly code: string;
  readonly text: string;

  constructor(code: string, text: string) {
    super(code);
    this.code = code;
    this.text = text;
  }
}

/** @param signal ends the wait, as a client's timeout would */
export function send(
  method: string,
  url: string,
  body = '',
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    let text = '';
    const outgoing = request(
      url,
      {
        method,
        agent: false,
        headers: { 'Content-Type': 'application/json', ...headers },
        ...(signal === undefined ? {} : { signal }),
      },
      (response) => {
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
        response.on('error', (error: NodeJS.ErrnoException) => reject(new BrokenOff(error.code ?? error.name, text)));
      },
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) => reject(new BrokenOff(error.code ?? error.name, text)));
    outgoing.end(body);
  });
}

export const credentials = { client_id: defaults.clientId, secret: defaults.secret };

/** POSTs to Plaid's interface with the right credentials. */
export const plaid = (
  providers: Providers,
  path: string,
  fields: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<Received> => send('POST', providers.url + path, JSON.stringify({ ...credentials, ...fields }), {}, signal);

export const sync = (
  providers: Providers,
  fields: { readonly access_token: string; readonly cursor?: string; readonly count?: number },
  signal?: AbortSignal,
): Promise<Received> => plaid(providers, '/transactions/sync', { count: 500, ...fields }, signal);

export const pageOf = ({ text }: Received): ReceivedPage => JSON.parse(text) as ReceivedPage;

/** A call of the control API; answers its status and JSON. */
export async function control(providers: Providers, method: string, path: string, body?: unknown) {
  const { status, text } = await send(
    method,
    providers.controlUrl + path,
    body === undefined ? '' : JSON.stringify(body),
  );
  return { status, json: JSON.parse(text) as Record<string, unknown> };
}
