/** The kept-alive connections of a client. */
import * as http from 'node:http';
import * as https from 'node:https';
import type { TransportOptions } from './open-call.ts';

export interface Agents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

/** Load balancers close idle connections after 60 s; ours go first, so that no call is sent into a closed one. */
const idleSocketTtlMs = 45_000;

export function createAgents({ lookup, certificate, ca }: TransportOptions): Agents {
  const options = { keepAlive: true, timeout: idleSocketTtlMs, lookup };
  const tls = { ...certificate, ...(ca !== undefined && { ca }) };
  return { http: new http.Agent(options), https: new https.Agent({ ...options, ...tls }) };
}
