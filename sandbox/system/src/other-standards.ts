/** Connections of standards other than Plaid's, with households of their own at the simulator. */
import {
  berlinBanksAt,
  berlinConnections,
  type OpenBankingClient,
  obukBanksAt,
  obukConnections,
  obukEventsAt,
  type SandboxConnection,
} from './connections.ts';

export interface OtherStandards {
  readonly openBanking: readonly SandboxConnection[];
  readonly berlinGroup: readonly SandboxConnection[];
  readonly all: readonly SandboxConnection[];
  readonly providers: readonly string[];
  /** Variables of the functions that link and read. @param url of the simulator; `undefined`: there is none */
  environmentAt(url: string | undefined, client: OpenBankingClient): Readonly<Record<string, string>>;
}

/** @param from index at the simulator of the first household that no other connection has */
export function otherStandards(
  counts: { readonly openBanking?: number | undefined; readonly berlinGroup?: number | undefined },
  from: number,
): OtherStandards {
  const openBanking = obukConnections(counts.openBanking ?? 0, from);
  const berlinGroup = berlinConnections(counts.berlinGroup ?? 0, from + openBanking.length);
  const all = [...openBanking, ...berlinGroup];
  return {
    openBanking,
    berlinGroup,
    all,
    // Connections of these come by links, too.
    providers: ['openbanking-uk', 'berlin-group'],
    environmentAt: (url, client) =>
      url === undefined
        ? {}
        : {
            OPEN_BANKING_UK_BANKS: obukBanksAt(url),
            OPEN_BANKING_UK_EVENTS: obukEventsAt(url),
            BERLIN_GROUP_BANKS: berlinBanksAt(url),
            ...client.environment,
          },
  };
}
