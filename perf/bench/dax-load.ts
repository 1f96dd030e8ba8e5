/** A child: keeps connections to a DAX node busy with one read each for some seconds, and says how many were answered. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleepMs } from 'node:timers/promises';
import { getItemRequest, preamble } from './dax-wire.ts';

export interface DaxLoad {
  readonly host: string;
  readonly port: number;
  readonly tableName: string;
  /** Their items have one length, so that an answer is known by its length. */
  readonly keys: readonly { readonly pk: string; readonly sk: string }[];
  readonly connections: number;
  readonly forMs: number;
}

export interface DaxLoadResult {
  readonly connected: number;
  readonly answered: number;
  readonly tookMs: number;
}

const quietMs = 300;
const connectsAtOnce = 100;
const success = 0x80;

const load = JSON.parse(process.argv[2] ?? '{}') as DaxLoad;
const requests = load.keys.map((key) => getItemRequest(load.tableName, key));
let answered = 0;
let stopped = false;

const sockets: Socket[] = [];
while (sockets.length < load.connections) {
  const batch = Array.from({ length: Math.min(connectsAtOnce, load.connections - sockets.length) }, open);
  sockets.push(...(await Promise.all(batch)));
}
const answerBytes = await measureAnswer(sockets[0]);
sockets.forEach(keepBusy);
const startedMs = performance.now();
process.send?.({ started: true });
await sleepMs(load.forMs);
stopped = true;
const tookMs = performance.now() - startedMs;
const result: DaxLoadResult = { connected: sockets.length, answered, tookMs };
process.send?.(result, undefined, undefined, () => process.exit(0));

async function open(): Promise<Socket> {
  const socket = connect(load.port, load.host).setNoDelay(true);
  await once(socket, 'connect');
  socket.write(preamble);
  return socket;
}

async function measureAnswer(socket: Socket | undefined): Promise<number> {
  const chunks: Buffer[] = [];
  const collect = (chunk: Buffer) => chunks.push(chunk);
  socket?.on('data', collect).write(requests[0] ?? '');
  await sleepMs(quietMs);
  socket?.off('data', collect);
  const answer = Buffer.concat(chunks);
  if (answer[0] !== success) throw new Error(`the node does not answer a read: ${answer.toString('hex').slice(0, 80)}`);
  return answer.length;
}

function keepBusy(socket: Socket, index: number): void {
  let turn = index;
  let missing = answerBytes;
  const ask = () => socket.write(requests[turn++ % requests.length] ?? '');
  socket.on('data', (chunk: Buffer) => {
    missing -= chunk.length;
    if (missing > 0) return;
    if (missing < 0) throw new Error('an answer was longer than the first one');
    missing = answerBytes;
    if (stopped) return;
    answered += 1;
    ask();
  });
  socket.once('close', () => {
    if (!stopped) throw new Error('the node closed a connection');
  });
  ask();
}
