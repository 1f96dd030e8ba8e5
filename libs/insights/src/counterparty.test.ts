import type { Transaction } from '@quartersec/validation';
import { describe, expect, it } from 'vitest';
import { counterpartyOf, keyOfGivenName, keyOfName } from './counterparty.ts';
import { sampleTransaction } from './testing/sample-transaction.ts';

const ofText = (description: string) => counterpartyOf(sampleTransaction({ description }));
const ofJapanese = (text: string) => ofText(text).label;
const ofName = (merchantName: string) => counterpartyOf(sampleTransaction({ merchantName }));

/** What statements of several countries print, by who it is. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  Netflix: [
    'NETFLIX.COM',
    'Netflix.com 866-579-7172',
    'NETFLIX COM AMSTERDAM',
    'Netflix',
    'PAYPAL *NETFLIX.COM 4029357733',
    'NETFLIX INTERNATIONAL B.V.',
    'NETFLIX.COM LOS GATOS CA',
    'Netflix  1234567',
  ],
  Spotify: [
    'PAYPAL *SPOTIFY 402-935-7733',
    'Spotify AB',
    'SPOTIFY P12AB34CD5 STOCKHOLM',
    'Spotify P0E2F9A1B2',
    'PP.1234.PP . SPOTIFY, Ihr Einkauf bei SPOTIFY',
  ],
  Amazon: [
    'AMZN Mktp US*2K3HJ9F12',
    'AMAZON.COM*MK1AB2CD3 SEATTLE WA',
    'AMZN MKTP DE*AB12CD3 800-279-6620 LUX',
    'AMAZON EU SARL',
    'Amazon.de',
  ],
  'Amazon Prime': ['Amazon Prime*2X4YZ', 'AMZN PRIME', 'AMAZON PRIME*MH8GK1'],
  Tesco: [
    'CARD PAYMENT TO TESCO STORES 3345,12.50 GBP, RATE 1.00/GBP ON 12-03-2024',
    'TESCO STORES 2210 LONDON GB',
    'TESCO STORES 6013',
  ],
  'British Gas': ['DIRECT DEBIT PAYMENT TO BRITISH GAS REF 1234567 , MANDATE NO 0004', 'BRITISH GAS'],
  Rewe: [
    'Kartenzahlung REWE SAGT DANKE 44332//BERLIN/DE',
    'REWE Markt GmbH//KOELN/DE 2024-03-12T18:22:33 KFN 0 VJ 2512',
    'REWE',
  ],
  Vodafone: ['SEPA-Lastschrift Vodafone GmbH Kd-Nr 12345678 Rechnung 03/2024', 'VODAFONE GMBH'],
  O2: ['O2', 'O2 UK 1234567'],
  '3': ['3'],
  Three: ['Three'],
  '7 Eleven': ['7-Eleven', '7-ELEVEN 34567 DALLAS TX', '7 ELEVEN', '7-11'],
  '1&1': ['1&1', '1&1 AG'],
  'Studio 54': ['Studio 54', 'STUDIO 54 BERLIN'],
  'Studio 55': ['Studio 55'],
  'H&M': ['H&M', 'H&M 0123 MUNCHEN', 'POS DEBIT H&M6735 SEATTLE WA 02/19', 'Kortköp 240108 H&M UPPSALA'],
  'C&A': ['C&A', 'C&A 4711 //ESSEN/DE', 'COMPRA CARTAO 11/10 C&A 0988 RIO DE JANEIRO'],
  Raia: ['RAIA', 'COMPRA CARTAO 03/05 RAIA9794 CURITIBA', 'COMPRA NO DEBITO 03/05 RAIA 9794'],
  'Alex Morgan': ['PIX ENVIADO ALEX MORGAN', 'PIX RECEBIDO ALEX MORGAN'],
  Coop: ['KAUF/DIENSTLEISTUNG VOM 28.04.22 COOP-2429 GENEVE', 'COOP'],
  'Noodle 24': ['Noodle 24'],
  'Forever 21': ['Forever 21', 'FOREVER 21 0234 HOUSTON TX'],
  'Albert Heijn': [
    'BEA, Betaalpas Albert Heijn 1573,PAS123 NR:ABC123, 12.03.24/18:22 AMSTERDAM',
    'BEA, Apple Pay Albert Heijn 1234,PAS456 NR:XYZ 13.03.24/09:00 UTRECHT',
    'ALBERT HEIJN 1573 AMSTERDAM',
  ],
  Ziggo: [
    'SEPA Incasso algemeen doorlopend Incassant: NL12ZZZ123 Naam: Ziggo Services BV Machtiging: 123 Omschrijving: factuur',
  ],
  'J de Vries': [
    '/TRTP/SEPA OVERBOEKING/IBAN/NL12INGB0001234567/BIC/INGBNL2A/NAME/J DE VRIES/REMI/huur maart/EREF/NOTPROVIDED',
    'J. de Vries',
  ],
  'Carrefour Market': ['CARTE 12/03 CARREFOUR MARKET PARIS CB*1234', 'PAIEMENT CB 1203 CARREFOUR MARKET 75011 PARIS'],
  EDF: ['PRLV SEPA EDF', 'PRELEVEMENT EDF REF 12345'],
  Mercadona: [
    'COMPRA TARJ. 5402XXXXXXXX1234 MERCADONA-VALENCIA',
    'COMPRA EN MERCADONA, CON LA TARJETA : 5402XXXXXXXX1234 EL 2024-03-12',
  ],
  Iberdrola: ['ADEUDO RECIBIDO IBERDROLA CLIENTES SAU', 'RECIBO IBERDROLA CLIENTES, S.A.U Nº RECIBO 0075 1234 567'],
  Zabka: ['ZAKUP PRZY UŻYCIU KARTY  ŻABKA Z1234 K.1 WARSZAWA', 'Płatność kartą 12.03.2024 ZABKA Z5678 K.2 KRAKOW'],
  Woolworths: ['VISA DEBIT PURCHASE CARD 1234 WOOLWORTHS 1234 SYDNEY NS AUS', 'WOOLWORTHS/123 PITT ST SYDNEY'],
  AGL: ['DIRECT DEBIT 123456 AGL SALES PTY LTD', 'AGL SALES'],
  Swiggy: [
    'UPI/DR/412345678901/SWIGGY/YESB/swiggy@ybl/Payment',
    'UPI-SWIGGY-swiggy@ybl-YESB0000001-412345678901-payment',
  ],
  'Big Bazaar': ['POS 416021XXXXXX1234 BIG BAZAAR MUMBAI'],
  Comcast: ['ACH DEBIT COMCAST CABLE 8773456 WEB ID: 0000213249', 'COMCAST CABLE'],
  Target: ['CHECKCARD 0312 TARGET 00012345 SEATTLE WA 24055234', 'TARGET T-1234'],
  Starbucks: ['STARBUCKS STORE 01234', 'STARBUCKS #5678 PORTLAND OR', 'Starbucks'],
  'Uber Trip': ['UBER   *TRIP HELP.UBER.COM', 'Uber Trip help.uber.com CA'],
  'Uber Eats': ['UBER *EATS PENDING', 'UBER * EATS'],
  Apple: ['APPLE.COM/BILL 866-712-7753 CA', 'APPLE COM BILL'],
  'Disney Plus': ['DISNEYPLUS 888-9057888', 'Disney Plus'],
  Acme: [
    'DIRECT DEP ACME CORP PAYROLL PPD ID: 123456',
    'ACME CORP       PAYROLL    PPD ID: 123',
    'LOHN / GEHALT 03/2024 ACME GMBH',
    'NEFT CR-HDFC0000001-ACME LTD-JOHN-N1234',
    'VIR SEPA RECU DE ACME',
  ],
  'Cafe Mitte': ['SumUp  *Cafe Mitte', 'SumUp *Cafe Mitte Berlin'],
  'Stadtwerke Munchen': ['Stadtwerke München', 'STADTWERKE MÜNCHEN GMBH'],
  'Stadtwerke Bonn': ['Stadtwerke Bonn'],
  Rent: ['RENT 12 MARCH', 'Rent April 2024'],
  Bolt: ['Card transaction of 12.50 EUR issued by Bolt.eu/o/2403121234 Tallinn', 'BOLT.EU/O/2403121234'],
  Lyft: ['LYFT *1 RIDE 03-12', 'LYFT *2 RIDES 03-15'],
  'John Miller': ['Zelle payment to John Miller 12abc34de'],
};

describe('the key of a counterparty', () => {
  it.each(Object.entries(spellings))('is one for %s, however it is printed', (_, texts) => {
    const [first, ...others] = texts.map((text) => ofText(text).key);
    expect(Object.fromEntries(others.map((key, index) => [texts[index + 1], key === first]))).toEqual(
      Object.fromEntries(others.map((_, index) => [texts[index + 1], true])),
    );
  });

  it('is another for each of them', () => {
    const keys = Object.values(spellings).map(([text = '']) => ofText(text).key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is the same for a name as for the text', () => {
    expect(ofName('NETFLIX.COM').key).toBe(ofText('PAYPAL *NETFLIX.COM 4029357733').key);
  });

  it("is that of the provider's id of it, whatever the name", () => {
    const named = counterpartyOf(sampleTransaction({ merchantName: 'Netflix', merchantEntityId: 'e1' }));
    const other = counterpartyOf(sampleTransaction({ merchantName: 'NFLX', merchantEntityId: 'e1' }));
    const listed = counterpartyOf(
      sampleTransaction({
        counterparties: [
          { name: 'Square', type: 'payment_terminal', entityId: 'e9' },
          { name: 'Netflix', type: 'merchant', entityId: 'e1' },
        ],
      }),
    );
    expect([named.key, other.key, listed.key]).toEqual([named.key, named.key, named.key]);
    expect([named.label, other.label, listed.label]).toEqual(['Netflix', 'NFLX', 'Netflix']);
  });

  it('is of who was paid through a payment service, where the texts say it', () => {
    const paid: Partial<Transaction> = {
      counterpartyName: 'PayPal (Europe) S.a.r.l. et Cie., S.C.A.',
      remittance: ['1034 PP.4321.PP/. Spotify AB, Ihr Einkauf bei Spotify AB'],
    };
    expect(counterpartyOf(sampleTransaction(paid))).toEqual(ofText('Spotify AB'));
    expect(counterpartyOf(sampleTransaction({ ...paid, remittance: [] })).label).toBe(
      'PayPal (Europe) S.a.r.l. et Cie.',
    );
  });

  it.each([
    ['a terminal', 'payment_terminal'],
    ['an app', 'payment_app'],
    ['a bank', 'financial_institution'],
  ])('is not of %s that carried the payment', (_, type) => {
    const counterparties = [
      { name: 'Carrier', type, entityId: 'e9' },
      { name: 'Corner Shop', type: 'merchant' },
      { name: 'Netflix', type: 'merchant', entityId: 'e1' },
    ];
    const read = counterpartyOf(sampleTransaction({ counterparties }));
    expect(read.key).toBe(counterpartyOf(sampleTransaction({ merchantEntityId: 'e1' })).key);
    expect(read.label).toBe('Corner Shop');
    const carried = counterpartyOf(
      sampleTransaction({ counterparties: counterparties.slice(0, 1), description: 'REWE' }),
    );
    expect(carried).toEqual(ofText('REWE'));
  });

  it('is of the name that was given, where no payment service stands between', () => {
    const remittance = ['Ihr Einkauf bei Spotify AB'];
    expect(counterpartyOf(sampleTransaction({ merchantName: 'Zalando', remittance }))).toEqual(ofName('Zalando'));
    const paypal = { merchantName: 'PayPal', remittance: ['1034 PP'] };
    expect(counterpartyOf(sampleTransaction({ ...paypal, description: 'Your purchase at Spotify AB' }))).toEqual(
      ofText('Spotify AB'),
    );
    expect(counterpartyOf(sampleTransaction(paypal)).label).toBe('PayPal');
  });

  it('is of the remittance where nothing else is said', () => {
    expect(counterpartyOf(sampleTransaction({ remittance: ['Spotify AB', 'Netflix'] }))).toEqual(ofText('Spotify AB'));
  });

  it('is the same whatever was read before: as a name, as a text, in a city', () => {
    const text = 'JOES DINER SHELBYVILLE';
    const read = () => [
      ofText(text).label,
      counterpartyOf(sampleTransaction({ description: text, location: { city: 'Shelbyville' } })).label,
      ofName(text).label,
      counterpartyOf(sampleTransaction({ merchantName: text, location: { city: 'Shelbyville' } })).label,
    ];
    const first = read();
    expect(first).toEqual(['Joes Diner Shelbyville', 'Joes Diner', text, text]);
    expect(read()).toEqual(first);
  });

  it.each([
    ['Amazon Prime Member', 'AMZN PRIME', true],
    ['Prime Amazon Prime', 'AMZN PRIME', false],
    ['Amazon Prime Video', 'AMZN PRIME', false],
    ['Amazon Digital', 'AMZN', true],
    ['Amazon Digital Prime', 'AMZN', false],
    ['My 7 Eleven', '7-Eleven', false],
    ['7 Eleven Fuel', '7-Eleven', false],
    ['WM Supercenter', 'Walmart', true],
    ['Wal-Mart Stores', 'Walmart', true],
    ['Walmart.com', 'Walmart', true],
    ['My WM Supercenter', 'Walmart', false],
    ['WM Supercenter Fuel', 'Walmart', false],
    ['Walmart Pharmacy', 'Walmart', false],
  ])('of %s is that of %s: %j', (name, short, isSame) => {
    expect(ofName(name).key === ofName(short).key).toBe(isSame);
  });

  it('is one for a name with and without its spaces, and is that of the name alone', () => {
    expect(keyOfName('Face Book')).toBe(keyOfName('facebook'));
    expect(keyOfName('Face Book')).not.toBe(keyOfName('Facebooks'));
    expect(keyOfGivenName('Face Book')).toBe(keyOfName('Facebook'));
    expect(ofText('FACE BOOK').key).toBe(keyOfName('Facebook'));
  });

  it('of a merchant with an id goes with that of its words, where those are another', () => {
    const spoken = (given: Partial<Transaction>) =>
      counterpartyOf(sampleTransaction({ merchantEntityId: 'e1', ...given })).spoken;
    expect(spoken({ merchantName: 'Facebook', description: 'FACE BOOK' })).toBeNull();
    expect(spoken({ merchantName: 'Netflix', description: 'NETFLIX.COM' })).toBeNull();
    expect(spoken({ merchantName: 'Anytime Gym', description: 'POS PLANET FIT 4488' })).toBe(keyOfName('Planet Fit'));
    expect(spoken({ merchantName: 'Anytime Gym', remittance: ['PLANET FIT'] })).toBe(keyOfName('Planet Fit'));
    expect(spoken({ description: 'PLANET FIT' })).toBe(keyOfName('Planet Fit'));
    expect(spoken({ merchantName: 'Spotify', description: 'PAYPAL INST XFER' })).toBeNull();
    expect(spoken({ merchantName: 'Netflix' })).toBeNull();
    // Letters that are as many are not the same yet.
    expect(spoken({ merchantName: 'Netflix', description: 'Spotify' })).toBe(keyOfName('Spotify'));
  });

  it('leaves the place out that the record says', () => {
    const located = counterpartyOf(
      sampleTransaction({ description: 'JOES DINER SPRINGFIELD', location: { city: 'Springfield' } }),
    );
    expect(located).toEqual(ofText('JOES DINER'));
  });
});

describe('the label of a counterparty', () => {
  it.each([
    ['CHECKCARD 0312 TARGET 00012345 SEATTLE WA 24055234', 'Target'],
    ['SQ *BLUE BOTTLE COFFEE San Francisco CA', 'Blue Bottle Coffee'],
    ['ATM WITHDRAWAL 00123 MAIN ST', null],
    ['MONTHLY SERVICE FEE', null],
    ['12345678', null],
    ['', null],
  ])('of %s is %s', (text, label) => {
    expect(ofText(text).label).toBe(label);
  });

  it('is the name as it was given, in one line and not longer than is read', () => {
    expect(ofName(' Trader\n Joe’s ').label).toBe('Trader Joe’s');
    expect(ofName('x'.repeat(500)).label).toHaveLength(32);
    expect(ofName('x'.repeat(32)).label).toBe('x'.repeat(32));
    expect(ofName(`${'x'.repeat(31)} yyy`).label).toBe('x'.repeat(31));
  });
});

describe('names in scripts without spaces', () => {
  it('stand behind the way of payment, and are told apart', () => {
    expect(['口座振替 トウキヨウガス', '口座振替ソフトバンク', 'デビット 123456 ｾﾌﾞﾝｲﾚﾌﾞﾝ'].map(ofJapanese)).toEqual([
      'トウキヨウガス',
      'ソフトバンク',
      'セブンイレブン',
    ]);
    expect(ofText('口座振替 トウキヨウガス').key).not.toBe(ofText('口座振替 ソフトバンク').key);
    expect(ofText('口座振替 ソフトバンク').key).toBe(ofText('デビット 991234 ソフトバンク').key);
    expect(ofText('ΔΕΗ 123456').label).toBe('Δεη');
  });
});

describe('what stands behind a name', () => {
  it.each([
    ['POS DEBIT DROPBOX*EUHXBDGF8 DB.TT/CCHELP 06/26', 'Dropbox'],
    ['PRLV SEPA ORANGE SA ECH 327464 3635381', 'Orange'],
    ['Autogiro VATTENFALL AB OCR 937314917', 'Vattenfall'],
    ['AvtaleGiro TELENOR KID 0012345678', 'Telenor'],
    ['BRITISH GAS A/C 850012345', 'British Gas'],
  ])('in %s is none of it', (text, label) => {
    expect(ofText(text).label).toBe(label);
  });
});
