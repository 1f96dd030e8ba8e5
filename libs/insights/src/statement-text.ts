/**
 * The counterparty's name out of what a bank prints on a statement: without what is different each time (numbers of cards, orders and
 * shops, dates, places) and without what is said of every payment of its kind. Digits that belong to a name stay: "O2", "7-Eleven".
 */
import { cityNames, mostCityWords, regionCodes } from './place-names.ts';

/** Letters that no decomposition takes apart. */
const odd: Readonly<Record<string, string>> = {
  ß: 'ss',
  ł: 'l',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
  ı: 'i',
  '’': "'",
  '`': "'",
};

/** Of accents; the marks of Japanese syllables make another letter. */
const MARKS = /[^\P{M}\u3099\u309a]+/gu;
const ODD = /[ßłøæœđı’`]/g;
const NOT_ASCII = /[^\0-\x7f]/;

/** Lower case, without accents: "Żabka" and "ZABKA" are one. */
export function plainText(text: string): string {
  const lower = text.toLowerCase();
  if (!NOT_ASCII.test(lower)) return lower;
  return lower
    .normalize('NFKD')
    .replace(MARKS, '')
    .normalize('NFC')
    .replace(ODD, (letter) => odd[letter] ?? letter);
}

/** Where banks say in the middle of a text who it was. */
const NAMED = [
  /\bissued by\s+(.+)/,
  /\bsvwz\+(.+?)(?=\b(?:eref|kref|mref|abwa|abwe|iban|bic|cred)\+|$)/,
  /\/name\/([^/]+)/,
  /\bnaam:\s*(.+?)(?=\s+(?:machtiging|omschrijving|iban|kenmerk|incassant|bic|betalingskenm)\b|:|$)/,
  /\b(?:ihr einkauf bei|your purchase at|votre achat chez|su compra en|uw aankoop bij|twoj zakup w)\s+([^,/]+)/,
  /^(?:upi|imps|neft|rtgs)(?:\s*(?:cr|dr|out|in|p2a|p2m))?[-/\s]+(?:(?:dr|cr|p2a|p2m|\d{4,}|[a-z]{4}0[a-z0-9]{2,6})[-/]+)*([a-z][^/@-]+?)\s*(?=[-/@]|$)/,
  /^ach\s+[dc]-\s*([a-z][^-/]+)/,
];

/** Ways to pay and banks' own words, at the beginning; longer ones first. */
const openings = [
  String.raw`(?:recurring |non-pin |contactless |visa |mastercard |maestro |debit |credit |international |online |mobile |pin )*(?:card )?(?:purchase|payment|transaction|debit|refund|reversal|chargeback)(?: (?:authorized|auth\.?|made|to|at|with|by|from|for|on|via))*(?: (?:visa|mastercard|maestro|debit|credit|card|pin))*(?=[\s:-])`,
  String.raw`(?:check ?card|debit ?card|credit ?card|visa(?: debit|-umsatz)?|mastercard|maestro|eftpos|interac(?: e-?transfer)?|pos(?: (?:debit|purchase|transaction|w/d|refund))?|dbt crd|dbt purchase|point of sale|ach(?: (?:debit|credit|pmt|payment|withdrawal|deposit|hold|transaction))?|direct (?:debit|deposit|dep|credit|pay)|preauthorized (?:debit|credit)|electronic (?:payment|withdrawal|deposit)|bill ?pay(?:ment)?|web pmt|e-?payment|standing order|faster payment(?:s receipt)?|bank giro credit|bacs|chaps|fpi|fpo|bgc|bbp|osko(?: payment)?|payid|bpay|dd|d/d|so|s/o|cr|tfr|cpm|crd|deb(?! em conta\b| aut)|ddr|sto|stdord|int'l)(?: (?:from|to|for|at))?(?=[\s:*-])`,
  String.raw`(?:kauf(?:\/?dienstleistung)?|online-?einkauf|bargeldbezug|lastschrift|gutschrift)(?: vom| am| bei)+(?=[\s:])`,
  String.raw`(?:sepa[ -]*)?(?:basis-?|firmen-?|echtzeit-?|dauer-?|euro-?|folge-?|erst-?)?(?:lastschrift(?:einzug)?|kartenzahlung|girocard|dauerauftrag|gutschrift|ueberweisung|uberweisung|auftrag|einzug|kartenverfugung|kartenumsatz|lohn/gehalt|lohn|gehalt|rente|visa-umsatz|ec-?cash|debitk\.?)(?=[\s:,./-])`,
  String.raw`(?:bea|gea|betaalpas|betaalautomaat|geldautomaat|apple pay|google pay|incasso(?: algemeen)?(?: doorlopend| eenmalig)?|overboeking|ideal|tikkie|acceptgiro|periodieke overb\.?|salaris|spoedopdracht|ecom|contactloos)(?=[\s:,.-])`,
  String.raw`(?:carte(?: bancaire)?|achat(?: cb| carte)?|paiement(?: par)?(?: cb| carte| psc)?|fact(?:ure)? carte|prlv|prelevement(?: europeen| recu| sepa)?|prelevmnt|vir(?:ement)?(?: recu| emis| sepa| inst(?:antane)?| permanent| de| en votre faveur)*|cb|retrait(?: dab)?|echeance|cotisation|avoir carte)(?=[\s:*,./-])`,
  String.raw`(?:compra(?: no| na| com| de| em| cartao| cart\.?| credito| debito| aprovada| elo| visa| master(?:card)?)+|deb(?:ito|\.)?(?: em conta| aut(?:omatico|\.)?)|pix(?: enviado| recebido| transf(?:erencia)?| qr ?code| qrs| des| rem| para| de)*|pag(?:amento|to|\.)?(?: de| do| da| com| efetuado| recebido| boleto| titulo| conta| fatura)+|boleto|ted|doc|remuneracao(?:\/salario| salario)?|salario|tarifa)(?=[\s:*,./-])`,
  String.raw`(?:compra(?: con)?(?: en| tarj(?:eta)?\.?| internet(?: en)?| comercio)*|pago(?: con| en| de| a| movil| tarjeta)*|adeudo(?: recibido| de| a su cargo)*|recibo(?: de| domiciliado)?|cargo(?: por| en)?|transf(?:erencia)?\.?(?: de| a favor de| a| recibida| emitida| inmediata| internet)*|domiciliacion|bizum(?: de| a| enviado| recibido)*|nomina(?: de)?|abono(?: de)?|tarj(?:eta)?\.?)(?=[\s:*,./-])`,
  String.raw`(?:zakup(?: przy)?(?: uzyciu)?(?: karty| karta)?|platnosc(?: karta| blik| web| internetowa)*|transakcja(?: karta| kartowa| blik)*|przelew(?: wychodzacy| przychodzacy| wewnetrzny| blik| elixir| na| do| od| krajowy| srodkow)*|polecenie(?: zaplaty| przelewu)?|zlecenie stale|blik|karta|wyplata)(?=[\s:*,./-])`,
  String.raw`(?:pagamento(?: pos| carta| con carta)?|addebito(?: diretto| sdd| sepa)*|bonifico(?: da| a vostro favore| a| sepa| istantaneo)*|kortkop|korttiosto|kobsbon|dankort(?:-nota)?|autogiro|betalingsservice|varekjop|visa varekjop|nota|avtalegiro)(?=[\s:*,./-])`,
  String.raw`(?:sepa|direct|inst|payment|pymt|pmt|payee|to|from|via|mandate|betaling|zelle(?: (?:payment|transfer|instant))*|interac e-?transfer|online transfer|[emk]ref\+\S+)(?=[\s:-])`,
  String.raw`(?:erstattung|rueckerstattung|ruckerstattung|remboursement|avoir|devolucion|zwrot|terugbetaling|rimborso|storno|estorno|aterbetalning|tilbagebetaling)(?: (?:cb|carte|karta|karty|de|compra|von der|von|van|kartenzahlung|achat))*(?=[\s:*,./-])`,
  // Japanese banks put no space behind theirs.
  String.raw`(?:口座振替|口振|自動振替|総合振込|給与振込|振込|振替|自動引落|口座引落|自動払込|ビザデビット|デビットカード|デビット|給与|カード(?=[\s\d]))(?:入金|出金|依頼|利用|ご利用)?[\s:*-]*(?=\S)`,
  // Who handles the payment for a shop: with a star, as their names alone may be shops.
  String.raw`(?:sq|sqc|tst|sp|pp|pypl|paypal|ppl|zettle_?|iz|izettle|sumup\s?|stripe|wpy|bt|eb|fs|ic|py|ckg|cke|cko|nyx|ccv|bck|dnh|lspt|2co\.com|2checkout\.com|fsp|fspr|gocardless|gc|klarna|adyen|mollie|ptx|rvt|ls|tpc|act|chk|in|ep|olo|dd|xsolla|paddle\.net|lemsqzy|digitalriver|dri)\s*\*+\s*`,
  String.raw`(?:paypal|klarna|sumup|zettle|gocardless|stripe|adyen|mollie|buckaroo|przelewy24|payu|razorpay|paytm|payu\*)(?:\s+(?:inst xfer|des|instant transfer|europe|recurring))?\s*(?:[*:/]|\bvia\b|id:|\bfor\b)\s*`,
  String.raw`paypal inst xfer\s+`,
  // Cards, dates, times and long numbers before the name.
  String.raw`(?:card|karte|carte|kaart|tarj(?:eta)?|karta|pas|nr|no|num|n[o.]|xx)[\s.:#]*(?:ending(?: in)?\s*)?[x*#\d]{3,}[x*\d]*`,
  String.raw`[x*]*\d{4,}[x*\d]*(?=[\s:,/*-])`,
  String.raw`\d{6,}[x*]+\d{2,4}`,
  String.raw`[x*]{2,}\s?\d{2,4}`,
  String.raw`\d{1,2}(?:[./-]\d{1,2}){1,2}(?:[./-]?\d{2,4})?(?:[ t]\d{1,2}:\d{2}(?::\d{2})?)?(?=[\s,/]|$)`,
  String.raw`\d{1,2}\s?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:\s?\d{2,4})?(?=\s)`,
  String.raw`\d{1,2}:\d{2}(?::\d{2})?`,
];
const OPENING = new RegExp(String.raw`^[\s:,./*#-]*(?:${openings.join('|')})`);
const LEADING = /^(?:[\s:,./*#_()"'-]+|https?:\/\/)+/;

/** From here on it is about the payment, not about who: references, mandates, cards, times, rates. */
const CLOSING =
  /\s*(?:(?:^|[\s,;/(*])(?:ppd id|web id|ccd id|tel id|arc id|des:|id:|indn:|co id|conf#|ref(?:erence)?(?:[.:#]|\s+(?:no|number|nr)\b|\s*\d)|eref|mref|kref|svwz|abwa|cred|crn|mandat[a-z]*|mandaat|mdt|machtiging|incassant|kenmerk|omschrijving|iban|bic|end-to-end|glaeubiger|glaubiger|kd-?nr|kundennr|kunden-?nummer|kundennummer|rg-?nr|rechnung(?:s?nr)?|vertrag(?:snr)?|vertragskonto|rum|icsr?|ics|emetteur|libelle|motif|num\.?\s*op|concepto|referencia|con la tarjeta|numero de|no recibo|\d+ rides?\b|tytul|tytulem|nr ref|(?:ocr|ech(?:eance)?|kid|viite|kundn(?:r|ummer)|avtal(?:snr)?|medlemsnr|aftalenr|bs|client|abo|cliente|poliza|polizza|contrat|contrato|contratto|policy|member|acct?|a\/c|account)[\s.:#]*(?:no|nr|n|num)?[\s.:#]*\d{4,}|card (?:no|ending|used|xx|number|x)|card\s?\d|value date|valuta|effective date|exchange rate|rate\b.*\/|on \d{1,2}[ ./-]?(?:[a-z]{3}|\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}:\d{2}|pas\s?\d{3}|nr:|cb\*|tel\.?\s*[+\d]|phone|txn|trans(?:action)? id|trace|auth(?:orisation|orization)? (?:code|date)|(?:eur|usd|gbp|pln|aud|inr|chf|cad|sek|nok|dkk|jpy|czk)\s?\d|\d+[.,]\d{2}\s?(?:eur|usd|gbp|pln|aud|inr|chf|cad|sek|nok|dkk|czk)?(?=[\s,;/)]|$))|\/\/|\s{3,}(?=[^\s*])|\bhttps?:|(?:\+|\b00)\d[\d ()-]{6,}).*$/;

const DOMAIN =
  /^(?:https?:\/\/)?(?:www\.)?([a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*?)\.(?:com?\.(?:uk|in|za|nz|jp|kr)|com\.(?:au|br|mx|tr|pl|sg)|com|net|org|de|nl|fr|es|pl|it|co|io|tv|eu|uk|at|ch|be|ie|au|in|app|me|us|se|dk|no|fi|cz|pt|ai|online|shop)(?:[/*#:].*)?$/;

/** What kind of company it is says nothing of which. */
const forms = new Set(
  'inc llc ltd limited gmbh ag sa sas sarl bv nv plc corp corporation spa srl kg ohg ug se ab oy oyj aps pty pvt pte llp lp kgaa mbh ek ev co cie sl slu sau spzoo sca company incorporated zoo kft'.split(
    ' ',
  ),
);
/** Of which country it is, and what the payment was, are none of the name when they stand behind it. */
const addenda = new Set(
  'uk gb usa eu germany deutschland france espana polska nederland netherlands sverige norge danmark suomi italia international intl europe europa payroll salary salaire gehalt lohn nomina salaris wynagrodzenie wages pending recurring sagt danke dankt refund reversal'.split(
    ' ',
  ),
);
const months = new Set(
  'january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec januar februar marz maerz mai juni juli oktober dezember janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre januari februari maart mei augustus styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien'.split(
    ' ',
  ),
);
/** Banks' words: alone they name nobody. */
const bankWords = new Set(
  'atm cash withdrawal deposit check cheque interest payment paid charge charges monthly service maintenance fee fees account transfer overdraft international foreign transaction credit debit card purchase refund reversal adjustment online mobile bank the of on to from in out internal savings earned retrait bargeldauszahlung geldautomat kontoauszug entgelt gebuhr zinsen abschluss compra pagamento recebido cartao fatura 手数料 利息 お支払い 入金 出金'.split(
    ' ',
  ),
);
/** A name is not cut behind these. */
const links = new Set('of for de der des von van di du del la le the in and und et y e & bei am an to at'.split(' '));
/** With such a word alone, the place is the name. */
const generic = new Set(
  'stadtwerke stadt media gemeente hotel metro city bank university universitat universidad radio water taxi cafe restaurant gym club theater theatre museum airport flughafen verkehrsbetriebe mairie comune ayuntamiento council zoo hostel bvg tram bus parking parken school hospital county town village port sportverein apotheke pharmacy bistro'.split(
    ' ',
  ),
);
/** Before a number of one or two digits that belongs to no name. */
const counted = new Set(
  'store shop filiale fil markt no nr num branch kasse terminal term unit location loc sklep magasin tienda pos'.split(
    ' ',
  ),
);

/** Most texts have none of these. */
const HAS_NAMED =
  /\/name\/|naam:|einkauf bei|purchase at|achat chez|compra en|aankoop bij|zakup w|issued by|svwz\+|^upi|^imps|^neft|^rtgs|^ach [dc]-/;
const LETTERS = /\p{L}/u;
const DIGITS = /^\d+$/;
const MANY = 12;

export interface NameReading {
  /** The words of the name, plain; empty where the text says nothing of who. */
  readonly words: readonly string[];
  /** The text's words without numbers, for want of a name. */
  readonly rest: readonly string[];
}

/** @param city where it happened, if the record says so: it is no part of the name */
export function readName(text: string, city?: string): NameReading {
  const plain = plainText(text);
  const named = HAS_NAMED.test(plain) ? namedIn(plain) : undefined;
  let name = (named ?? plain).replace(LEADING, '');
  if (named === undefined) {
    for (let turn = 0; turn < MANY; turn++) {
      const shorter = name.replace(OPENING, '').replace(LEADING, '');
      if (shorter === name || shorter === '') break;
      name = shorter;
    }
  }
  name = afterNumbers(name);
  const closed = name.replace(CLOSING, '').trimEnd();
  const words = wordsOf(LETTERS.test(closed) || /^\d{1,3}$/.test(closed) ? closed : name, city);
  if (words.length > 0 && !isBanksOwn(words)) return { words, rest: [] };
  const said = words.filter((word) => !DIGITS.test(word));
  return { words: [], rest: said.length > 0 ? said : plain.split(/[^\p{L}]+/u).filter((word) => word.length > 1) };
}

/** "Monthly fee 12" names nobody; "3" does. */
function isBanksOwn(words: readonly string[]): boolean {
  const said = words.filter((word) => !DIGITS.test(word));
  return said.length > 0 && said.every((word) => bankWords.has(word));
}

function namedIn(plain: string): string | undefined {
  return NAMED.map((pattern) => pattern.exec(plain)?.[1]?.trim()).find(
    (name) => name !== undefined && LETTERS.test(name),
  );
}

/** A name may be all digits ("3"); a number before one is none of it. */
function afterNumbers(name: string): string {
  return name.replace(/^(?:[x*]*\d{4,}[\s/-]+)+(?=.*[a-z])/, '');
}

function wordsOf(name: string, city: string | undefined): readonly string[] {
  const words: string[] = [];
  let endsInNumber = false;
  for (const token of tokensOf(name)) {
    const domain = DOMAIN.exec(token)?.[1];
    if (domain !== undefined) {
      if (words.length === 0) words.push(...(domain.split('.').at(-1)?.split('-').filter(Boolean) ?? []));
      break;
    }
    if (token === 'com' && words.length > 0) break;
    const hasName = words.some((word) => LETTERS.test(word) && word.length > 1);
    const shop = words.length === 0 ? NAME_AND_NUMBER.exec(token)?.[1] : undefined;
    if (shop !== undefined) {
      words.push(shop);
      endsInNumber = true;
      break;
    }
    if (isNumber(token, words)) {
      endsInNumber = hasName;
      if (hasName) break;
      continue;
    }
    // Which month it was for is no name, unless nothing is before it.
    if (words.length > 0 && months.has(token)) {
      if (/^\d{1,2}$/.test(words.at(-1) ?? '') && words.length > 1) words.pop();
      continue;
    }
    if (token !== words.at(-1)) words.push(...token.split('.').filter(Boolean));
  }
  return withoutTail(words, endsInNumber, city === undefined ? [] : tokensOf(plainText(city)));
}

function tokensOf(name: string): readonly string[] {
  return name
    .replace(/\b((?:[a-z]\.\s?){2,}(?:[a-z]\b)?)/g, (letters) => `${letters.replace(/[.\s]/g, '')} `)
    .replace(/'s\b/g, 's')
    .replace(/'/g, '')
    .split(/[\s*,;:()"!?_|<>[\]{}=~^%$@]+/)
    .flatMap((part) => (DOMAIN.test(part) ? [part] : part.split(WITHIN)))
    .filter((token) => token !== undefined && /[\p{L}\p{N}]/u.test(token));
}

/** What parts words that stand together, but for the name of a site: "check-in.de". */
const WITHIN = /(?<=[a-z]{2})[/\\](?=[a-z]{2}|\d)|-(?=[a-z])|(?<=[a-z])-|\.$|[#/\\+]+$|[・、。「」]+/u;

/** The shop's number stands at its name: "H&M6735". */
const NAME_AND_NUMBER = /^(\p{L}[\p{L}&]+\p{L})\d{4,5}$/u;

/** Of a shop, an order, a card: not such as belong to names. */
function isNumber(token: string, before: readonly string[]): boolean {
  const digits = token.replace(/\D/g, '').length;
  if (digits === 0) return /^x{3,}$/.test(token);
  if (/^[#/\\]/.test(token)) return true;
  if (DIGITS.test(token)) {
    if (before.length === 0) return token.length > 3;
    return token.length > 2 || counted.has(before.at(-1) ?? '') || token.startsWith('0');
  }
  // "o2", "1&1" and "p24" are names; "z1234", "2k3hj9" and "402-935" are none.
  const letters = token.replace(/[^\p{L}]/gu, '').length;
  if (letters === 0) return digits > (before.length === 0 ? 3 : 2);
  if (before.length === 0) return digits >= 4 || (digits >= 2 && letters > 0 && token.length > 8);
  // So long, and mixed: a reference.
  if (token.length >= 8) return true;
  return digits > 2 || (digits === 2 && letters > 2 && /\d[a-z]+\d/.test(token)) || /^k\.?\d$/.test(token);
}

function withoutTail(given: readonly string[], endsInNumber: boolean, city: readonly string[]): readonly string[] {
  const words = [...given];
  let isCounted = endsInNumber;
  for (let turn = 0; turn < MANY && words.length > 1; turn++) {
    const last = words.at(-1) ?? '';
    const more = placeWords(words, city);
    if (more > 0) words.splice(-more);
    else if (forms.has(last)) {
      words.pop();
      isCounted = true;
    } else if (addenda.has(last) && !generic.has(words.at(-2) ?? '')) words.pop();
    else if (isCounted && counted.has(last) && !generic.has(words.at(-2) ?? '')) words.pop();
    else if (endsInNumber && last.length === 1 && (words.at(-2) ?? '').length > 2) words.pop();
    else break;
  }
  return words;
}

function placeWords(words: readonly string[], city: readonly string[]): number {
  const isKept = (count: number) => {
    const rest = words.slice(0, -count);
    const last = rest.at(-1) ?? '';
    return rest.length > 0 && !links.has(last) && !(rest.length === 1 && (generic.has(last) || !LETTERS.test(last)));
  };
  if (city.length > 0 && city.every((word, index) => words.at(index - city.length) === word) && isKept(city.length))
    return city.length;
  for (let count = Math.min(mostCityWords, words.length - 1); count > 0; count--) {
    if (cityNames.has(words.slice(-count).join('_')) && isKept(count)) return count;
  }
  return words.length > 2 && regionCodes.has(words.at(-1) ?? '') && isKept(1) ? 1 : 0;
}
