/**
 * The whole system as a process of its own, for whoever drives load at it: started with settings, spoken to over HTTP.
 * `GET /samples` metric values since the last call; `GET /stats` functions, queues, environments; `POST /drain` waits
 * until nothing is under way; `POST /break` breaks a part (`break-part.ts`); `POST /settle` does so, accounts for every event and audits the table. Only for loopback: nothing is authenticated.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readEmf } from '@quartersec/sandbox-cloudwatch';
import { announceReady, readSettings } from '../child-service.ts';
import { type SystemOptions, startSystem } from '../system.ts';
import { breakPart, type Part } from './break-part.ts';
import { createEventLedger } from './event-ledger.ts';
import { createSampleBuffer } from './sample-buffer.ts';
import { drain, type SettleRequest, settle } from './settle.ts';

/** Correlation ids of the driver begin so. */
const drivenPrefix = 'perf-';

const settings = readSettings<Omit<SystemOptions, 'onLog' | 'onProgress'>>();
const samples = createSampleBuffer();
const ledger = createEventLedger(drivenPrefix);

const system = await startSystem({
  ...settings,
  onProgress: (progress) => process.send?.({ progress }),
  onLog(functionName, line) {
    if (functionName !== 'process') return;
    samples.add(readEmf(line), Date.now());
    ledger.read(line);
  },
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

const routes: Readonly<Record<string, (body: string) => unknown>> = {
  'GET /samples': () => samples.drain(),
  'GET /stats': () => ({ ...system.host.stats(), environments: system.host.environments() }),
  'POST /drain': (body) => drain(system, performance.now() + (JSON.parse(body) as { withinMs: number }).withinMs),
  'POST /break': async (body) => ({ broken: await breakPart((JSON.parse(body) as { part: Part }).part, system) }),
  'POST /settle': (body) => settle(system, ledger, JSON.parse(body) as SettleRequest),
};

const server = createServer(async (request, response) => {
  const route = routes[`${request.method} ${request.url}`];
  const answer = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (route === undefined) return answer(404, { error: `there are: ${Object.keys(routes).join(', ')}` });
  try {
    answer(200, (await route(await readText(request))) ?? {});
  } catch (error) {
    answer(500, { error: error instanceof Error ? error.message : String(error) });
  }
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

announceReady(
  {
    controlUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    providerControlUrl: system.controlUrl,
    processUrl: system.processUrl,
    queueUrl: system.queueUrl,
    apiUrl: system.apiUrl,
    readTokenKey: system.readTokenKey,
  },
  async () => {
    server.close();
    server.closeAllConnections();
    await system.close();
  },
);

async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
