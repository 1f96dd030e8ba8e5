/** What a call gets: decided before a byte is sent, so that deciding is plain to test. `delivery.ts` sends it. */

/** How the bytes leave. */
export type Manner =
  | { readonly way: 'whole' }
  | { readonly way: 'never' }
  | { readonly way: 'reset' }
  | { readonly way: 'reset-mid-body' }
  | { readonly way: 'byte-by-byte'; readonly everyMs: number }
  | { readonly way: 'padded'; readonly bytes: number };

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Sent instead of `body`: what no text can say. */
  readonly bytes?: Buffer;
  readonly retryAfter?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly manner: Manner;
  /** On top of the latency. */
  readonly delayMs: number;
  /** For the counters: `ok`, `error:<code>`, `fault:<kind>`. */
  readonly outcome: string;
}

const WHOLE: Manner = { way: 'whole' };

export const jsonAnswer = (body: string, outcome = 'ok', status = 200): Answer => ({
  status,
  contentType: 'application/json',
  body,
  manner: WHOLE,
  delayMs: 0,
  outcome,
});
