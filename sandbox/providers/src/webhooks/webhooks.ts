/** Which webhook an Item's changes send, where to, and in whose words. */
import { itemId } from '../plaid/identifiers.ts';
import type { DeliveryCounts } from './webhook-sender.ts';
import { WebhookSender } from './webhook-sender.ts';
import { WebhookSigner } from './webhook-signer.ts';

export interface WebhookRequest {
  readonly type: string;
  readonly code: string;
  /** Beside the members of every webhook. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Default: now. */
  readonly issuedEpochSeconds?: number;
}

export interface SignedWebhook {
  readonly url: string | null;
  readonly headers: { readonly 'content-type': string; readonly 'plaid-verification': string };
  readonly body: string;
}

export interface WebhooksOptions {
  readonly nowEpochMs: () => number;
  /** First wait before a webhook that was not taken is sent again; four times as long each time after. */
  readonly firstRetryMs: number;
}

export class Webhooks {
  /** For Items whose link named no address. */
  defaultUrl: string | null = null;
  readonly signer: WebhookSigner;
  readonly sender: WebhookSender;
  readonly #urls = new Map<number, string>();

  constructor({ nowEpochMs, firstRetryMs }: WebhooksOptions) {
    this.signer = new WebhookSigner(nowEpochMs);
    this.sender = new WebhookSender(firstRetryMs);
  }

  /** Of an Item: as its link said. */
  setUrl(index: number, url: string): void {
    this.#urls.set(index, url);
  }

  urlOf(index: number): string | null {
    return this.#urls.get(index) ?? this.defaultUrl;
  }

  /** A signed webhook, not sent. */
  signed(index: number, { issuedEpochSeconds, ...webhook }: WebhookRequest): SignedWebhook {
    const body = bodyOf(index, webhook);
    const headers = {
      'content-type': 'application/json',
      'plaid-verification': this.signer.token(body, issuedEpochSeconds),
    };
    return { url: this.urlOf(index), headers, body };
  }

  /** Delivered in the background; nothing where nobody listens. @returns whether somebody does */
  send(index: number, webhook: WebhookRequest): boolean {
    const url = this.urlOf(index);
    if (url === null) return false;
    const body = bodyOf(index, webhook);
    const headers = () => ({
      'Content-Type': 'application/json',
      'Plaid-Verification': this.signer.token(body, webhook.issuedEpochSeconds),
    });
    this.sender.send({ url, body, headers });
    return true;
  }

  updatesAvailable(index: number): void {
    const members = { initial_update_complete: true, historical_update_complete: true };
    this.send(index, { type: 'TRANSACTIONS', code: 'SYNC_UPDATES_AVAILABLE', members });
  }

  counts(): DeliveryCounts {
    return this.sender.counts();
  }

  close(): void {
    this.sender.close();
  }
}

function bodyOf(index: number, { type, code, members }: WebhookRequest): string {
  return JSON.stringify({
    webhook_type: type,
    webhook_code: code,
    item_id: itemId(index),
    ...members,
    environment: 'sandbox',
  });
}
