/** What a transaction was for: the provider's word where it gives one, else the bank's codes, else a few transparent rules on words. */

import type { Transaction } from '@quartersec/validation';
import { categories } from './category-names.ts';
import { rules, scripts } from './category-words.ts';
import { counterpartyOf } from './counterparty.ts';
import { mayBePerson, namesInstitution } from './names.ts';
import { plainText } from './statement-text.ts';
import type { Category, Movement } from './view.ts';

export type CategoryReading = Pick<Movement, 'category' | 'isForeign' | 'isTransferLike'>;

export function categoryOf(transaction: Transaction): CategoryReading {
  const { category, bankTransactionCode, merchantCategoryCode, amount } = transaction;
  const words = readWords(textOf(transaction));
  const provided = providedCategory(category);
  const told = provided ?? codeCategory(bankTransactionCode) ?? merchantCategory(merchantCategoryCode);
  const detailed = category === null ? '' : category.detailed.toUpperCase();
  const saysTransfer = provided === 'transfer' ? OWN_TRANSFER.test(detailed) : words.isTransferLike;
  return {
    category: told ?? (words.isTransferLike ? 'transfer' : wordsCategory(words, transaction)),
    isForeign:
      FOREIGN_FEE.test(detailed) || words.isForeign || (words.shown !== undefined && words.shown !== amount.currency),
    isTransferLike: saysTransfer || isBookTransfer(bankTransactionCode),
  };
}

const FOREIGN_FEE = /FOREIGN_TRANSACTION|INTERNATIONAL_TRANSACTION/;
const OWN_TRANSFER = /ACCOUNT_TRANSFER|SAVINGS|INVESTMENT|CREDIT_CARD_PAYMENT|^TRANSFER_(?:IN|OUT)(?:_OTHER.*)?$/;

function wordsCategory(words: WordReading, transaction: Transaction): Category {
  const isIn = !transaction.amount.minor.startsWith('-');
  const category = ruleCategory(words, isIn);
  // People have the names of shops: Robin Costa is no cafe, and nobody wires money to one.
  const isWired = SHOPS.has(category) && (WIRE.test(words.plain) || (isIn && WIRE_IN.test(words.plain)));
  if (isWired) return mayBePerson(counterpartyOf(transaction).label) ? 'transfer' : category;
  if (category !== 'transfer' || isIn || !TILL.test(words.plain)) return category;
  // By the same way people pay each other, and at the till: who is no person sells something.
  const { label } = counterpartyOf(transaction);
  return label === null || mayBePerson(label) || namesInstitution(label) ? category : 'other';
}

const SHOPS: ReadonlySet<Category> = new Set<Category>([
  'groceries',
  'dining',
  'shopping',
  'transport',
  'travel',
  'entertainment',
]);
const WIRE =
  /\b(?:transfer|tfr|xfer|e-?transfer|zelle|venmo|ueberweisung|uberweisung|dauerauftrag|overboeking|overschrijving|tikkie|virement|vir|transferencia|traspaso|bizum|przelew|bonifico|giroconto|standing order|faster payment|osko|payid|swish|vipps|twint|fpo|fpi)\b/;
/** Shops are paid so too, but nobody is paid so by one. */
const WIRE_IN = /\b(?:pix|upi|imps|neft|rtgs|fps|interac)\b/;

/** Paid so at tills more often than between people. */
const TILL = /^upi\b|\bpix qr/;

function textOf({ merchantName, counterpartyName, description, remittance }: Transaction): string {
  let text = description ?? '';
  if (merchantName !== null) text += ` ${merchantName}`;
  if (counterpartyName !== null) text += ` ${counterpartyName}`;
  for (const line of remittance) text += ` ${line}`;
  return text.slice(0, MOST_CHARS);
}

/** By the beginning of the provider's words, those that say more first. */
const providerWords: readonly (readonly [prefix: string, category: Category])[] = [
  ['INCOME_INTEREST_EARNED', 'interest'],
  ['INCOME', 'income'],
  ['TRANSFER_IN_CASH_ADVANCES', 'loan'],
  ['TRANSFER_OUT_WITHDRAWAL', 'cash'],
  ['TRANSFER_IN_DEPOSIT', 'cash'],
  ['TRANSFER', 'transfer'],
  ['LOAN_PAYMENTS_CREDIT_CARD_PAYMENT', 'transfer'],
  ['LOAN', 'loan'],
  ['BANK_FEES_INTEREST', 'interest'],
  ['BANK_FEES', 'fees'],
  ['ENTERTAINMENT', 'entertainment'],
  ['FOOD_AND_DRINK_GROCERIES', 'groceries'],
  ['FOOD_AND_DRINK_BEER', 'groceries'],
  ['FOOD_AND_DRINK', 'dining'],
  // As the merchant category code has it: food, and often.
  ['GENERAL_MERCHANDISE_CONVENIENCE', 'groceries'],
  ['GENERAL_MERCHANDISE', 'shopping'],
  ['HOME_IMPROVEMENT', 'shopping'],
  ['MEDICAL', 'health'],
  ['PERSONAL_CARE_GYMS', 'health'],
  ['PERSONAL_CARE', 'services'],
  ['GENERAL_SERVICES_INSURANCE', 'insurance'],
  ['GENERAL_SERVICES', 'services'],
  ['GOVERNMENT', 'government'],
  ['TRANSPORTATION', 'transport'],
  ['TRAVEL', 'travel'],
  ['RENT_AND_UTILITIES_RENT', 'housing'],
  ['RENT_AND_UTILITIES', 'utilities'],
];

function providedCategory(category: Transaction['category']): Category | undefined {
  if (category === null) return undefined;
  const byBeginning = (word: string) => providerWords.find(([prefix]) => word.toUpperCase().startsWith(prefix))?.[1];
  const plain = category.primary.toLowerCase();
  return byBeginning(category.detailed) ?? byBeginning(category.primary) ?? categories.find((word) => word === plain);
}

/** Plaid's words and ISO 20022's bank transaction codes. */
const codes: readonly (readonly [pattern: RegExp, category: Category])[] = [
  [/^(?:atm|cash)$|(?:^|[-/ ])(?:CWDL|CAWD|CDPT|CCRD[-/ ]CDPT)\b/i, 'cash'],
  [/^bank charge$|(?:^|[-/ ])(?:CHRG|FEES|COMM|COME|COMI)\b/i, 'fees'],
  [/^interest$|(?:^|[-/ ])INTR\b/i, 'interest'],
  [/(?:^|[-/ ])(?:SALA|PAYR)\b/i, 'income'],
  [/(?:^|[-/ ])(?:LDAS|MGLN|CSLN)\b/i, 'loan'],
];

function codeCategory(code: string | null): Category | undefined {
  return code === null ? undefined : codes.find(([pattern]) => pattern.test(code))?.[1];
}

/** Within the bank: both sides are accounts of its own customers, most often of one. */
function isBookTransfer(code: string | null): boolean {
  return code !== null && /(?:^|[-/ ])(?:[IR]CDT[-/ ]BOOK|ACCB|INTC)\b/.test(code);
}

/** ISO 18245: first and last code; a narrower range stands before a wider one. */
const merchants: readonly (readonly [from: number, to: number, category: Category])[] = [
  [4011, 4011, 'transport'],
  [4111, 4131, 'transport'],
  [4411, 4411, 'travel'],
  [4511, 4511, 'travel'],
  [4722, 4723, 'travel'],
  [4784, 4789, 'transport'],
  [4829, 4829, 'transfer'],
  [4812, 4900, 'utilities'],
  [5411, 5411, 'groceries'],
  [5422, 5499, 'groceries'],
  [5541, 5542, 'transport'],
  [5552, 5552, 'transport'],
  [5811, 5814, 'dining'],
  [5815, 5818, 'entertainment'],
  [5912, 5912, 'health'],
  [5921, 5921, 'groceries'],
  [5960, 5960, 'insurance'],
  [5968, 5968, 'services'],
  [5013, 5999, 'shopping'],
  [6010, 6011, 'cash'],
  [6012, 6012, 'loan'],
  [6300, 6399, 'insurance'],
  [6513, 6513, 'housing'],
  [6531, 6540, 'transfer'],
  [3000, 3350, 'travel'],
  [3351, 3441, 'travel'],
  [3501, 3999, 'travel'],
  [7011, 7033, 'travel'],
  [7512, 7519, 'travel'],
  [7523, 7549, 'transport'],
  [7800, 7999, 'entertainment'],
  [8011, 8099, 'health'],
  [9211, 9402, 'government'],
  [7200, 8999, 'services'],
];

function merchantCategory(code: string | undefined): Category | undefined {
  if (code === undefined || !/^\d{4}$/.test(code)) return undefined;
  const number = Number(code);
  return merchants.find(([from, to]) => number >= from && number <= to)?.[2];
}

const TRANSFER =
  /(?:^|[^a-z])(?:transfer|transf|tfr|xfer|e-?transfer|zelle|venmo|cash app|revolut|wise|ueberweisung|uberweisung|gutschrift|umbuchung|dauerauftrag|overboeking|overschrijving|tikkie|virement|vir|transferencia|traspaso|bizum|przelew|bonifico|giroconto|standing order|faster payment|neft|imps|rtgs|upi|osko|payid|fpo|fpi|interac e-?tr\w*|swish|vipps|mobilepay|twint|pix|overforing|overforsel|tilisiirto|konto ?u?e?bertrag|insattning|fps|chaps|osko|振込|振替|送金|振り込み)(?=$|[^a-z])/;
/** Between accounts of one holder. */
const OWN =
  /own account|internal transfer|transfer (?:to|from) (?:my )?(?:savings?|checking|current|chk|sav|acc)|(?:to|from) savings|savings transfer|online (?:banking )?transfer (?:to|from)|between accounts|umbuchung|eigenubertrag|eigenuebertrag|eigene?s? ?konto|ubertrag auf|naar (?:oranje )?spaar\w*|van (?:oranje )?spaar\w*|eigen rekening|spaarrekening|virement interne|compte a compte|vers (?:livret|epargne)|livret a|traspaso|entre cuentas|przelew wlasny|rachunek wlasny|na konto oszczednosciowe|giroconto|sparplan|tagesgeld|round ?up|pot transfer|epargne|spaarpot|kontou?e?bertrag|(?:till|fran|til|fra) (?:eget konto|egen konto|sparkonto|opsparing\w*|sparekonto|lonekonto|lonkonto|lonnskonto)|egen overforing|mesma titularidade|conta poupanca|poupanca|conto risparmio|tra conti|oma(?:lle)? tili\w*|saastotili\w*|self transfer|transfer to self|own transfer|depuis compte|van betaalrekening|naar betaalrekening|本人名義|本人口座|自分の口座/;
/** A card's bill is paid: money of the holder's own on its way to the holder's own debt. What was bought with a card says other things. */
const CARD_BILL =
  /(?:credit )?card (?:payment|pymt)[ -]*(?:thank|received)|payment(?: received)?[ ,.!-]*thank(?:s| you)|payment received|thank you for your payment|auto ?pay(?:ment)?[ ,.-]*(?:payment|pymt|thank)|credit ?card (?:payment|pymt|pmt|bill|auto ?pay)|e-?payment thank|\bcc (?:payment|pymt|autopay|bill)|(?<!card )payment to (?:\w+ ){0,3}(?:credit )?card(?: ending|\b.{0,3}[x*\d]|$)|cardmember serv|crd epay|kreditkarten?[ -]?(?:abrechnung|ausgleich|zahlung|rechnung|saldo|lastschrift)|(?:abrechnung|ausgleich|rechnung)(?: der)?(?: ihrer)? kreditkarte|visa-?abrechnung|(?:incasso|afrekening|aflossing|betaling) credit ?card|credit ?card (?:incasso|afrekening|aflossing)|geincasseerd vorig saldo|(?:releve|reglement|depenses)(?: de)?(?: votre)? carte|carte(?: a)? (?:debit )?differe|debit differe|(?:liquidacion|liq\.?|recibo|extracto|amortizacion)(?: mensual)?(?: de)?(?: la| su)? tarjetas?|fatura(?: do| de)? cartao|(?:pagamento|pagto|pgto)(?: de| da)? fatura(?: do| de)? cartao|(?:estratto conto|saldo|regolamento|rimborso) carta|addebito carta di credito|splata(?: zadluzenia)?(?: na)? kart\w*|splata zadluzenia|kreditkorts?[ -]?(?:faktura|rakning|regning|betaling|inbetalning)|(?:inbetalning|betaling|betalning|faktura|regning)(?: av)? kreditkort\w*|luottokortti(?:lasku|maksu)|クレジットカード|カード(?:引落|払込|支払|口座振替)/;
const FOREIGN =
  /foreign|non-sterling|non-gbp|auslandseinsatz|fremdwahrung|fremdwaehrung|currency conversion|exchange rate|wechselkurs|wisselkoers|koersopslag|cours de change|hors zone|tipo de cambio|divisa|przewalutowanie|kurs wymiany|fx (?:fee|rate)|int(?:er)?n?(?:ationa)?['’]?l\.? (?:fee|tran\w*|purchase fee|service fee)|commission internationale|\bdcc\b|markup fee|cross[- ](?:currency|border)|currency (?:fee|charge|mark ?up)|overseas (?:fee|tran\w*)|vreemde valuta|valuta(?:vaxling|paslag|tillagg|kurs|gebyr|omrakning)\w*|valutaavgift|walut\w*|moneda extranjera|moeda estrangeira|cambio (?:de )?(?:divisa|moneda)|operac\w+ internaciona\w*|iof (?:compra )?(?:inter\w*|exterior)|valuta estera|paesi extra|hors (?:zone|ue|euro)|海外|外貨|為替/;
const SHOWN =
  /\b(usd|eur|gbp|chf|pln|sek|nok|dkk|czk|huf|cad|aud|jpy|inr|try|ron|bgn|nzd|sgd|hkd|thb|mxn|brl|zar|aed)\s?\d+[.,]\d|\d[.,]\d{2}\s?(usd|eur|gbp|chf|pln|sek|nok|dkk|czk|huf|cad|aud|jpy|inr|try|ron|bgn|nzd|sgd|hkd|thb|mxn|brl|zar|aed)\b/;

interface WordReading {
  readonly plain: string;
  /** Code of an amount that the text shows. */
  readonly shown: string | undefined;
  readonly isForeign: boolean;
  readonly isTransferLike: boolean;
  /** By the words alone, once somebody asked; for money in and out. */
  readonly categories: { in?: Category; out?: Category };
}

/** Texts come again and again: what they were read as is kept, up to a bound. It changes no answer. */
const readings = new Map<string, WordReading>();
const MOST_READINGS = 8_192;
/** What the bank says after so many characters is of no help. */
const MOST_CHARS = 160;
const DIGIT = /\d/g;

/** Taken from an account by way of a payment: not in cash. */
const NO_CASH =
  /\b(?:ach|electronic|pre-?authori[sz]ed|direct|online|internet|mobile|pos|point of sale|debit card|bill pay(?:ment)?|recurring|e-?check)(?: debit)? (?:withdrawal|withdrwl|w\/d)\b|\bwithdrawal (?=(?:by |to |for |from |- ?)?(?:ach|pos|debit card|bill pay|transfer|home banking|online|internet|electronic|check|cheque)\b)/g;
/** Which side it was: no doctor. */
const SIDES = /^((?:upi|imps|neft|rtgs|ach)[ /-]*)(?:dr|cr|d|c)(?=[ /-])/;
const PLUS = /([a-z])\+(?![a-z0-9])/g;

function readWords(text: string): WordReading {
  // Which number it is makes no difference here, and it differs each time.
  const shape = text.replace(DIGIT, '0');
  const known = readings.get(shape);
  if (known !== undefined) return known;
  const plain = plainText(shape).replace(NO_CASH, ' ').replace(SIDES, '$1 ').replace(PLUS, '$1 plus');
  const shown = SHOWN.exec(plain);
  const reading: WordReading = {
    plain,
    shown: (shown?.[1] ?? shown?.[2])?.toUpperCase(),
    isForeign: FOREIGN.test(plain),
    isTransferLike: OWN.test(plain) || CARD_BILL.test(plain),
    categories: {},
  };
  if (readings.size >= MOST_READINGS) readings.clear();
  readings.set(shape, reading);
  return reading;
}

function ruleCategory({ plain, categories }: WordReading, isIn: boolean): Category {
  const side = isIn ? 'in' : 'out';
  const category = categories[side] ?? wordCategory(plain, isIn);
  categories[side] = category;
  return category;
}

const LONGEST_PHRASE = 4;
const SHORTEST_STEM = 3;

/** At the end of a name: "TARGET0012". Digits as `readWords` leaves them. */
const SHOP_NUMBER = /(?<=[a-z&])0{3,}$/;

/** Categories' ranks by whole words or phrases, and by how words begin; digits as `readWords` leaves them. */
const phraseRanks = new Map<string, number[]>();
const stemRanks = new Map<string, number[]>();
for (const [rank, [, words]] of rules.entries()) {
  for (const word of words.replace(DIGIT, '0').replace(/\s+/g, ' ').split(', ')) {
    const table = word.endsWith('*') ? stemRanks : phraseRanks;
    const key = word.endsWith('*') ? word.slice(0, -1) : word;
    table.set(key, [...(table.get(key) ?? []), rank]);
  }
}

/** The ranks before say what kind of payment it is. */
const FIRST_NAMES = rules.findIndex(([category]) => category === 'housing');

function wordCategory(plain: string, isIn: boolean): Category {
  let first = rules.length;
  let longest = 0;
  // What kind of payment it is goes before whom it was to; of two names the longer one says more: "Pret A Manger" lends nobody money.
  const take = (ranks: readonly number[] | undefined, length: number) => {
    for (const rank of ranks ?? []) {
      if (!isPossible(rules[rank]?.[0], isIn)) continue;
      const isKind = Math.min(rank, first) < FIRST_NAMES;
      if (isKind || length === longest ? rank >= first : length < longest) continue;
      first = rank;
      longest = length;
    }
  };
  if (HAS_SCRIPT.test(plain))
    take(
      scriptRules.flatMap(([rank, words]) => (words.test(plain) ? [rank] : [])),
      1,
    );
  const tokens = plain.split(/[^a-z0-9&]+/).map((token) => token.replace(SHOP_NUMBER, ''));
  for (const [index, token] of tokens.entries()) {
    let phrase = token;
    take(phraseRanks.get(phrase), 1);
    for (let next = index + 1; next < index + LONGEST_PHRASE && next < tokens.length; next++) {
      phrase += ` ${tokens[next]}`;
      take(phraseRanks.get(phrase), 1 + next - index);
    }
    for (let length = SHORTEST_STEM; length <= token.length; length++) take(stemRanks.get(token.slice(0, length)), 1);
  }
  return rules[first]?.[0] ?? (TRANSFER.test(plain) ? 'transfer' : 'other');
}

/** Of a script that parts no words. */
const HAS_SCRIPT = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
/** Ranks as those of `rules`. */
const scriptRules = scripts.map(
  ([category, words]) => [rules.findIndex(([name]) => name === category), new RegExp(plainText(words))] as const,
);

/** Wages are paid by employers, not to them; banks take fees, and machines give cash. */
function isPossible(category: Category | undefined, isIn: boolean): boolean {
  return category === 'income' ? isIn : !(isIn && (category === 'fees' || category === 'cash'));
}
