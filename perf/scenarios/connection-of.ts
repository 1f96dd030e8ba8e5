/** Which connection an event is for. Shared by the scripts that k6 runs and by what plans them. */

export interface Population {
  readonly connections: number;
  /** `all`: of every five connections three are Plaid's, one is Open Banking UK's and one the Berlin Group's. */
  readonly standards: 'plaid' | 'all';
}

const turn = 5;
const ofPlaid = 3;

/** @param event from 0: events go round the connections. @returns its connection's id, as sandbox/system names them */
export function connectionOf(event: number, { connections, standards }: Population): string {
  const index = event % connections;
  if (standards === 'plaid') return `conn-${index}`;
  const [round, place] = [Math.floor(index / turn), index % turn];
  if (place < ofPlaid) return `conn-${round * ofPlaid + place}`;
  return place === ofPlaid ? `obuk-${round}` : `berlin-${round}`;
}

/** How many of each standard there have to be. */
export function countsOf({ connections, standards }: Population) {
  if (standards === 'plaid') return { connections };
  const rounds = Math.ceil(connections / turn);
  return { connections: rounds * ofPlaid, openBanking: rounds, berlinGroup: rounds };
}
