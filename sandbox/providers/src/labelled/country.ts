/** What differs from country to country: money, merchants, how wages are paid, and how banks write a statement. Data only. */

export type ShopKind =
  | 'groceries'
  | 'convenience'
  | 'coffee'
  | 'dining'
  | 'fuel'
  | 'transit'
  | 'clothing'
  | 'marketplace'
  | 'pharmacy'
  | 'hardware'
  | 'electronics'
  | 'cinema'
  | 'travel';

export type BillKind =
  | 'electricity'
  | 'water'
  | 'phone'
  | 'internet'
  | 'streaming'
  | 'music'
  | 'cloud'
  | 'gym'
  | 'insurance'
  | 'news'
  | 'software'
  | 'charity'
  | 'membership'
  | 'government';

/** Of a payment; some of them no detector need know. */
export type Rhythm = 'weekly' | 'fortnightly' | 'semimonthly' | 'monthly' | 'bimonthly' | 'quarterly' | 'yearly';

/**
 * Texts have places to fill: `{city}`, `{n2}` `{n4}` `{n6}` `{n9}` digits drawn anew each time, `{hex}` letters and digits drawn
 * anew, `{dd}` `{mm}` `{yy}` of the day, `{ref}` digits that stay with the contract.
 */
export type Text = string;

export interface Shop {
  readonly name: string;
  readonly statement: Text;
  readonly kind: ShopKind;
}

export interface Bill {
  readonly name: string;
  readonly statement: Text;
  readonly kind: BillKind;
  /** Price range in units (see `Country.minorPerUnit`). */
  readonly units: readonly [from: number, to: number];
  readonly rhythm: Rhythm;
  /** Percent around the price that each bill differs by; 0 = a fixed price. */
  readonly variesPercent: number;
  /** Charged to a card like a purchase, not drawn as a direct debit. */
  readonly onCard: boolean;
}

/** Places beside those of `Text`: `{name}`, and `{person}` or `{bank}` where one is at the other end, `{memo}` what the payer wrote. */
export interface StatementStyle {
  readonly card: Text;
  readonly debit: Text;
  readonly wage: Text;
  readonly personOut: Text;
  readonly personIn: Text;
  /** Between accounts of one holder, as the words say it, and with words that hide it. */
  readonly ownOut: Text;
  readonly ownIn: Text;
  readonly plainOut: Text;
  readonly plainIn: Text;
  readonly cardPayment: Text;
  readonly cardPaymentIn: Text;
  readonly cash: Text;
  readonly accountFee: Text;
  readonly overdraftFee: Text;
  readonly foreignFee: Text;
  readonly interestOut: Text;
  readonly interestIn: Text;
}

export interface Country {
  readonly code: string;
  readonly currency: string;
  /** Decimals: ISO 4217. */
  readonly exponent: number;
  /** One unit buys a coffee or two. */
  readonly minorPerUnit: number;
  /** Prices end so: 99 = x.99, 0 = whole units, 100 = hundreds of the smallest coin. */
  readonly priceEnding: 99 | 90 | 0 | 100;
  readonly monthlyWageUnits: readonly [from: number, to: number];
  readonly payRhythms: readonly (readonly [rhythm: Rhythm, weight: number])[];
  readonly rentRhythm: Rhythm;
  readonly cities: readonly string[];
  readonly people: readonly string[];
  readonly employers: readonly string[];
  readonly banks: readonly string[];
  readonly landlords: readonly string[];
  readonly lenders: readonly string[];
  /** Days on which banks rest, beside weekends: month, day. */
  readonly holidays: readonly (readonly [month: number, day: number])[];
  readonly shops: readonly Shop[];
  readonly bills: readonly Bill[];
  readonly style: StatementStyle;
}

export const shop = (kind: ShopKind, name: string, statement: Text): Shop => ({ kind, name, statement });

export const bill = (
  kind: BillKind,
  name: string,
  statement: Text,
  units: readonly [number, number],
  { rhythm = 'monthly', varies = 0, onCard = false }: { rhythm?: Rhythm; varies?: number; onCard?: boolean } = {},
): Bill => ({ kind, name, statement, units, rhythm, variesPercent: varies, onCard });

/** What people in every country subscribe to. */
export const worldBills: readonly Bill[] = [
  bill('streaming', 'Netflix', 'NETFLIX.COM', [8, 18], { onCard: true }),
  bill('streaming', 'Disney+', 'DISNEY PLUS {n9}', [7, 14], { onCard: true }),
  bill('streaming', 'YouTube Premium', 'GOOGLE *YouTubePremium g.co/helppay#', [9, 14], { onCard: true }),
  bill('music', 'Spotify', 'SPOTIFY P{hex} STOCKHOLM', [9, 12], { onCard: true }),
  bill('cloud', 'Apple', 'APPLE.COM/BILL ITUNES.COM', [1, 10], { onCard: true }),
  bill('cloud', 'Dropbox', 'DROPBOX*{hex} DB.TT/CCHELP', [10, 12], { onCard: true }),
  bill('software', 'Adobe', 'ADOBE *CREATIVE CLOUD {n4}', [20, 60], { onCard: true }),
  bill('software', 'Microsoft 365', 'MICROSOFT*365 MSBILL.INFO', [69, 99], { rhythm: 'yearly', onCard: true }),
  bill('membership', 'Amazon Prime', 'AMZN PRIME*{hex}', [60, 139], { rhythm: 'yearly', onCard: true }),
  bill('streaming', 'PlayStation Plus', 'PLAYSTATION NETWORK {n6}', [20, 30], { rhythm: 'quarterly', onCard: true }),
];
