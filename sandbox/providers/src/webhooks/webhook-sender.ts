/**
 * Delivers webhooks as Plaid does: exactly 200 within 10 seconds counts as taken; anything else is sent again after 30 seconds, then
 * four times as long each time, for up to a day. Banks of the UK, whose standard leaves this to them, do likewise with 202.
 */
import { request } from 'node:http';

export interface Delivery {
  readonly url: string;
  /** Made anew each time, where a signature is in them. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly body: string;
  /** Default 200. */
  readonly takenStatus?: number;
}

export interface DeliveryCounts {
  /** Handed over to be delivered. */
  readonly asked: number;
  readonly taken: number;
  /** Given up after a day. */
  readonly lost: number;
  /** Not taken yet. */
  readonly pending: number;
  /** Attempts by what was answered: a status, or `error`. */
  readonly byAnswer: Readonly<Record<string, number>>;
}

const answerWithinMs = 10_000;
const retryFactor = 4;
const giveUpAfterMs = 86_400_000;
const atOnce = 64;

export class WebhookSender {
  readonly #firstRetryMs: number;
  readonly #waiting: (() => void)[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #byAnswer = new Map<string, number>();
  #busy = 0;
  #asked = 0;
  #taken = 0;
  #lost = 0;
  #closed = false;

  constructor(firstRetryMs: number) {
    this.#firstRetryMs = firstRetryMs;
  }

  send(delivery: Delivery): void {
    this.#asked += 1;
    this.#queue(delivery, this.#firstRetryMs, 0);
  }

  counts(): DeliveryCounts {
    const [asked, taken, lost] = [this.#asked, this.#taken, this.#lost];
    return { asked, taken, lost, pending: asked - taken - lost, byAnswer: Object.fromEntries(this.#byAnswer) };
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#waiting.length = 0;
  }

  #queue(delivery: Delivery, retryMs: number, waitedMs: number): void {
    this.#waiting.push(() => {
      this.#busy += 1;
      post(delivery).then((answer) => {
        this.#busy -= 1;
        this.#byAnswer.set(answer, (this.#byAnswer.get(answer) ?? 0) + 1);
        if (answer === String(delivery.takenStatus ?? 200)) this.#taken += 1;
        else this.#again(delivery, retryMs, waitedMs);
        this.#next();
      });
    });
    this.#next();
  }

  #again(delivery: Delivery, retryMs: number, waitedMs: number): void {
    if (this.#closed) return;
    if (waitedMs + retryMs > giveUpAfterMs) {
      this.#lost += 1;
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#queue(delivery, retryMs * retryFactor, waitedMs + retryMs);
    }, retryMs);
    timer.unref();
    this.#timers.add(timer);
  }

  #next(): void {
    while (!this.#closed && this.#busy < atOnce) {
      const start = this.#waiting.shift();
      if (start === undefined) return;
      start();
    }
  }
}

/** @returns the status as text, or `error`; never rejects */
function post({ url, headers, body }: Delivery): Promise<string> {
  return new Promise((resolve) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent: false,
        headers: { 'Content-Length': Buffer.byteLength(body), ...headers() },
        signal: AbortSignal.timeout(answerWithinMs),
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(String(response.statusCode ?? 0)));
        response.on('error', () => resolve('error'));
      },
    );
    outgoing.on('error', () => resolve('error'));
    outgoing.end(body);
  });
}
