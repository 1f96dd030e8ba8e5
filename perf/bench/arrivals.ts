/** Drives events at a function URL, at a fixed rate whatever it answers, or as fast as it answers. */
import { Agent, request } from 'node:http';

export interface Sending {
  readonly url: string;
  readonly events: number;
  readonly connectionIds: readonly string[];
}

export interface SendResult {
  readonly sent: number;
  /** Answers other than 200, by status; connections that broke count as 0. */
  readonly refused: Readonly<Record<number, number>>;
}

/**
 * Open arrivals: a slow function gets its events no later than a fast one.
 * @param perSecond evenly spaced
 */
export async function sendAtRate(sending: Sending, perSecond: number): Promise<SendResult> {
  const { events } = sending;
  return withSender(sending, async (send) => {
    const startedMs = performance.now();
    const answers: Promise<void>[] = [];
    while (answers.length < events) {
      const dueMs = startedMs + (answers.length * 1_000) / perSecond;
      const waitMs = dueMs - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      answers.push(send(answers.length));
    }
    await Promise.all(answers);
  });
}

/** @param atOnce events under way at any time */
export async function sendInTurns(sending: Sending, atOnce: number): Promise<SendResult> {
  return withSender(sending, async (send) => {
    let next = 0;
    const sender = async () => {
      while (next < sending.events) await send(next++);
    };
    await Promise.all(Array.from({ length: atOnce }, sender));
  });
}

async function withSender(
  { url, events, connectionIds }: Sending,
  drive: (send: (index: number) => Promise<void>) => Promise<void>,
): Promise<SendResult> {
  const agent = new Agent({ keepAlive: true });
  const refused: Record<number, number> = {};
  await drive(async (index) => {
    const connectionId = connectionIds[index % connectionIds.length];
    const status = await post(agent, url, JSON.stringify({ connectionId }));
    if (status !== 200) refused[status] = (refused[status] ?? 0) + 1;
  });
  agent.destroy();
  return { sent: events, refused };
}

/** The bare client: it runs on the same cores as what it measures. */
function post(agent: Agent, url: string, body: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sending = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('close', () => resolve(response.complete ? (response.statusCode ?? 0) : 0));
    });
    sending.on('error', () => resolve(0));
    sending.end(body);
  });
}
