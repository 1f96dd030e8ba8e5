/** `npm run link`: a user links a bank, or mends a login, as an app would lead them, on one page. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CommandError, runCommand } from '@quartersec/command-line';
import { type ApiClient, openApi } from './api-client.ts';
import {
  awaitData,
  type BadDay,
  badDays,
  beginLink,
  completeLink,
  type Linked,
  playLogin,
  refresh,
  type Wanted,
} from './link/bank-link.ts';
import { plaidPage, simulatorPage } from './link/link-page.ts';
import { linkByRedirect } from './link/redirect-link.ts';

const usage = `npm run link -- [options]
  Opens a page that plays a bank's login for a user of the running system (npm start), and links what the login gives: a household
  with its accounts. With a real Plaid (PLAID_ variables at npm start) the page is Plaid's own Link. Ends when the bank is linked.
  --user ID           who links (default: demo)
  --provider NAME     plaid (default), openbanking-uk or berlin-group, whose banks have a page of their own
  --institution ID    which bank of it (default: obuk-v4.0 or berlin-redirect; others: obuk-v3.1, berlin-oauth)
  --household NAME    whose accounts; the same name again is the same accounts (default: the user)
  --bad-day KIND      what a bank behind Plaid does after it: ${Object.keys(badDays).join(', ')}
  --connection ID     mends this connection's login instead (update mode)
  --yes               without the page: logs in and agrees at once
`;

const options = {
  user: { type: 'string', default: 'demo' },
  provider: { type: 'string', default: 'plaid' },
  institution: { type: 'string' },
  household: { type: 'string' },
  'bad-day': { type: 'string', default: 'none' },
  connection: { type: 'string' },
  yes: { type: 'boolean', default: false },
} as const;

/** Providers whose banks have a page of their own, each with the bank that is linked where none is named. */
const usualInstitutions = { 'openbanking-uk': 'obuk-v4.0', 'berlin-group': 'berlin-redirect' } as const;

/** A first import takes as long as the history is; what is not there by then comes all the same. */
const dataWithinMs = 60_000;
const bodyAtMost = 4_096;

interface Choice {
  readonly household: string;
  readonly badDay: BadDay;
}

await runCommand({ name: 'link', usage, options }, async ({ values }) => {
  const { user, household = user, 'bad-day': badDay, connection } = values;
  const choice = { household: readHousehold(household), badDay: readBadDay(badDay) };
  const api = await openApi(user);
  const wanted = readWanted(values.provider, values.institution, connection);
  if ('institutionId' in wanted) refuseBadDay(choice);
  const session = await redirectSession(api, wanted);
  if (session !== undefined) {
    refuseBadDay(choice); // of a connection it shows only now whose it is
    const linked = await linkByRedirect(api, { session, household: choice.household, agreesAtOnce: values.yes });
    process.stdout.write(await describeLinked(api, linked));
    return;
  }
  const isSimulated = (await fetch(`${api.system.url}/faults`)).ok;
  if (values.yes) {
    if (!isSimulated) throw new CommandError('USAGE', '--yes is for the simulator: a real bank asks its customer');
    process.stdout.write(await link(api, choice, connection));
  } else await servePage(api, choice, connection, isSimulated);
});

/** A bank with pages of its own; `undefined` where the provider's Link is played. */
async function redirectSession(api: ApiClient, wanted: Wanted) {
  const isByRedirect = 'connectionId' in wanted || 'institutionId' in wanted;
  if (!isByRedirect) return undefined;
  const { authorizationUrl, ...session } = await beginLink(api, wanted);
  return authorizationUrl === undefined ? undefined : { ...session, authorizationUrl };
}

/** The pages of these banks play none. */
function refuseBadDay({ badDay }: Choice): void {
  if (badDay !== 'none')
    throw new CommandError('USAGE', '--bad-day is for banks behind Plaid; plant a fault elsewhere');
}

function readWanted(provider: string, institution: string | undefined, connectionId: string | undefined): Wanted {
  if (connectionId !== undefined) return { connectionId };
  if (provider === 'plaid') return {};
  if (provider === 'openbanking-uk' || provider === 'berlin-group')
    return { provider, institutionId: institution ?? usualInstitutions[provider] };
  throw new CommandError('USAGE', 'a provider is plaid, openbanking-uk or berlin-group');
}

async function link(api: ApiClient, { household, badDay }: Choice, mends: string | undefined): Promise<string> {
  const { linkToken } = await beginLink(api, mends === undefined ? {} : { connectionId: mends });
  const { publicToken } = await playLogin(api, linkToken, household, badDay);
  return finish(api, publicToken, mends);
}

/** @returns what became of it, as lines */
async function finish(api: ApiClient, publicToken: string, mends: string | undefined): Promise<string> {
  if (mends !== undefined) {
    const before = await api.call<{ syncedEpochMs: number | null }>('GET', `/v1/connections/${mends}`);
    await refresh(api, mends);
    const now = await mended(api, mends, before.syncedEpochMs);
    return `${mends}: ${now}\n`;
  }
  return describeLinked(api, await completeLink(api, publicToken));
}

async function describeLinked(api: ApiClient, { how, connection }: Linked): Promise<string> {
  const { connectionId, institutionId } = connection;
  const { userAction, syncedEpochMs, history } = await awaitData(api, connectionId, dataWithinMs);
  const data =
    userAction !== 'none'
      ? `its user has to act: ${userAction}`
      : syncedEpochMs === null
        ? 'its data are not there yet'
        : `its data are there (history: ${history})`;
  return (
    `${how} connection ${connectionId} (${institutionId}): ${data}\n` +
    `npm run read -- transactions --user ${api.userId} shows them\n`
  );
}

async function mended(api: ApiClient, connectionId: string, since: number | null): Promise<string> {
  // Its state before the refresh may still ask for the user: only a new read says that it works.
  const endMs = performance.now() + dataWithinMs;
  for (;;) {
    const now = await awaitData(api, connectionId, 0, since);
    if (now.syncedEpochMs !== since) return `${now.status}, read again`;
    if (performance.now() > endMs) return `${now.status}, not read yet (user: ${now.userAction})`;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Until it is linked, or Ctrl-C. */
async function servePage(
  api: ApiClient,
  choice: Choice,
  mends: string | undefined,
  isSimulated: boolean,
): Promise<void> {
  const html = isSimulated
    ? simulatorPage(api.userId, choice.household, choice.badDay, mends)
    : plaidPage((await beginLink(api, mends === undefined ? {} : { connectionId: mends })).linkToken);
  await new Promise<void>((resolve, reject) => {
    const server = createServer(async (request, response) => {
      const own = `http://${request.headers.host}`;
      if (request.method === 'GET' && request.url === '/') {
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
        return;
      }
      // Only the page itself may link: another site's page would come with its own origin.
      if (request.method !== 'POST' || request.url !== '/link' || request.headers.origin !== own) {
        response.writeHead(404).end();
        return;
      }
      try {
        const outcome = await linkAsAsked(api, JSON.parse(await readBody(request)) as Asked, choice, mends);
        process.stdout.write(outcome);
        response.writeHead(200, { 'content-type': 'text/plain', connection: 'close' }).end(outcome, () => {
          server.close(() => resolve());
          server.closeIdleConnections();
        });
      } catch (error) {
        response.writeHead(400, { 'content-type': 'text/plain' }).end((error as Error).message);
      }
    });
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      process.stdout.write(`open http://127.0.0.1:${port}/ and log in (Ctrl-C to leave it)\n`);
    });
  });
}

interface Asked {
  readonly household?: string;
  readonly badDay?: string;
  readonly publicToken?: string;
}

function linkAsAsked(api: ApiClient, asked: Asked, choice: Choice, mends: string | undefined): Promise<string> {
  if (asked.publicToken !== undefined) return finish(api, asked.publicToken, mends);
  const { household = choice.household, badDay = choice.badDay } = asked;
  return link(api, { household: readHousehold(household), badDay: readBadDay(badDay) }, mends);
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > bodyAtMost) throw new Error('too long');
  }
  return body;
}

function readHousehold(text: string): string {
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  throw new CommandError('USAGE', 'a household is a name of letters, digits, . _ and -');
}

function readBadDay(text: string): BadDay {
  if (Object.hasOwn(badDays, text)) return text as BadDay;
  throw new CommandError('USAGE', `a bad day is one of ${Object.keys(badDays).join(', ')}`);
}
