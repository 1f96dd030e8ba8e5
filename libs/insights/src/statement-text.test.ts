import { describe, expect, it } from 'vitest';
import { plainText, readName } from './statement-text.ts';

const nameIn = (text: string, city?: string) => readName(text, city).words.join(' ');

/** What banks of many countries print in front of a name, one way a line. */
const openings = `
purchase; card purchase; recurring card payment; non-pin purchase; contactless payment to; visa debit; visa card purchase at; mastercard payment;
debit card purchase; international transaction; online payment to; mobile payment for; pin purchase; refund from; reversal; chargeback;
card payment authorized on visa; purchase auth. made with card; payment by debit card via; card payment to
check card; checkcard; debitcard; debit card; credit card; creditcard; visa; mastercard; maestro; eftpos; interac; pos; pos debit; pos purchase; pos w/d; pos refund;
dbt crd; dbt purchase; point of sale; ach; ach debit; ach pmt; ach payment; ach hold; direct debit; direct deposit; direct dep; direct pay; direct credit;
preauthorized debit; electronic payment; electronic withdrawal; billpay; bill pay; bill payment; web pmt; e-payment; epayment; standing order to; faster payment;
faster payments receipt from; bank giro credit; bacs; chaps; fpi; fpo; bgc; bbp; osko; osko payment; payid; bpay; dd; d/d; so; s/o; tfr to; cpm; crd; deb; ddr; sto; stdord; int'l
lastschrift; sepa lastschrift; sepa-lastschrifteinzug; basislastschrift; basis-lastschrift; firmen-lastschrift; echtzeit-uberweisung; folgelastschrift; erst-lastschrift;
kartenzahlung; girocard; dauerauftrag; gutschrift; ueberweisung; überweisung; auftrag; einzug; kartenverfügung; kartenumsatz; rente; visa-umsatz; ec-cash; eccash; debitk.; debitk
bea; gea; betaalpas; betaalautomaat; geldautomaat; apple pay; google pay; incasso; incasso algemeen doorlopend; incasso eenmalig; overboeking; ideal; tikkie; acceptgiro; periodieke overb.; periodieke overb; spoedopdracht; ecom; contactloos
carte; carte bancaire; achat; achat cb; achat carte; paiement; paiement par cb; paiement carte; paiement psc; facture carte; fact carte; prlv; prlv sepa; prelevement; prélèvement européen; prelevement recu; prelevmnt;
vir; virement; virement recu; vir sepa recu de; vir inst; vir instantane; vir permanent; virement en votre faveur; virement emis; cb; echeance; avoir carte
compra; compra no cartao; compra com cart.; compra credito; compra debito; compra aprovada elo; compra visa; compra master; compra mastercard; deb em conta; deb. aut.; debito automatico; debito aut;
pix enviado; pix recebido de; pix transferencia; pix qr code; pix qrcode qrs; pix des; pix rem; pix para; pagamento de; pagto efetuado; pag. boleto; pagamento conta; pagamento da fatura; pagamento titulo; boleto; ted; doc; remuneracao/salario; remuneracao salario; salario
compra con tarj.; compra con tarjeta; compra en; compra internet en; compra comercio; pago; pago con tarjeta; pago en; pago movil; pago a; adeudo; adeudo recibido de; adeudo a su cargo; recibo; recibo de; recibo domiciliado; cargo por; cargo en;
transferencia de; transf. a; transf recibida de; transferencia emitida; transferencia inmediata; transferencia a favor de; domiciliacion; bizum; bizum de; bizum enviado a; nomina; nomina de; abono; abono de; tarj; tarjeta; tarj.
kauf vom; kauf/dienstleistung vom; kaufdienstleistung am; online-einkauf bei; onlineeinkauf vom; bargeldbezug vom; lastschrift bei
zakup; zakup przy uzyciu karty; zakup karta; platnosc karta; płatność blik; platnosc web; platnosc internetowa; transakcja karta; transakcja kartowa; transakcja blik; przelew; przelew wychodzacy; przelew przychodzacy na; przelew wewnetrzny; przelew elixir; przelew do; przelew krajowy;
polecenie zaplaty; polecenie przelewu; zlecenie stale; blik; karta; wyplata
pagamento pos; pagamento carta; pagamento con carta; addebito; addebito diretto; addebito sdd; addebito sepa; bonifico; bonifico da; bonifico a vostro favore; bonifico sepa; bonifico istantaneo; kortköp; korttiosto; købsbon; kobsbon; dankort; dankort-nota; autogiro; betalingsservice; varekjøp; varekjop; visa varekjop; nota; avtalegiro
sepa; direct; inst; payment; pymt; pmt; payee; to; from; via; mandate; betaling; zelle; zelle payment; zelle transfer; zelle instant; interac e-transfer; interac etransfer; online transfer; eref+12ab; mref+x-1; kref+77
erstattung; rueckerstattung; rückerstattung; remboursement; remboursement cb; avoir; devolucion de compra; zwrot karta; terugbetaling van; rimborso; storno; estorno; aterbetalning; tilbagebetaling; erstattung von der kartenzahlung
sq *; sqc*; tst* ; sp *; pp*; paypal *; pypl *; zettle_*; zettle*; iz *; izettle *; sumup *; sumup*; sumup  *; stripe *; wpy*; bt*; 2co.com*; fsp*; gc *; klarna *; adyen *; mollie*; dd *; xsolla *; paddle.net* ; digitalriver *; dri*
paypal:; paypal inst xfer; paypal des:; paypal europe /; klarna via; klarna:; sumup :; zettle/; stripe id:; adyen for; mollie:; przelewy24:; payu*; razorpay:; paytm recurring:
card 1234; card ending 1234; card ending in 1234; karte xx12; carte *1234; kaart: 123; tarjeta 1234; karta 12345; pas 123; nr 1234; no. 4711; num: 123; n. 123; n.: 123; xx1234
x1234; **** 1234; xxxx1234xx; 12345678; 402912xxxx1234; 40291234**12; xx 123; xx12; 12.01; 12.01.2026; 12/01/26; 12-01; 12.01.2026 12:30; 12/01t12:30:15; 12 jan; 12jan 2026; 12 january; 12 dec 26; 12:30; 12:30:59
`
  .split(/[;\n]/)
  .map((text) => text.trim())
  .filter((text) => text !== '');

/** What follows a name and is none of it. */
const closings = `
ppd id 12; web id: 3; ccd id 4; tel id 5; arc id; des:payroll; id:12; indn:doe; co id 7; conf# 12; ref. 12; ref:12; ref# 1; reference no 4; ref number 8; ref 12; ref12; eref x; mref x; kref x; svwz x; abwa x; cred x; crn 12;
mandat 12; mandate x; mandaat 3; mdt x; machtiging x; incassant x; kenmerk 7; omschrijving x; iban x; bic x; end-to-end x; glaeubiger x; gläubiger x; kd-nr 1; kdnr 1; kundennr 1; kunden-nummer 5; kundennummer 3; rg-nr 1; rgnr 2; rechnung 3; rechnungsnr 3; rechnungnr 3;
vertrag 3; vertragsnr 3; vertragskonto 4; rum x; ics x; icsr x; emetteur x; libelle x; motif x; num. op 4; num op; concepto x; referencia x; con la tarjeta x; numero de x; no recibo x; 3 rides; 1 ride; tytul x; tytulem x; nr ref 8;
ocr 12345; ech 1234; echeance no 1234; kid: 123456; viite 12345; kundnr 1234; kundnummer nr 1234; avtal 1234; avtalsnr 1234; medlemsnr 1234; aftalenr. 1234; bs 1234; client n 1234; abo 1234; cliente 1234; poliza 1234; polizza 1234; contrat 1234; contrato 1234; contratto 1234; policy 1234; member num 1234; acct 1234; acc 1234; a/c 1234; account #1234;
card no 1; card ending 1; card used x; card xx1; card number 2; card x1; card 4; card4; value date x; valuta x; effective date x; exchange rate x; rate 1.1/; on 12 jan; on 12/01; on 1-2; 12.01.26; 1/2/2026; 12:30; pas 123; pas123; nr:1; cb*1; tel. +1; tel 12; phone 12; txn 1; trans id 1; transaction id 1; trace 1;
auth code 1; authorisation code 1; authorization date 1; eur 12; usd1; 12.50 eur; 12,50; 12.50 sek; //hamburg/de; https://x.y; http:x; +49 123 4567; 0049 (123) 4567
`
  .split(/[;\n]/)
  .map((text) => text.trim())
  .filter((text) => text !== '');

describe('a name on a statement', () => {
  it.each(openings)('stands behind "%s"', (opening) => {
    expect(nameIn(`${opening} Nordwind Kaffee`)).toBe('nordwind kaffee');
    expect(nameIn(`${opening.toUpperCase()} NORDWIND KAFFEE`)).toBe('nordwind kaffee');
  });

  it.each(closings)('ends before "%s"', (closing) => {
    expect(nameIn(`Nordwind Kaffee ${closing}`)).toBe('nordwind kaffee');
  });
});

describe('a name in the middle of a statement', () => {
  it.each([
    ['Charge issued by Nordwind Kaffee', 'nordwind kaffee'],
    ['EREF+12 SVWZ+Nordwind Kaffee KREF+77', 'nordwind kaffee'],
    ['SVWZ+Nordwind Kaffee', 'nordwind kaffee'],
    ['/TRTP/SEPA/NAME/Nordwind Kaffee/REMI/x', 'nordwind kaffee'],
    ['Naam: Nordwind Kaffee Omschrijving: x', 'nordwind kaffee'],
    ['Naam:Nordwind Kaffee IBAN: x', 'nordwind kaffee'],
    ['Naam: Nordwind Kaffee', 'nordwind kaffee'],
    ['Folgenr. 1 Ihr Einkauf bei Nordwind Kaffee, Danke', 'nordwind kaffee'],
    ['XQ your purchase at Nordwind Kaffee/12', 'nordwind kaffee'],
    ['XQ votre achat chez Nordwind Kaffee', 'nordwind kaffee'],
    ['XQ su compra en Nordwind Kaffee', 'nordwind kaffee'],
    ['XQ uw aankoop bij Nordwind Kaffee', 'nordwind kaffee'],
    ['XQ twój zakup w Nordwind Kaffee', 'nordwind kaffee'],
    ['UPI/123456/Nordwind Kaffee/x@ok', 'nordwind kaffee'],
    ['UPI-Nordwind Kaffee@ok', 'nordwind kaffee'],
    ['UPI/DR/123456789/Nordwind Kaffee/HDFC0ABC1/x', 'nordwind kaffee'],
    ['UPI CR/P2M/123456/Nordwind Kaffee/x', 'nordwind kaffee'],
    ['NEFT-HDFC0A1B2C3-Nordwind Kaffee-x', 'nordwind kaffee'],
    ['IMPS/P2A/123456/Nordwind Kaffee', 'nordwind kaffee'],
    ['RTGS OUT/1234567/Nordwind Kaffee/x', 'nordwind kaffee'],
    ['ACH D- Nordwind Kaffee-12', 'nordwind kaffee'],
    ['ACH C-Nordwind Kaffee/12', 'nordwind kaffee'],
  ])('of %s is %s', (text, name) => {
    expect(nameIn(text)).toBe(name);
  });
});

describe('what is no part of a name', () => {
  it.each([
    ['www.nordwind-kaffee.de', 'nordwind kaffee'],
    ['https://www.nordwind.co.uk/bill', 'nordwind'],
    ['shop.nordwind.com.au', 'nordwind'],
    ['Card 1234 tank-hof.de', 'tank hof'],
    ['Nordwind-Kaffee AG.', 'nordwind kaffee'],
    ['Nordwind Kaffee#', 'nordwind kaffee'],
    ['nordwind.shop#12', 'nordwind'],
    ['Nordwind nordwind.com', 'nordwind'],
    ['Nordwind com', 'nordwind'],
    ['com', 'com'],
    ['Nordwind GmbH', 'nordwind'],
    ['Nordwind Kaffee Ltd UK', 'nordwind kaffee'],
    ['Nordwind Payroll', 'nordwind'],
    ['Nordwind January', 'nordwind'],
    ['Nordwind Kaffee 3 Mai', 'nordwind kaffee'],
    ['January', 'january'],
    ['Nordwind Store 12', 'nordwind'],
    ['Nordwind Filiale 7', 'nordwind'],
    ['Nordwind 123', 'nordwind'],
    ['Nordwind 12', 'nordwind 12'],
    ['Nordwind 012', 'nordwind'],
    ['3', '3'],
    ['Nordwind xxx', 'nordwind'],
    ['Nordwind #a1', 'nordwind'],
    ['O2 Mobil', 'o2 mobil'],
    ['1&1 Telecom', '1&1 telecom'],
    ['7-Eleven', '7 eleven'],
    ['P24 Nordwind', 'p24 nordwind'],
    ['Z1234 Nordwind', 'nordwind'],
    ['Nordwind 2k3hj9', 'nordwind'],
    ['Nordwind 402-935', 'nordwind'],
    ['Nordwind ab12cd34', 'nordwind'],
    ['Nordwind K.7', 'nordwind'],
    ['H&M6735', 'h&m'],
    ['A.B.C. Nordwind', 'abc nordwind'],
    ["Nordwind's Kaffee", 'nordwinds kaffee'],
    ['Nordwind Nordwind', 'nordwind'],
    ['Nordwind/Kaffee', 'nordwind kaffee'],
    ['Nordwind-Kaffee', 'nordwind kaffee'],
    ['Stadtwerke Berlin', 'stadtwerke berlin'],
    ['Nordwind Berlin', 'nordwind'],
    ['Bank of Berlin', 'bank of berlin'],
    ['Hotel UK', 'hotel uk'],
    ['Nordwind Kaffee 123 B', 'nordwind kaffee'],
    ['123456 Nordwind', 'nordwind'],
  ])('of %s is %s', (text, name) => {
    expect(nameIn(text)).toBe(name);
  });

  it('is the city, where the record says so', () => {
    expect(nameIn('Nordwind Kaffee Xqztown', 'Xqztown')).toBe('nordwind kaffee');
    expect(nameIn('Nordwind Kaffee Bad Xqz', 'Bad Xqz')).toBe('nordwind kaffee');
    expect(nameIn('Nordwind Kaffee Xqz', 'Bad Xqz')).toBe('nordwind kaffee xqz');
    expect(nameIn('Kaffee of Xqztown', 'Xqztown')).toBe('kaffee of xqztown');
    expect(nameIn('Xqztown', 'Xqztown')).toBe('xqztown');
  });

  it('is all of it where only the bank speaks; its words are there for want of a name', () => {
    expect(readName('MONTHLY SERVICE FEE 12')).toEqual({ words: [], rest: ['monthly', 'service', 'fee'] });
    expect(readName('')).toEqual({ words: [], rest: [] });
  });
});

describe('plain text', () => {
  it.each([
    ['ŻABKA', 'zabka'],
    ['Straße', 'strasse'],
    ['Łódź', 'lodz'],
    ['SMØRREBRØD', 'smorrebrod'],
    ['Cæsar œuvre', 'caesar oeuvre'],
    ['Đorđe', 'dorde'],
    ['KAĞIT ısı', 'kagit isi'],
    ['O’Neill`s', "o'neill's"],
    ['ﾗｸﾃﾝｶｰﾄﾞ', 'ラクテンカード'],
    ['Plain', 'plain'],
  ])('of %s is %s', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });
});
