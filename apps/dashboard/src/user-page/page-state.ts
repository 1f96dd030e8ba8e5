/** Whether there is something to show, and what the user must know about how far it can be relied on. Pure. */
import type { UserConnection, UserData } from './answers.ts';

/** `empty`: no bank is linked. `reading`: the first data are on their way. `waiting`: they come once the user has acted. */
export type PageState = 'empty' | 'reading' | 'waiting' | 'ready';

export interface Notice {
  readonly tone: 'user' | 'broken' | 'still';
  readonly text: string;
}

/** For each of the API's that is not `none`. */
export const actionWords = {
  'update-mode': 'asks you to log in again',
  're-consent': 'asks for your consent again',
  relink: 'has to be linked anew',
} as const;

/** What the command of the sandbox does about it. */
export function remedyOf({ userAction, connectionId }: UserConnection): string {
  return userAction === 'relink' ? 'npm run link' : `npm run link -- --connection ${connectionId}`;
}

/** A page may be older than the API. */
const isKnown = (action: string): action is keyof typeof actionWords => Object.hasOwn(actionWords, action);

const isWaiting = ({ userAction }: UserConnection) => userAction !== 'none';

export function pageState({
  connections,
  unreadable,
  accounts,
}: Pick<UserData, 'connections' | 'unreadable' | 'accounts'>): PageState {
  if (connections.length === 0) return unreadable.length === 0 ? 'empty' : 'waiting';
  if (accounts.some(({ state }) => state === 'open')) return 'ready';
  return connections.every(isWaiting) ? 'waiting' : 'reading';
}

/** In the order of how much they matter. */
export function noticesOf({
  connections,
  unreadable,
}: Pick<UserData, 'connections' | 'unreadable'>): readonly Notice[] {
  const waiting = connections.filter(isWaiting).map((one): Notice => {
    const asks = isKnown(one.userAction) ? actionWords[one.userAction] : 'needs you';
    return {
      tone: 'user',
      text: `The bank ${one.institutionId} ${asks}: until then nothing new comes from it (${remedyOf(one)}).`,
    };
  });
  const broken = unreadable.map(
    ({ connectionId, code }): Notice => ({
      tone: 'broken',
      text: `${connectionId} is left out: its stored data do not verify (${code}).`,
    }),
  );
  const fresh = connections
    .filter((one) => !isWaiting(one) && one.history !== 'complete')
    .map(
      ({ institutionId, history }): Notice => ({
        tone: 'still',
        text:
          history === 'none'
            ? `The first data of ${institutionId} are being read.`
            : `Of ${institutionId} only the last weeks are there yet; the rest is being read.`,
      }),
    );
  return [...waiting, ...broken, ...fresh];
}
