/** Who is paid and who pays. All names are invented. */

export type PayeeKind =
  | 'groceries'
  | 'coffee'
  | 'restaurant'
  | 'fast-food'
  | 'fuel'
  | 'transit'
  | 'taxi'
  | 'pharmacy'
  | 'clothing'
  | 'electronics'
  | 'books'
  | 'hardware'
  | 'cinema'
  | 'marketplace'
  | 'salary'
  | 'rent'
  | 'streaming'
  | 'music'
  | 'gym'
  | 'phone'
  | 'electricity'
  | 'insurance'
  | 'savings-out'
  | 'savings-in'
  | 'card-payment-out'
  | 'card-payment-in';

export interface Payee {
  /** `null` where banks name no merchant: transfers, cheques, wages. */
  readonly name: string | null;
  /** What the bank statement says. */
  readonly statement: string;
  readonly kind: PayeeKind;
  readonly channel: 'online' | 'in store' | 'other';
  /** Where the shop stands; `null` for online and transfers. */
  readonly city: string | null;
  /** Price range in units (see `Currency.minorPerUnit`); low prices are the most likely. */
  readonly fromUnits: number;
  readonly toUnits: number;
  /** How often, against the others of its list. */
  readonly weight: number;
}

const shop = (
  name: string,
  statement: string,
  kind: PayeeKind,
  city: string | null,
  fromUnits: number,
  toUnits: number,
  weight: number,
): Payee => ({
  name,
  statement,
  kind,
  channel: city === null ? 'online' : 'in store',
  city,
  fromUnits,
  toUnits,
  weight,
});

export const shops: readonly Payee[] = [
  shop('Harvest Lane Market', 'HARVEST LANE MKT #0412', 'groceries', 'Millbrook', 12, 140, 16),
  shop('Corner & Crate', 'CORNER & CRATE GROCERS', 'groceries', 'Eastham', 4, 60, 12),
  shop('Blue Heron Coffee', 'SQ *BLUE HERON COFFEE', 'coffee', 'Millbrook', 3, 12, 14),
  shop('Café Añil', 'CAFÉ AÑIL 0031', 'coffee', 'Eastham', 2, 11, 6),
  shop('Saffron Table', 'TST* SAFFRON TABLE', 'restaurant', 'Millbrook', 18, 120, 7),
  shop('The Copper Pot', 'COPPER POT BISTRO', 'restaurant', 'Northgate', 15, 90, 6),
  shop('Burger Union', 'BURGER UNION 118', 'fast-food', 'Eastham', 6, 28, 8),
  shop('Noodle "24"', 'NOODLE 24 *ORDER 7F', 'fast-food', null, 9, 40, 5),
  shop('Polar Fuel', 'POLAR FUEL PUMP 6', 'fuel', 'Northgate', 20, 95, 6),
  shop('City Transit', 'CITY TRANSIT TAP', 'transit', 'Millbrook', 2, 9, 10),
  shop('Hopper Rides', 'HOPPER* TRIP HELP', 'taxi', null, 7, 55, 6),
  shop('Greenleaf Pharmacy', 'GREENLEAF RX 2205', 'pharmacy', 'Eastham', 4, 70, 4),
  shop('Thread & Needle', 'THREAD AND NEEDLE', 'clothing', 'Northgate', 15, 180, 4),
  shop('Voltbox', 'VOLTBOX.EXAMPLE', 'electronics', null, 20, 420, 2),
  shop('Paper Moon Books', 'PAPER MOON BOOKS', 'books', 'Millbrook', 6, 60, 3),
  shop('Hammer & Nail', 'HAMMER+NAIL SUPPLY', 'hardware', 'Northgate', 8, 150, 3),
  shop('Lumen Cinema', 'LUMEN CINEMA 03', 'cinema', 'Millbrook', 9, 45, 3),
  shop('Everything Bazaar', 'EVERYTHINGBAZAAR MKTP', 'marketplace', null, 5, 160, 10),
];

const weightOfAll = shops.reduce((sum, payee) => sum + payee.weight, 0);
/** Index of a shop by its share of the weight: a draw is one look-up. */
const byWeight: readonly Payee[] = shops.flatMap((payee) => Array.from({ length: payee.weight }, () => payee));
const [firstShop] = shops as readonly [Payee, ...Payee[]];

/** @param unit a draw, 0 up to 1 */
export const drawShop = (unit: number): Payee => byWeight[Math.floor(unit * weightOfAll)] ?? firstShop;

/** What one visit costs on average, in units: with prices `from + (to - from) x^2`, a third of the range. */
export const meanVisitUnits =
  shops.reduce((sum, payee) => sum + payee.weight * (payee.fromUnits + (payee.toUnits - payee.fromUnits) / 3), 0) /
  weightOfAll;

const standing = (
  name: string | null,
  statement: string,
  kind: PayeeKind,
  fromUnits: number,
  toUnits: number,
): Payee => ({
  name,
  statement,
  kind,
  channel: name === null ? 'other' : 'online',
  city: null,
  fromUnits,
  toUnits,
  weight: 1,
});

export const subscriptions: readonly Payee[] = [
  standing('Reelhouse', 'REELHOUSE.EXAMPLE/BILL', 'streaming', 9, 19),
  standing('Tonewave', 'TONEWAVE PREMIUM', 'music', 8, 13),
  standing('Ironworks Gym', 'IRONWORKS GYM DUES', 'gym', 20, 60),
  standing('Beacon Mobile', 'BEACON MOBILE AUTOPAY', 'phone', 25, 80),
];

export const employers: readonly Payee[] = [
  standing(null, 'ACME ROBOTICS PAYROLL PPD', 'salary', 0, 0),
  standing(null, 'NORTHWIND HOSPITAL SALARY', 'salary', 0, 0),
  standing(null, 'DISTRICT SCHOOLS DIR DEP', 'salary', 0, 0),
];

export const landlord = standing('Maple Court Homes', 'MAPLE COURT HOMES RENT', 'rent', 650, 1_900);
export const insurance = standing('Shelter Insurance', 'SHELTER INS PREM', 'insurance', 30, 120);
export const electricity = standing('Brightgrid', 'BRIGHTGRID POWER', 'electricity', 40, 110);
export const savingsOut = standing(null, 'TRANSFER TO SAVINGS', 'savings-out', 0, 0);
export const savingsIn = standing(null, 'TRANSFER FROM CHECKING', 'savings-in', 0, 0);
export const cardPaymentOut = standing(null, 'CREDIT CARD AUTOPAY', 'card-payment-out', 0, 0);
export const cardPaymentIn = standing(null, 'PAYMENT THANK YOU', 'card-payment-in', 0, 0);

export const allPayees: readonly Payee[] = [
  ...shops,
  ...subscriptions,
  ...employers,
  landlord,
  insurance,
  electricity,
  savingsOut,
  savingsIn,
  cardPaymentOut,
  cardPaymentIn,
];
