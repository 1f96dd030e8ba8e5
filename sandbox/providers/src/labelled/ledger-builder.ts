/** Gathers a household's movements and what is true of them; ids are given when all are known. */
import { hash32, hashText, Random } from '../random.ts';
import { calendarDay } from '../story/calendar.ts';
import type { Country, Text } from './country.ts';
import type { Label } from './label.ts';
import { type Purpose, plaidCategories } from './purpose.ts';

export interface Party {
  /** As a person would call it. */
  readonly name: string;
  readonly statement: Text;
  /** Stays with a contract: a customer number. */
  readonly ref: string;
  /** Enrichment knows it as a merchant. */
  readonly isMerchant: boolean;
}

/** A movement of one account as its bank books it. */
export interface LabelledEntry {
  readonly key: number;
  /** Of the household, from 0. */
  readonly account: number;
  readonly day: number;
  /** The bank tells of it on this day. */
  readonly toldDay: number;
  /** The balance has moved from this day on. */
  readonly movesDay: number;
  /** From this day until it is booked it is told as pending; `null`: never. */
  readonly pendingDay: number | null;
  /** Positive = money out. */
  readonly outMinor: number;
  readonly purpose: Purpose;
  readonly counterparty: string;
  readonly statement: string;
  readonly merchantName: string | null;
  readonly merchantEntityId: string | null;
  readonly category: readonly [primary: string, detailed: string] | null;
  readonly channel: 'online' | 'in store' | 'other';
  readonly city: string | null;
  /** The balance moves, and no record is ever told. */
  readonly isMissing: boolean;
}

export interface NewEntry {
  readonly account: number;
  readonly day: number;
  readonly outMinor: number;
  readonly purpose: Purpose;
  readonly party: Party;
  /** The bank's words around the party's. */
  readonly style: Text;
  readonly memo?: string;
  readonly channel?: LabelledEntry['channel'];
  readonly isMissing?: boolean;
  readonly toldLater?: number;
  readonly category?: readonly [string, string];
}

/** A label whose records are still known by their keys. */
export type OpenLabel = Label extends infer One
  ? One extends Label
    ? Omit<One, 'ids'> & { readonly keys: readonly number[] }
    : never
  : never;

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';

export class LedgerBuilder {
  readonly country: Country;
  readonly entries: LabelledEntry[] = [];
  readonly labels: OpenLabel[] = [];
  readonly #seed: number;
  readonly #isEnriched: boolean;

  constructor(country: Country, seed: number, isEnriched: boolean) {
    this.country = country;
    this.#seed = seed;
    this.#isEnriched = isEnriched;
  }

  add(entry: NewEntry): LabelledEntry {
    const { party, purpose, day } = entry;
    const key = this.entries.length;
    const random = new Random(hash32(this.#seed, key, 0x7e47));
    const channel = entry.channel ?? 'other';
    const city = random.pick(this.country.cities);
    const statement = this.#words(entry, random, city);
    // Small merchants have no id. Enrichment goes by the words: where they differ each time it fails now and then.
    const failure = /\{(?:n\d|hex)\}/.test(party.statement + entry.style) ? 0.03 : 0.002;
    const hasEntity = hashText(0x1d, party.name) % 100 < 85;
    const isKnown = this.#isEnriched && party.isMerchant && random.unit() >= failure;
    const isCategorised = this.#isEnriched && random.unit() >= 0.02;
    const lag = random.unit();
    const isCard = channel !== 'other';
    const made: LabelledEntry = {
      key,
      account: entry.account,
      day,
      movesDay: entry.toldLater === undefined && lag < 0.1 ? day + 1 : day,
      toldDay: day + (entry.toldLater ?? (lag < 0.1 ? 1 : 0)),
      pendingDay: isCard && lag > 0.8 && lag < 0.95 ? day - 1 : null,
      outMinor: entry.outMinor,
      purpose,
      counterparty: party.name,
      statement,
      merchantName: isKnown ? party.name : null,
      merchantEntityId: isKnown && hasEntity ? `ent-${hashText(0, party.name).toString(36)}` : null,
      category: isCategorised ? (entry.category ?? plaidCategories[purpose]) : null,
      channel: this.#isEnriched ? channel : 'other',
      city: channel === 'in store' && isKnown ? city : null,
      isMissing: entry.isMissing === true,
    };
    this.entries.push(made);
    return made;
  }

  label(label: OpenLabel): void {
    this.labels.push(label);
  }

  #words({ party, style, memo = '', day }: NewEntry, random: Random, city: string): string {
    const digits = (count: number) => Array.from({ length: count }, () => String(random.between(0, 9))).join('');
    const { text } = calendarDay(day);
    const values: Readonly<Record<string, () => string>> = {
      city: () => city,
      n2: () => digits(2),
      n4: () => digits(4),
      n6: () => digits(6),
      n9: () => digits(9),
      hex: () => Array.from({ length: 9 }, () => random.pick([...letters])).join(''),
      dd: () => text.slice(8),
      mm: () => text.slice(5, 7),
      yy: () => text.slice(2, 4),
      ref: () => party.ref,
      memo: () => memo,
      person: () => party.name,
      bank: () => party.name,
    };
    const fill = (template: Text) =>
      template.replace(/\{(\w+)\}/g, (whole, place: string) => values[place]?.() ?? whole);
    return fill(style.replace('{name}', party.statement)).replace(/\s+/g, ' ').trim();
  }
}
