/** What a standard has to offer so that a user of the API links, mends and removes a bank of it. One for each provider. */
import type { ProviderName } from '@quartersec/providers';
import type { Head } from '@quartersec/storage';
import type { ConnectCall } from './connect-dependencies.ts';
import type { LinkedBank } from './link-item.ts';

/** A user on the way to their bank, as the app is told of it. */
export interface LinkSession {
  /** For the provider's Link in the app; where the bank has pages of its own, the `state` that comes back with the user. */
  readonly linkToken: string;
  /** Where the user is sent, where the bank has pages of its own. */
  readonly authorizationUrl?: string;
  readonly expiresEpochMs: number;
}

/** What the app brings back from the bank. */
export type BroughtBack =
  | { readonly kind: 'public-token'; readonly publicToken: string }
  | { readonly kind: 'redirect'; readonly state: string; readonly code?: string; readonly iss?: string }
  | { readonly kind: 'refusal'; readonly state: string };

/** All of it throws {ConnectError | ProviderError | StorageError}. */
export interface LinkProvider {
  readonly provider: ProviderName;
  /** @param institutionId where the user names the bank here, and not at the provider's */
  begin(institutionId: string | undefined, call: ConnectCall): Promise<LinkSession>;
  /** The same connection is to go on: its login is repeated, or its consent renewed. */
  mend(head: Head, call: ConnectCall): Promise<LinkSession>;
  /** Safe to repeat: it goes on where the call before ended. */
  complete(brought: BroughtBack, call: ConnectCall): Promise<LinkedBank>;
  /** Ends the connection at the provider. Safe to repeat. */
  remove(head: Head, call: ConnectCall): Promise<void>;
  /** @returns when the user's consent ends, as the provider has it now; `null`: it has no end */
  readConsentEnd(head: Head, call: ConnectCall): Promise<number | null>;
}

export type LinkProviders = ReadonlyMap<string, LinkProvider>;
