/** The users of the sandbox that the page can be looked at as: those whose connections the board shows. Pure. */
import type { ConnectionsState } from '../board/snapshot.ts';

export interface SandboxUser {
  readonly userId: string;
  /** Has linked a bank after the start. */
  readonly byHand: boolean;
}

/** @returns each once, those who linked a bank first; as many as the board has rows at most */
export function sandboxUsers(connections: ConnectionsState | undefined): readonly SandboxUser[] {
  const users = new Map<string, SandboxUser>();
  for (const { userId, byHand } of connections?.rows ?? []) {
    if (userId === '') continue;
    users.set(userId, { userId, byHand: byHand || (users.get(userId)?.byHand ?? false) });
  }
  return [...users.values()].sort((a, b) => Number(b.byHand) - Number(a.byHand));
}

/** Whom `npm run link` links banks for, where nothing is known of anybody. */
const fallbackUser = 'demo';

/** @param asked of the address; not trusted with its shape */
export function userToShow(asked: string | null, users: readonly SandboxUser[]): string {
  if (asked !== null && isUserId(asked)) return asked;
  return users[0]?.userId ?? fallbackUser;
}

export function isUserId(text: string): boolean {
  return /^[\w.-]{1,64}$/.test(text);
}
