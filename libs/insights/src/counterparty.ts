/** Who the other side of a transaction is: one key for one counterparty, however its name is printed this time. */
import type { Counterparty, Transaction } from '@quartersec/validation';
import { keyNumber, keyText } from './short-hash.ts';
import { type NameReading, plainText, readName } from './statement-text.ts';

export interface CounterpartyReading {
  /** Eight characters; equal over accounts and connections. */
  readonly key: string;
  /** For people; personal data. `null` where the texts say nothing of who. */
  readonly label: string | null;
  /** The key that the statement's words alone would give; `null` where it is no other, or they say nothing of who. */
  readonly spoken: string | null;
}

type NameKey = Omit<CounterpartyReading, 'spoken'>;

/** Longer names are no longer read by anyone. */
const LABEL_CHARS = 32;
/** Not who was paid: who carried the payment. */
const carriers = new Set(['payment_terminal', 'payment_app', 'financial_institution']);

export function counterpartyOf(transaction: Transaction): CounterpartyReading {
  const named = transaction.merchantName ?? transaction.counterpartyName;
  const entity = transaction.merchantEntityId ?? entityOf(transaction.counterparties);
  const label = named === null ? null : labelOf(named);
  if (entity === undefined) return { ...readingOf(named, transaction), spoken: null };
  const shown = label ?? labelOf(nameOf(transaction.counterparties));
  return { key: keyOf(`entity ${entity}`), label: shown, spoken: spokenBy(transaction, shown) };
}

/** A name that says the same as the words needs no second key. */
function spokenBy({ description, remittance, location }: Transaction, name: string | null): string | null {
  const words = read(description ?? remittance[0] ?? '', location?.city, false);
  if (words.label === null || PAYMENT_SERVICE.test(words.label.toLowerCase())) return null;
  if (name === null) return words.key;
  // Nearly always they are the same, and comparing is cheaper than a hash.
  if (name.length === words.label.length && name.toLowerCase() === words.label.toLowerCase()) return null;
  return keyOfName(name) === words.key ? null : words.key;
}

function entityOf(counterparties: readonly Counterparty[] | undefined): string | undefined {
  return counterparties?.find(({ entityId, type }) => entityId !== undefined && !carriers.has(type))?.entityId;
}

function nameOf(counterparties: readonly Counterparty[] | undefined): string {
  return counterparties?.find(({ type }) => !carriers.has(type))?.name ?? '';
}

function readingOf(named: string | null, transaction: Transaction): NameKey {
  const city = transaction.location?.city;
  const { description, remittance } = transaction;
  // Where the texts say who was paid through a payment service, that is the counterparty.
  const isCarried = named !== null && PAYMENT_SERVICE.test(plainText(named));
  const carried = isCarried
    ? [...remittance, description ?? ''].map(payeeOf).find((payee) => payee !== undefined)
    : undefined;
  if (carried !== undefined) return read(carried, city, false);
  if (named !== null) return read(named, city, true);
  const text = description ?? remittance[0] ?? '';
  return read(text, city, false);
}

const PAYMENT_SERVICE = /^(?:paypal|klarna|amazon pay|adyen|stripe|mollie|sumup|gocardless)\b/;
const PAYEE =
  /\b(?:ihr einkauf bei|your purchase at|votre achat chez|su compra en|uw aankoop bij|twoj zakup w)\s+[^,/]+/i;

function payeeOf(text: string): string | undefined {
  return PAYEE.exec(text)?.[0];
}

/** Texts come again and again: what they were read as is kept, up to a bound. It changes no answer. */
const readings = new Map<string, NameKey>();
const MOST_READINGS = 8_192;

/** Numbers this long are never part of a name: which they are makes no difference. */
const LONG_NUMBER = /\d{4,}/g;

function read(given: string, city: string | undefined, isName: boolean): NameKey {
  const text = isName ? given : given.replace(LONG_NUMBER, '0000');
  const question = city === undefined && !isName ? text : `${isName ? 'n' : 't'}${city ?? ''}\n${text}`;
  const known = readings.get(question);
  if (known !== undefined) return known;
  const name = readName(text, city);
  const reading = { key: keyOf(`name ${nameKey(name)}`), label: isName ? labelOf(text) : spoken(name.words) };
  if (readings.size >= MOST_READINGS) readings.clear();
  readings.set(question, reading);
  return reading;
}

/** Words as one: "face book" and "facebook" are told apart by nobody who prints statements. */
function nameKey({ words, rest }: NameReading): string {
  const name = words.join('');
  return aliases.find(([pattern]) => pattern.test(name))?.[1] ?? (name === '' ? `- ${rest.join(' ')}` : name);
}

/** Names that statements shorten. */
const aliases: readonly (readonly [pattern: RegExp, name: string])[] = [
  [
    /^(?:amzn|amazon)(?:us|uk|de|mktp|mktplace|mktpl|marketplace|retail|payments|eu|pmts|digital(?!prime)|com|fr|es|it|nl)*$/,
    'amazon',
  ],
  [/^(?:amzn|amazon)prime(?:member|membership|us|uk|de|com)*$/, 'amazonprime'],
  [/^7(?:-11|eleven)$/, '7eleven'],
  [/^(?:wm|wal)mart(?:supercenter|stores|com)?$|^wmsupercenter$/, 'walmart'],
];

/** @returns the key of a name that a provider gives, where it gives nothing else */
export function keyOfGivenName(name: string): string {
  return read(name, undefined, true).key;
}

/** @returns the key of whom statements call so, where nothing else is said of them and the name stands for itself */
export function keyOfName(label: string): string {
  return keyOf(`name ${label.toLowerCase().replaceAll(' ', '')}`);
}

function keyOf(text: string): string {
  return keyText(keyNumber(text));
}

function labelOf(text: string): string | null {
  const label = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  if (label === '') return null;
  return label.length <= LABEL_CHARS ? label : [...label.slice(0, LABEL_CHARS)].join('').toWellFormed().trim();
}

function spoken(words: readonly string[]): string | null {
  if (words.length === 0) return null;
  return labelOf(words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' '));
}
