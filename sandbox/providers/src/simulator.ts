/** The simulator without a socket: a call in, what it gets out. `server.ts` puts it on a port. */
import { randomUUID } from 'node:crypto';
import type { Answer } from './answer.ts';
import { BerlinService, isBerlinPath } from './berlin-group/berlin-service.ts';
import { Calls } from './calls.ts';
import { type ControlAnswer, ControlApi } from './control/control-api.ts';
import { FaultSchedule } from './faults/schedule.ts';
import { Latency, type LatencySettings, realisticLatency } from './latency.ts';
import { LinkDesk } from './link/link-desk.ts';
import type { RegisteredClient } from './openbanking-uk/authorisation/client.ts';
import { isObukPath, ObukService } from './openbanking-uk/obuk-service.ts';
import { accessToken } from './plaid/identifiers.ts';
import { PlaidBank } from './plaid/plaid-bank.ts';
import { type Headers, PlaidService } from './plaid/plaid-service.ts';
import { type Limits, noLimits, RateLimit } from './plaid/rate-limit.ts';
import { ProvidersError } from './providers-error.ts';
import { Publication } from './story/publication.ts';
import { LAST_STEP, Story } from './story/story.ts';
import { Webhooks } from './webhooks/webhooks.ts';

export interface ProvidersOptions {
  /** 0 = any free one. */
  readonly port?: number;
  readonly host?: string;
  /** Same seed, same story, same faults' draws. */
  readonly seed?: number;
  /** Access tokens `access-sandbox-0` up to one below this. They cost nothing until used. */
  readonly connections?: number;
  readonly latency?: LatencySettings;
  readonly clientId?: string;
  readonly secret?: string;
  /** Virtual day of step 1, YYYY-MM-DD. */
  readonly startDate?: string;
  /** Records that a first read finds. */
  readonly historyTransactions?: number;
  /** Share of steps, 0 to 1, that come on two or three pages. */
  readonly multiPageShare?: number;
  /** Last step published of every connection; `null` = no end. */
  readonly published?: number | null;
  readonly limits?: Limits;
  /** Connections from here on are free for Link; those below have their tokens from the start. Default: all of them have. */
  readonly linkFrom?: number;
  /** Where the webhooks of Items go whose link named no address; `null` = nowhere. */
  readonly webhookUrl?: string | null;
  /** First wait before a webhook that was not taken is sent again. Plaid's own: 30 s. */
  readonly webhookRetryMs?: number;
  /** The client that the banks of Open Banking UK know: without one they give no access. */
  readonly openBankingClient?: RegisteredClient | null;
  /** For `Retry-After` dates and quotas: nothing else reads a clock. */
  readonly nowEpochMs?: () => number;
  /** Names of link tokens and public tokens. */
  readonly newId?: () => string;
}

export const defaults = {
  port: 0,
  host: '127.0.0.1',
  seed: 1,
  connections: 5_000,
  latency: realisticLatency,
  clientId: 'client-sandbox',
  secret: 'secret-sandbox',
  startDate: '2025-01-01',
  historyTransactions: 40,
  multiPageShare: 0.02,
  published: null,
  limits: noLimits,
  linkFrom: 0,
  webhookUrl: null,
  webhookRetryMs: 30_000,
  openBankingClient: null,
  nowEpochMs: Date.now,
  newId: randomUUID,
} as const satisfies Required<ProvidersOptions>;

export interface Simulator {
  /** The banks behind it: change them, ask what they hold. By connection, from 0. */
  readonly bank: PlaidBank;
  readonly webhooks: Webhooks;
  /** What a provider's call gets. @param url path and query @param headers names in lower case */
  answer(method: string, url: string, headers: Headers, body: string): Answer;
  /** What a call of the control API gets. @param path behind `/control/`, with its query */
  control(method: string, path: string, body: string): ControlAnswer;
  /** How long the next answer takes on its way. */
  latencyMs(): number;
}

function checked(options: ProvidersOptions): Required<ProvidersOptions> {
  const settings = { ...defaults, ...options };
  const between = (option: keyof ProvidersOptions, from: number, to: number, whole = true) => {
    const value = settings[option];
    if (typeof value === 'number' && value >= from && value <= to && (!whole || Number.isInteger(value))) return;
    throw new ProvidersError('OPTION_INVALID', {
      option,
      must: `${whole ? 'whole ' : ''}number from ${from} to ${to}`,
    });
  };
  between('port', 0, 65_535);
  between('seed', 0, 4_294_967_295);
  between('connections', 1, 10_000_000);
  between('linkFrom', 0, 10_000_000);
  between('webhookRetryMs', 1, 86_400_000);
  between('historyTransactions', 0, 100_000);
  between('multiPageShare', 0, 1, false);
  if (settings.published !== null) between('published', 0, LAST_STEP - 1);
  return settings;
}

/** @throws {ProvidersError} `OPTION_INVALID` */
export function createSimulator(options: ProvidersOptions = {}): Simulator {
  const settings = checked(options);
  const { seed, connections, nowEpochMs } = settings;
  let story: Story;
  let latency: Latency;
  try {
    story = new Story(settings);
    latency = new Latency(seed, settings.latency);
  } catch (error) {
    throw new ProvidersError('OPTION_INVALID', { must: String(error) }, { cause: error });
  }
  const publication = new Publication(connections, settings.published);
  const bank = new PlaidBank(story, publication, settings.multiPageShare);
  const faults = new FaultSchedule(seed);
  const calls = new Calls();
  const rateLimit = new RateLimit(settings.limits, nowEpochMs);
  const { clientId, secret } = settings;
  const webhooks = new Webhooks({ nowEpochMs, firstRetryMs: settings.webhookRetryMs });
  webhooks.defaultUrl = settings.webhookUrl;
  const desk = new LinkDesk({
    bank,
    webhooks,
    connections,
    linkFrom: settings.linkFrom,
    nowEpochMs,
    newId: settings.newId,
    onRepaired(index) {
      faults.endLoginFaults(accessToken(index));
      desk.setConsentEnd(index, null);
      webhooks.send(index, { type: 'ITEM', code: 'LOGIN_REPAIRED' });
    },
  });
  const plaid = new PlaidService({
    bank,
    desk,
    webhooks,
    faults,
    calls,
    rateLimit,
    seed,
    connections,
    clientId,
    secret,
    nowEpochMs,
  });
  const obuk = new ObukService({
    ...{ bank, publication, faults, calls, connections, nowEpochMs, sender: webhooks.sender },
    client: settings.openBankingClient ?? undefined,
    householdOf: (login) => desk.household(login),
  });
  const berlin = new BerlinService({
    ...{ bank, publication, faults, calls, connections, nowEpochMs },
    client: settings.openBankingClient ?? undefined,
    householdOf: (login) => desk.household(login),
  });
  const of = { story, publication, bank, desk, webhooks, faults, calls, latency, rateLimit };
  const control = new ControlApi({ ...of, obuk, berlin });

  return {
    bank,
    webhooks,
    answer(method, url, headers, body) {
      const path = url.split('?', 1)[0] ?? url;
      const lists = isObukPath(path) ? obuk : isBerlinPath(path) ? berlin : undefined;
      return lists === undefined ? plaid.answer(method, path, headers, body) : lists.answer(method, url, headers, body);
    },
    control: (method, path, body) => control.answer(method, path, body),
    latencyMs: () => latency.nextMs(),
  };
}
