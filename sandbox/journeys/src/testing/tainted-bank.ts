/**
 * Stands between the functions and the simulator, and puts what must never be written anywhere into all that a provider can say: names and
 * account numbers into records, tokens into headers, and the caller's own request into errors.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** None of these is anywhere in this repository or in the simulator's data but here. */
export const canaries = {
  name: 'Zebedee Quillfeather',
  iban: 'GB33BUKB20201577777777',
  accountNumber: '77777777',
  token: 'canary-token-6b1f0c1e9d',
} as const;

/** `records`: right answers, with the canaries in their texts. All others: what a call meets instead. */
export type Taint =
  | 'records'
  | 'defects'
  | 'refusal'
  | 'unauthorised'
  | 'throttled'
  | 'failure'
  | 'html'
  | 'broken'
  | 'redirect';

export const taints: readonly Taint[] = [
  ...(['records', 'defects', 'refusal', 'unauthorised', 'throttled', 'failure', 'html', 'broken', 'redirect'] as const),
];

export interface TaintedBank {
  readonly url: string;
  taint: Taint;
  /** Where right answers come from. */
  behind: string;
  /** Calls that were answered since the last look. */
  calls(): number;
  /** What the functions sent that is secret: tokens of the requests' headers and bodies. */
  readonly secretsSent: ReadonlySet<string>;
  close(): void;
}

const everything = Object.values(canaries).join(' ');
/** Texts of records, of each standard, that say whose they are or what for. */
const free =
  /"(name|official_name|merchant_name|original_description|owner|ownerName|product|displayName|details|Nickname|Name|TransactionInformation|StatementReference|creditorName|debtorName|remittanceInformationUnstructured|MerchantName)":"(?:[^"\\]|\\.)*"/g;
const identifications = /"(Identification|iban|mask|maskedPan)":"(?:[^"\\]|\\.)*"/g;
/** Every response has them: some are known to a client, some to nobody. */
const taintedHeaders = {
  'set-cookie': `session=${canaries.token}`,
  'www-authenticate': `Bearer realm="${everything}"`,
  'x-request-id': everything,
  'x-fapi-interaction-id': everything,
  'aspsp-sca-approach': everything,
  warning: `199 - "${everything}"`,
  'x-amzn-trace-id': canaries.token,
} as const;

export async function startTaintedBank(): Promise<TaintedBank> {
  let calls = 0;
  const secretsSent = new Set<string>();
  const server: Server = createServer(async (asked, response) => {
    const body = await text(asked);
    calls += 1;
    for (const secret of secretsOf(asked, body)) secretsSent.add(secret);
    const answer = await answerTo(bank, asked, body);
    response.writeHead(answer.status, { ...answer.headers, ...taintedHeaders });
    if (answer.cut) response.write(answer.body, () => response.destroy());
    else response.end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bank: TaintedBank = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taint: 'records',
    behind: '',
    calls() {
      const made = calls;
      calls = 0;
      return made;
    },
    secretsSent,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return bank;
}

function secretsOf({ headers }: IncomingMessage, body: string): readonly string[] {
  const inBody = [...body.matchAll(/"(?:access_token|secret)":"([^"]+)"/g)].map(([, secret = '']) => secret);
  const inHeaders = [headers.authorization?.replace(/^Bearer /, ''), headers['consent-id']];
  return [...inBody, ...inHeaders].filter((secret) => typeof secret === 'string' && secret !== '') as string[];
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly cut?: boolean;
}

const json = { 'content-type': 'application/json' };

async function answerTo({ taint, behind }: TaintedBank, asked: IncomingMessage, body: string): Promise<Answer> {
  // A provider that repeats what it was asked, as some do in their errors.
  const said = JSON.stringify(`${everything} ${body} ${JSON.stringify(asked.headers)}`);
  switch (taint) {
    case 'records':
      return taintTexts(await ask(behind, asked, body));
    case 'defects':
      return taintMembers(await ask(behind, asked, body));
    case 'refusal':
      return { status: 400, headers: json, body: errorOf(said, canaries.iban) };
    case 'unauthorised':
      return { status: 401, headers: json, body: errorOf(said, canaries.name) };
    case 'throttled':
      return { status: 429, headers: { ...json, 'retry-after': everything }, body: errorOf(said, everything) };
    case 'failure':
      return { status: 500, headers: json, body: errorOf(said, canaries.accountNumber) };
    case 'html':
      return { status: 200, headers: { 'content-type': 'text/html' }, body: `<h1>${everything}</h1>${said}` };
    case 'broken':
      // A parser's own message quotes what it stumbled over.
      return { status: 200, headers: json, body: `{"added":${everything}` };
    case 'redirect':
      return {
        status: 302,
        headers: { location: `https://${canaries.token}.example/?${encodeURI(everything)}` },
        body: said,
      };
  }
}

/** One error body that each of the three standards finds its own members in. @param said a JSON string */
function errorOf(said: string, code: string): string {
  const text = JSON.stringify(code);
  return (
    `{"error_type":${text},"error_code":${text},"error_message":${said},"display_message":${said},"request_id":${said},` +
    `"Code":${text},"Id":${said},"Message":${said},"Errors":[{"ErrorCode":${text},"Message":${said},"Path":${said},"Url":${said}}],` +
    `"tppMessages":[{"category":"ERROR","code":${text},"text":${said},"path":${said}}],"error":${text},"error_description":${said}}`
  );
}

function ask(behind: string, asked: IncomingMessage, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', url = '/' } = asked;
    const { 'accept-encoding': _packed, ...headers } = asked.headers;
    const passed = request(`${behind}${url}`, { method, headers, agent: false }, async (response) => {
      const { 'content-length': _length, ...kept } = response.headers;
      resolve({ status: response.statusCode ?? 500, headers: kept, body: await text(response) });
    });
    passed.once('error', reject);
    passed.end(body);
  });
}

function taintTexts(answer: Answer): Answer {
  return {
    ...answer,
    body: answer.body
      .replace(free, `"$1":"${canaries.name} ${canaries.token}"`)
      .replace(identifications, `"$1":"${canaries.iban}"`),
  };
}

/** Records that are set aside, and members that nobody knows: where a check says what is wrong, it must not say what it found. */
function taintMembers(answer: Answer): Answer {
  const { body } = taintTexts(answer);
  return {
    ...answer,
    body: body
      .replaceAll(/"(date|BookingDateTime|bookingDate)":"(?:[^"\\]|\\.)*"/g, `"$1":"${canaries.name}"`)
      .replaceAll(/"(iso_currency_code|Currency|currency)":"(?:[^"\\]|\\.)*"/g, `"$1":"${canaries.iban}"`)
      .replaceAll(
        /"(payment_channel|CreditDebitIndicator|Status|status)":"(?:[^"\\]|\\.)*"/g,
        `"$1":"${canaries.name}"`,
      )
      .replaceAll(
        /"(transaction_id|TransactionId|transactionId)":/g,
        `"${canaries.name} ${canaries.iban}":{"${canaries.token}":1},"$1":`,
      ),
  };
}
