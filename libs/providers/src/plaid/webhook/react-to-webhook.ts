/** What a verified webhook asks for. A webhook is a hint: what it says is read again through the API. Pure. */
import { checkWebhook, checkWebhookBase, type PlaidWebhook } from '@quartersec/validation/plaid';

export type WebhookReaction =
  /** Look at the Item. */
  | {
      readonly kind: 'look';
      readonly itemId: string;
      readonly code: string;
      /** Read the account list, whatever its age. */
      readonly readAccounts: boolean;
      /** When the user's consent ends, where the webhook says so: no other call tells the time of a disconnection. */
      readonly consentExpiresEpochMs: number | undefined;
    }
  /** Known, and nothing follows from it. */
  | { readonly kind: 'nothing'; readonly code: string }
  /** A kind that is newer than this version, or a body that is none of Plaid's. */
  | { readonly kind: 'unknown'; readonly code: string };

/** @param body the raw bytes, verified */
export function reactToPlaidWebhook(body: Uint8Array): WebhookReaction {
  const value = parseJson(body);
  const checked = checkWebhook(value);
  if (checked.ok) return reactTo(checked.value);
  // A member of its own kind is not as we know it: that something is to be looked at is said all the same.
  const base = checkWebhookBase(value);
  if (!base.ok) return { kind: 'unknown', code: 'BODY_UNREADABLE' };
  const { item_id: itemId, webhook_type: type, webhook_code: code } = base.value;
  return { kind: 'look', itemId, code: safeCode(type, code), readAccounts: false, consentExpiresEpochMs: undefined };
}

function reactTo({ kind, webhook }: PlaidWebhook): WebhookReaction {
  const look = { kind: 'look', itemId: webhook.item_id, code: kind, readAccounts: false } as const;
  switch (kind) {
    case 'SYNC_UPDATES_AVAILABLE':
    case 'LOGIN_REPAIRED':
    case 'ITEM_ERROR':
    case 'USER_PERMISSION_REVOKED':
      return { ...look, consentExpiresEpochMs: undefined };
    case 'NEW_ACCOUNTS_AVAILABLE':
    case 'USER_ACCOUNT_REVOKED':
      return { ...look, readAccounts: true, consentExpiresEpochMs: undefined };
    case 'PENDING_DISCONNECT':
      return { ...look, consentExpiresEpochMs: epochMsOf(webhook.disconnect_time) };
    case 'PENDING_EXPIRATION':
      return { ...look, consentExpiresEpochMs: epochMsOf(webhook.consent_expiration_time) };
    case 'LEGACY_UPDATE':
    case 'TRANSACTIONS_REMOVED':
    case 'WEBHOOK_UPDATE_ACKNOWLEDGED':
      return { kind: 'nothing', code: kind };
    case 'UNKNOWN':
      return { kind: 'unknown', code: safeCode(webhook.webhook_type, webhook.webhook_code) };
  }
}

/** Of whatever date-time Plaid writes; one that cannot be read is none. */
function epochMsOf(text: string | null | undefined): number | undefined {
  const epochMs = Date.parse(text ?? '');
  return Number.isSafeInteger(epochMs) && epochMs > 0 ? epochMs : undefined;
}

/** For a log line: codes of Plaid are capitals. */
function safeCode(type: string, code: string): string {
  const text = `${type}/${code}`;
  return /^[A-Z0-9_]{1,60}\/[A-Z0-9_]{1,60}$/.test(text) ? text : 'UNLISTED';
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return undefined;
  }
}
