/** Events as `single-events.ts` sends them, and their users' reads of the API beside them. Run by k6. */
import { check } from 'k6';
import { hmac } from 'k6/crypto';
import { b64decode, b64encode } from 'k6/encoding';
import { scenario } from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import type { Plan } from './plan.ts';
import { send as sendEvent } from './single-events.ts';

export { handleSummary, options, teardown } from './single-events.ts';

const plan = JSON.parse(open(__ENV.PLAN ?? '')) as Plan;
const { url = '', tokenKey = '', checkEvery = 1, householdsFrom = 0, householdConnections = 1 } = plan.reads ?? {};
const households = Math.floor((plan.connections - householdsFrom) / householdConnections);
const kinds = households > 0 ? 3 : 2;
const key = b64decode(tokenKey);
const reads = new Counter('quartersec_reads');
const readsBehindEvents = new Counter('quartersec_reads_behind_events');
const staleReads = new Counter('quartersec_stale_reads');
const tokenSeconds = 3_600;
/** An access token is used many times, as an app does. */
const tokens = new Map<string, string>();

export function send(): void {
  const stored = sendEvent();
  if (stored === undefined || scenario.iterationInTest % checkEvery !== 0) return;
  const path = `/v1/transactions?limit=50&connection=conn-${stored.connection}`;
  const version = /"version":(\d+)/.exec(get(path, stored.connection, 'read behind its event'))?.[1];
  readsBehindEvents.add(1);
  if (version === undefined || Number(version) < stored.version) staleReads.add(1);
}

/** As many of one kind as of the other. */
export function read(): void {
  const turn = Math.floor(scenario.iterationInTest / kinds);
  const kind = scenario.iterationInTest % kinds;
  if (kind === 2) get('/v1/insights', householdsFrom + (turn % households) * householdConnections, 'insights');
  else get(kind === 0 ? '/v1/transactions?limit=50' : '/v1/accounts', turn % householdsFrom, 'read');
  reads.add(1);
}

function get(path: string, connection: number, name: string): string {
  const headers = { authorization: `Bearer ${tokenOf(userOf(connection))}` };
  const response = http.get(url + path, { headers, tags: { name }, timeout: '15s' }); // unit: k6 text
  const body = typeof response.body === 'string' ? response.body : '';
  check(response, { answered: ({ status }) => status === 200 && body.includes(`"conn-${connection}"`) });
  return body;
}

/** As `sandboxConnections` names them. */
function userOf(connection: number): string {
  const others = connection < householdsFrom ? 0 : (connection - householdsFrom) % householdConnections;
  return `user-${connection - others}`;
}

function tokenOf(userId: string): string {
  const known = tokens.get(userId);
  if (known !== undefined) return known;
  const encode = (value: object) => b64encode(JSON.stringify(value), 'rawurl');
  const exp = Math.floor(Date.now() / 1_000) + tokenSeconds;
  const signed = `${encode({ alg: 'HS256' })}.${encode({ sub: userId, aud: 'quartersec', exp })}`;
  const token = `${signed}.${hmac('sha256', key, signed, 'base64rawurl')}`;
  tokens.set(userId, token);
  return token;
}
