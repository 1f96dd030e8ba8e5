/** What a counterparty's name says: whether it may be a person's, whether two are one person's, whether it names an account. */

/** Words of firms, banks and statements, in the languages of the banks that are read; a name with one of them is no person's. */
const NO_PERSON = new Set(
  (
    'ltd limited inc llc plc corp co company group gmbh ag kg ohg ug mbh ev se sa sl slu srl spa sas sarl bv nv ab as asa oy aps ' +
    'bank banco banque banca bancaire sparkasse volksbank raiffeisenbank caixa caja credit union cu society ' +
    'account accounts konto cuenta compte conto rekening savings saving sparen sparkonto tagesgeld giro girokonto checking chequing current ' +
    'ahorro ahorros epargne livret risparmio spaarrekening pot pots vault space isa deposit deposito depot ' +
    'transfer transferencia traspaso virement bonifico overboeking uberweisung umbuchung ubertrag dauerauftrag payment payments pago ' +
    'paiement pagamento zahlung faster standing order top topup from to card visa mastercard amex ach sepa bacs fps wire online mobile ' +
    'direct debit thank you autopay internal own intern deposit withdrawal internet web int xfer incoming outgoing received sent ' +
    'store shop market supermarket restaurant cafe coffee bar hotel pharmacy services service insurance energy water telecom gym studio club ' +
    'cards kreditkarte kreditkartenabrechnung creditcard tarjeta carte cartao carta karta karty kort barclaycard bill bills statement ' +
    'betalning inbetalning utbetalning insattning overforing uttag swish betaling innbetaling utbetaling innskudd indbetaling udbetaling ' +
    'overforsel maksu tilisiirto pano sparkonto lonekonto privatkonto sparekonto brukskonto opsparing lonkonto budgetkonto saastotili tili ' +
    'transferencia pix recebido enviado poupanca przelew wplata wyplata przychodzacy wychodzacy rachunek prevod platba ucet atutalas szamla ' +
    'invoice rechnung abrechnung factura facture fatura fattura releve extracto extrato ' +
    'the and und for school university hospital clinic church city council stadt'
  ).split(' '),
);

/** Names of banks and wallets that stand as the counterparty where money goes to an account kept there. */
const INSTITUTIONS = new Set(
  (
    'bank banco banque banca sparkasse volksbank caixa caja revolut monzo n26 bunq citibank ' +
    'barclays hsbc lloyds natwest nationwide bbva sabadell caixabank openbank dkb comdirect ' +
    'commerzbank postbank boursorama fortuneo amex barclaycard traderepublic ' +
    'bnp lcl unicredit fineco intesa abnamro rabobank knab triodos mbank pekao swedbank handelsbanken nordea danske dnb postfinance ubs ' +
    'tsb rbs usaa pnc truist keybank synchrony scotiabank cibc rbc bmo desjardins simplii commbank westpac anz ubank ' +
    'hdfc icici itau bradesco nubank bankinter kutxabank unicaja'
  ).split(' '),
);

/** The same, of those that are also people's names or everyday words: only where no such word stands beside them. */
const NAMESAKES = new Set(
  (
    'marcus chase ally wise starling ing citi capital santander wells fargo vanguard schwab fidelity discover sofi ' +
    'td eq tangerine huntington regions citizens halifax nab cba macquarie sbi axis kotak btg asn millennium alior agricole'
  ).split(' '),
);

/** The same, of more than one word each. */
const NAMESAKE_PHRASES = new Set([
  'capital one',
  'american express',
  'navy federal',
  'fifth third',
  'first direct',
  'virgin money',
  'st george',
  'abn amro',
  'societe generale',
]);

/** The same of a script that parts no words. */
const SCRIPT = {
  noPerson:
    /銀行|信用金庫|信金|農協|カード|口座|振替|振込|引落|支払|払込|入金|出金|会社|保険|手数料|定期|貯金|預金|積立/,
  institution: /銀行|信用金庫|信金|ゆうちょ/,
  savings: /貯金|貯蓄|定期|積立/,
  card: /カード/,
};

function saysInScript(pattern: RegExp, label: string): boolean {
  return pattern.test(label.normalize('NFKC')); // narrow letters are the same letters
}

/** Carry money between people: whose it is they do not say. */
const BETWEEN_PEOPLE =
  /\b(?:zelle|venmo|cash ?app|paypal|tikkie|swish|bizum|vipps|mobilepay|twint|pix|upi|interac|paym)\b/;

/** "Venmo", also with another name beside it. */
export function namesPaymentApp(label: string | null): boolean {
  return label !== null && BETWEEN_PEOPLE.test(wordsOf(label).join(' '));
}

/** Words for accounts of a type, as banks print them. */
const SAVINGS = new Set(
  'savings saving saver sparen sparkonto tagesgeld ahorro ahorros epargne livret risparmio spaarrekening pot pots vault isa'.split(
    ' ',
  ),
);
const CURRENT = new Set(
  'checking chequing current giro girokonto corriente courant corrente betaalrekening everyday'.split(' '),
);
const CARDS = new Set(
  'card visa mastercard amex kreditkarte kreditkartenabrechnung tarjeta carte cartao carta karta karty kort creditcard barclaycard'.split(
    ' ',
  ),
);

/** Too common to tell one account from another. */
const COMMON = new Set(
  'account konto cuenta compte conto my the plus premium personal main primary private to from transfer ins bank'.split(
    ' ',
  ),
);

/** The names of a few users: one reckoning asks for each of them many times, and reading one costs more than all that is done with it. */
const mostRead = 1_000;
const read = new Map<string, readonly string[]>();

/** @returns lower-case words without accents, at least one letter or digit each */
export function wordsOf(text: string): readonly string[] {
  const known = read.get(text);
  if (known !== undefined) return known;
  if (read.size >= mostRead) read.clear();
  const words = readWords(text);
  read.set(text, words);
  return words;
}

function readWords(text: string): readonly string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss').toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

/** Two to five words, all of letters, none that firms, banks and statements use. Merchants can look the same: ask the category first. */
export function mayBePerson(label: string | null): label is string {
  if (label === null) return false;
  const words = wordsOf(label);
  if (words.length < 2 || words.length > 5 || saysInScript(SCRIPT.noPerson, label)) return false;
  return words.every((word) => /^\p{L}+$/u.test(word) && !NO_PERSON.has(word) && !INSTITUTIONS.has(word));
}

/**
 * The person's name in a label without what banks print around it: of "Betalning Sam Winter" and "Transfer from Sam Winter" the same.
 * Of a label that names a bank or holds more than a name there is none.
 */
export function personIn(label: string | null): string | undefined {
  if (label === null) return undefined;
  const words = wordsOf(label);
  if (words.some((word) => INSTITUTIONS.has(word)) || saysInScript(SCRIPT.institution, label)) return undefined;
  const name = words.filter((word) => /^\p{L}+$/u.test(word) && !NO_PERSON.has(word));
  return name.length < 2 || name.length > 5 ? undefined : name.sort().join(' ');
}

/** Whether the shorter name's words all stand in the longer one; a single letter stands for a word that it begins. */
export function isSamePerson(a: string, b: string): boolean {
  const [first, second] = [wordsOf(a), wordsOf(b)];
  const [short, long] = first.length <= second.length ? [first, second] : [second, first];
  const left = [...long];
  let whole = 0;
  for (const word of [...short].sort((x, y) => y.length - x.length)) {
    const at = left.findIndex((other) => other === word || isInitialOf(word, other) || isInitialOf(other, word));
    if (at === -1) return false;
    if (word.length > 1 && left[at] === word) whole++;
    left.splice(at, 1);
  }
  return short.length >= 2 && whole >= 1;
}

function isInitialOf(letter: string, word: string): boolean {
  return letter.length === 1 && word.startsWith(letter);
}

/** Whether the label says where the money is: by the account's own name, by the word for its type, or by a bank's name. */
export function namesAccount(
  label: string | null,
  account: { readonly name: string | null; readonly type: string },
): boolean {
  if (label === null) return false;
  const words = wordsOf(label);
  const typed = account.type === 'SVGS' ? SAVINGS : account.type === 'CARD' ? CARDS : CURRENT;
  if (words.some((word) => typed.has(word))) return true;
  if (account.type === 'SVGS' && saysInScript(SCRIPT.savings, label)) return true;
  if (account.type === 'CARD' && saysInScript(SCRIPT.card, label)) return true;
  const own = wordsOf(account.name ?? '');
  return words.some((word) => word.length >= 3 && own.includes(word) && !COMMON.has(word));
}

/** "Revolut", "Chase Credit Card", "Marcus Savings", and not "Marcus Miller". */
export function namesInstitution(label: string | null): boolean {
  if (label === null) return false;
  const words = wordsOf(label);
  if (words.some((word) => INSTITUTIONS.has(word)) || saysInScript(SCRIPT.institution, label)) return true;
  const spoken = words.filter((word) => !/\d/.test(word));
  const rest = spoken.filter((word) => !NO_PERSON.has(word));
  if (rest.length > 0 && rest.every((word) => NAMESAKES.has(word))) return true;
  // "First Direct Credit Card": a word of the name may be one that statements use.
  const isPhrase = NAMESAKE_PHRASES.has(spoken.slice(0, 2).join(' '));
  return NAMESAKE_PHRASES.has(rest.join(' ')) || (isPhrase && spoken.slice(2).every((word) => NO_PERSON.has(word)));
}
