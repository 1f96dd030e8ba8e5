/**
 * What the banks of the UK tell by themselves: signed events (RFC 8417) about consents, pushed to an address or kept until they are polled.
 * Written from the Event Notification and Aggregated Polling profiles, version 3.1.11.
 */
import { randomUUID } from 'node:crypto';
import { type Answer, jsonAnswer } from '../answer.ts';
import type { Consent } from '../consent/grants.ts';
import type { WebhookSender } from '../webhooks/webhook-sender.ts';
import type { Claims } from './authorisation/signed-token.ts';
import { bodiless } from './error-body.ts';

export const eventKinds = [
  'consent-authorization-revoked',
  'account-access-consent-linked-account-update',
  'resource-update',
] as const;
export type EventKind = (typeof eventKinds)[number];

export interface BankEventsDeps {
  readonly clientId: string | undefined;
  readonly sender: WebhookSender;
  readonly nowEpochMs: () => number;
  sign(claims: Claims, bank: string): string;
}

const polledAtMost = 100;

export class BankEvents {
  /** Where events are pushed to; `null`: nowhere. */
  url: string | null = null;
  readonly #deps: BankEventsDeps;
  /** By their ids, until they are acknowledged. */
  readonly #kept = new Map<string, { readonly bank: string; readonly token: string }>();
  /** Of tokens that were not taken, by what was said of them. */
  readonly #errors = new Map<string, number>();

  constructor(deps: BankEventsDeps) {
    this.#deps = deps;
  }

  /** @param claims in place of the usual ones @returns the event, signed and told to nobody */
  signed(consent: Consent, kind: EventKind, claims: Claims = {}): { readonly id: string; readonly token: string } {
    const { nowEpochMs, clientId } = this.#deps;
    const id = randomUUID();
    const seconds = Math.floor(nowEpochMs() / 1_000);
    const link = `https://bank.example/account-access-consents/${consent.id}`;
    const subject = {
      subject_type: 'http://openbanking.org.uk/rid_http://openbanking.org.uk/rty',
      'http://openbanking.org.uk/rid': consent.id,
      'http://openbanking.org.uk/rty': 'account-access-consent',
      'http://openbanking.org.uk/rlk': [{ version: 'v3.1', link }],
    };
    const usual = { iat: seconds, jti: id, aud: clientId, sub: link, txn: randomUUID(), toe: seconds };
    const events = { [`urn:uk:org:openbanking:events:${kind}`]: { subject } };
    return { id, token: this.#deps.sign({ ...usual, events, ...claims }, consent.bank) };
  }

  /** Kept for those who poll, and pushed where somebody listens. */
  tell(consent: Consent, kind: EventKind, claims: Claims = {}): void {
    const { id, token } = this.signed(consent, kind, claims);
    this.#kept.set(id, { bank: consent.bank, token });
    if (this.url === null) return;
    const headers = () => ({ 'Content-Type': 'application/jwt', 'x-fapi-interaction-id': randomUUID() });
    this.#deps.sender.send({ url: this.url, body: token, headers, takenStatus: 202 });
  }

  /** `POST /events` of a bank. */
  poll(bank: string, body: string): Answer {
    const asked = parse(body);
    if (asked === undefined) return bodiless(400, 'error:400');
    for (const id of Array.isArray(asked.ack) ? asked.ack : []) this.#kept.delete(String(id));
    for (const [id, error] of Object.entries(asked.setErrs ?? {})) {
      this.#kept.delete(id);
      const { err = 'none' } = error as { readonly err?: string };
      this.#errors.set(err, (this.#errors.get(err) ?? 0) + 1);
    }
    const own = [...this.#kept].filter(([, kept]) => kept.bank === bank);
    const most = Math.min(polledAtMost, typeof asked.maxEvents === 'number' ? asked.maxEvents : polledAtMost);
    const sets = Object.fromEntries(own.slice(0, most).map(([id, { token }]) => [id, token]));
    return jsonAnswer(JSON.stringify({ moreAvailable: own.length > most, sets }));
  }

  counts() {
    return { kept: this.#kept.size, errors: Object.fromEntries(this.#errors) };
  }
}

interface Poll {
  readonly maxEvents?: unknown;
  readonly ack?: unknown;
  readonly setErrs?: Readonly<Record<string, unknown>>;
}

function parse(body: string): Poll | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
