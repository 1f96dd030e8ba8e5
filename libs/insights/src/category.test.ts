import type { Transaction } from '@quartersec/validation';
import { describe, expect, it } from 'vitest';
import { categoryOf } from './category.ts';
import { sampleTransaction } from './testing/sample-transaction.ts';

const of = (given: Parameters<typeof sampleTransaction>[0]) => categoryOf(sampleTransaction(given));
const plaid = (primary: string, detailed: string): Partial<Transaction> => ({ category: { primary, detailed } });

describe('a category', () => {
  it.each([
    ['INCOME', 'INCOME_WAGES', 'income'],
    ['OTHER', 'INCOME_TAX_REFUND', 'income'],
    ['TRANSFER_IN', 'TRANSFER_IN_DEPOSIT', 'cash'],
    ['TRANSFER_IN', 'TRANSFER_IN_OTHER_TRANSFER_IN', 'transfer'],
    ['OTHER', 'ENTERTAINMENT_MUSIC_AND_AUDIO', 'entertainment'],
    ['FOOD_AND_DRINK', 'FOOD_AND_DRINK_BEER_WINE_AND_LIQUOR', 'groceries'],
    ['INCOME', 'INCOME_INTEREST_EARNED', 'interest'],
    ['TRANSFER_OUT', 'TRANSFER_OUT_WITHDRAWAL', 'cash'],
    ['TRANSFER_IN', 'TRANSFER_IN_CASH_ADVANCES_AND_LOANS', 'loan'],
    ['LOAN_PAYMENTS', 'LOAN_PAYMENTS_CREDIT_CARD_PAYMENT', 'transfer'],
    ['LOAN_PAYMENTS', 'LOAN_PAYMENTS_CAR_PAYMENT', 'loan'],
    ['BANK_FEES', 'BANK_FEES_INTEREST_CHARGE', 'interest'],
    ['BANK_FEES', 'BANK_FEES_OVERDRAFT_FEES', 'fees'],
    ['FOOD_AND_DRINK', 'FOOD_AND_DRINK_GROCERIES', 'groceries'],
    ['FOOD_AND_DRINK', 'FOOD_AND_DRINK_COFFEE', 'dining'],
    ['GENERAL_MERCHANDISE', 'GENERAL_MERCHANDISE_CONVENIENCE_STORES', 'groceries'],
    ['GENERAL_SERVICES', 'GENERAL_SERVICES_INSURANCE', 'insurance'],
    ['RENT_AND_UTILITIES', 'RENT_AND_UTILITIES_RENT', 'housing'],
    ['RENT_AND_UTILITIES', 'RENT_AND_UTILITIES_GAS_AND_ELECTRICITY', 'utilities'],
    ['PERSONAL_CARE', 'PERSONAL_CARE_GYMS_AND_FITNESS_CENTERS', 'health'],
    ['TRANSPORTATION', 'TRANSPORTATION_GAS', 'transport'],
    ['utilities', 'water', 'utilities'],
  ])("is the provider's: %s, %s", (primary, detailed, category) => {
    expect(of({ ...plaid(primary, detailed), description: 'Netflix' }).category).toBe(category);
  });

  it('is by rule where the provider has a word that says nothing', () => {
    expect(of({ ...plaid('OTHER_THINGS', 'OTHER_THINGS_NEW'), description: 'Netflix' }).category).toBe('entertainment');
  });

  it.each([
    ['PMNT-CCRD-CWDL', 'cash'],
    ['PMNT-RCDT-SALA', 'income'],
    ['ACMT-MDOP-CHRG', 'fees'],
    ['ACMT-MCOP-INTR', 'interest'],
    ['atm', 'cash'],
    ['bank charge', 'fees'],
    ['interest', 'interest'],
    ['purchase', 'other'],
  ])('is by the bank transaction code %s', (bankTransactionCode, category) => {
    expect(of({ bankTransactionCode }).category).toBe(category);
  });

  it.each([
    ['3000', 'travel', 'United Airlines'],
    ['3350', 'travel', 'the last airline'],
    ['3351', 'travel', 'the first car rental'],
    ['3441', 'travel', 'the last car rental'],
    ['3501', 'travel', 'the first hotel'],
    ['3999', 'travel', 'the last hotel'],
    ['4011', 'transport', 'railways for goods'],
    ['4111', 'transport', 'commuter trains'],
    ['4121', 'transport', 'taxis'],
    ['4131', 'transport', 'buses'],
    ['4411', 'travel', 'cruises'],
    ['4511', 'travel', 'other airlines'],
    ['4722', 'travel', 'travel agencies'],
    ['4723', 'travel', 'package tours'],
    ['4784', 'transport', 'tolls'],
    ['4789', 'transport', 'other transport'],
    ['4812', 'utilities', 'telephones'],
    ['4816', 'utilities', 'internet access'],
    ['4829', 'transfer', 'wires and money orders'],
    ['4899', 'utilities', 'cable television'],
    ['4900', 'utilities', 'electricity, gas and water'],
    ['5013', 'shopping', 'car parts'],
    ['5411', 'groceries', 'supermarkets'],
    ['5422', 'groceries', 'butchers'],
    ['5499', 'groceries', 'other food shops'],
    ['5541', 'transport', 'fuel'],
    ['5542', 'transport', 'fuel dispensers'],
    ['5552', 'transport', 'charging of electric vehicles'],
    ['5732', 'shopping', 'electronics'],
    ['5811', 'dining', 'caterers'],
    ['5812', 'dining', 'restaurants'],
    ['5814', 'dining', 'fast food'],
    ['5815', 'entertainment', 'digital books, films and music'],
    ['5818', 'entertainment', 'digital goods'],
    ['5912', 'health', 'pharmacies'],
    ['5921', 'groceries', 'liquor'],
    ['5960', 'insurance', 'insurance sold directly'],
    ['5968', 'services', 'subscriptions sold directly'],
    ['5999', 'shopping', 'other shops'],
    ['6010', 'cash', 'cash at a counter'],
    ['6011', 'cash', 'cash machines'],
    ['6012', 'loan', 'financial institutions'],
    ['6300', 'insurance', 'insurers'],
    ['6399', 'insurance', 'other insurers'],
    ['6513', 'housing', 'rents'],
    ['6531', 'transfer', 'payments to people'],
    ['6540', 'transfer', 'money put on a card'],
    ['7011', 'travel', 'other hotels'],
    ['7033', 'travel', 'camping'],
    ['7200', 'services', 'laundry and more'],
    ['7298', 'services', 'spas'],
    ['7512', 'travel', 'car rental'],
    ['7519', 'travel', 'rental of campers'],
    ['7523', 'transport', 'parking'],
    ['7549', 'transport', 'towing'],
    ['7832', 'entertainment', 'cinemas'],
    ['7999', 'entertainment', 'other recreation'],
    ['8011', 'health', 'doctors'],
    ['8099', 'health', 'other health services'],
    ['8999', 'services', 'professional services'],
    ['9211', 'government', 'courts'],
    ['9311', 'government', 'taxes'],
    ['9402', 'government', 'post'],
    ['0001', 'other', 'none'],
    ['4010', 'other', 'none'],
    ['6013', 'other', 'none'],
    ['6512', 'other', 'none'],
    ['9403', 'other', 'none'],
    ['05411', 'other', 'no code'],
    ['5411.0', 'other', 'no code'],
    ['abc', 'other', 'no code'],
  ])('is by the merchant category code %s: %s (%s)', (merchantCategoryCode, category) => {
    expect(of({ merchantCategoryCode }).category).toBe(category);
  });

  it.each([
    ['MONTHLY SERVICE FEE', 'fees'],
    ['Kontoführungsgebühr', 'fees'],
    ['FRAIS DE TENUE DE COMPTE', 'fees'],
    ['OVERDRAFT INTEREST', 'interest'],
    ['Sollzinsen 01.01.-31.03.', 'interest'],
    ['ATM WITHDRAWAL 00123', 'cash'],
    ['RETRAIT DAB 12/03 PARIS', 'cash'],
    ['Miete März 2024', 'housing'],
    ['HUUR APRIL', 'housing'],
    ['STADTWERKE MÜNCHEN ABSCHLAG STROM', 'utilities'],
    ['PRLV SEPA EDF', 'utilities'],
    ['OCTOPUS ENERGY', 'utilities'],
    ['HUK-COBURG VERSICHERUNG', 'insurance'],
    ['ZILVEREN KRUIS ZORGVERZEKERING', 'insurance'],
    ['REWE SAGT DANKE', 'groceries'],
    ['BIEDRONKA 123', 'groceries'],
    ['UBER *EATS', 'dining'],
    ['COFFEECOMPANY UTRECHT', 'dining'],
    ['BETALNING ANNA BERG', 'other'],
    ['BETTYS TEA ROOMS', 'other'],
    ['BET365 STOKE', 'entertainment'],
    ['FPO ROBIN COSTA 558679240', 'transfer'],
    ['REND PAGO APLIC AUT MAIS', 'interest'],
    ['UBER *TRIP', 'transport'],
    ['RENFE VIAJEROS', 'transport'],
    ['NETFLIX.COM', 'entertainment'],
    ['APOTHEKE AM MARKT', 'health'],
    ['BASIC-FIT NEDERLAND', 'health'],
    ['RYANAIR FR1234', 'travel'],
    ['FINANZAMT KOELN', 'government'],
    ['IKEA', 'shopping'],
    ['HYPOTHEEK 123', 'loan'],
    ['Zelle payment to John', 'transfer'],
    ['ACH WITHDRAWAL ACME CLUB', 'other'],
    ['POS WITHDRAWAL KROGER 123', 'groceries'],
    ['WITHDRAWAL ACH VERIZON', 'utilities'],
    ['WITHDRAWAL 12/03 MAIN ST', 'cash'],
    ['FINANCE CHARGES', 'interest'],
    ['Debiterad ränta', 'interest'],
    ['Årsavgift kort', 'fees'],
    ['RECIBO CANAL DE ISABEL II', 'utilities'],
    ['PRLV CANAL+ FRANCE', 'entertainment'],
    ['口座振替 東京電力', 'utilities'],
    ['ﾌﾘｺﾐ ﾃｽｳﾘﾖｳ 振込手数料', 'fees'],
    ['ATM引出 1234', 'cash'],
    ['TRANSFERENCIA A ROBIN COSTA', 'transfer'],
    ['UPI/DR/123456/XQ TRADERS/PAYMENT', 'transfer'],
    ['UPI/DR/610445437/XQZT/PAYMENT', 'other'], // at a till: nobody transfers money to a shop
    ['UPI/DR/610445437/PRIYA SHARMA/PAYMENT', 'transfer'],
    ['UPI/DR/610445437/HDFC BANK/PAYMENT', 'transfer'],
    ['UPI/DR/610445437/SWIGGY/PAYMENT', 'dining'],
    ['MANDATE UPI XQZT', 'transfer'],
    ['TRANSFERENCIA A ROBIN LIDL', 'transfer'], // people have the names of shops
    ['TRANSFERENCIA A ROBIN IKEA', 'transfer'],
    ['TRANSFERENCIA A ROBIN SHELL', 'transfer'],
    ['TRANSFERENCIA A ROBIN HILTON', 'transfer'],
    ['TRANSFERENCIA A ROBIN NETFLIX', 'transfer'],
    ['PIX ROBIN COSTA', 'dining'], // shops are paid so too
    ['ONLINE TRANSFER TO SAV 1234', 'transfer'],
    ['INTERAC PURCHASE - 4471 XQZT', 'other'],
    ['INTERAC E-TRANSFER SENT XQZT', 'transfer'],
    ['CARD PAYMENT TO PRET A MANGER LONDON ON 12/11', 'dining'], // "prêt" is a loan
    ['REMBOURSEMENT PRET 123', 'loan'],
    ['CB SNCF INTERNET YFCV47HVK 06/10/23', 'transport'], // and no internet
    ['TIM HORTONS #1234', 'dining'], // TIM sells phones
    ['TIM SPA BOLLETTA', 'utilities'],
    ['GAS STATION 44', 'transport'],
    ['TARGET00012345', 'shopping'],
    ['CB H&M4471 LYON', 'shopping'],
    ['CASH WITHDRAWAL FEE', 'fees'], // what kind of payment it is goes before longer names
    ['GOOGLE *YouTubePremium g.co/helppay#', 'entertainment'],
    ['SQ *BLUE BOTTLE COFFEE', 'dining'],
    ['PAYPAL *DELIVEROO 4029357733', 'dining'],
    ['TST* OLIVE GARDEN 0412', 'dining'],
    ['SumUp *Taxi Meyer', 'transport'],
    ['デビット 942354 セブン-イレブン', 'groceries'],
    ['XQZT', 'other'],
  ])('is by the words of %s', (description, category) => {
    expect(of({ description }).category).toBe(category);
  });

  it('is income only for money in, and cash and fees only for money out', () => {
    expect(of({ description: 'ACME SALARY', minor: 200_000 }).category).toBe('income');
    expect(of({ description: 'ACME SALARY' }).category).toBe('other');
    expect(of({ description: 'ATM', minor: 200_000 }).category).toBe('other');
    expect(of({ description: 'MONTHLY SERVICE FEE', minor: 500 }).category).toBe('other');
  });

  it.each(['PIX ROBIN COSTA', 'UPI/CR/610445437/XQZT/PAYMENT'])('is a transfer where %s sent money', (description) => {
    expect(of({ description, minor: 50_00 }).category).toBe('transfer');
  });

  it.each([
    ['the merchant', { merchantName: 'Netflix' }],
    ['the counterparty', { counterpartyName: 'Netflix' }],
    ['the remittance', { remittance: ['XQZT', 'Netflix'] }],
    ['the beginning of a long text', { description: `${'x'.repeat(140)} NETFLIX` }],
  ])('is by the words of %s', (_, given) => {
    expect(of({ description: null, ...given }).category).toBe('entertainment');
  });

  it('is not by what the bank says after 160 characters', () => {
    expect(of({ description: `${'x'.repeat(158)} NETFLIX` }).category).toBe('other');
  });
});

describe('a hint at money moved between accounts', () => {
  it.each([
    ['ONLINE TRANSFER TO SAV 1234', true],
    ['Umbuchung auf Tagesgeld', true],
    ['VIREMENT INTERNE', true],
    ['Naar Oranje spaarrekening', true],
    ['TRASPASO A CUENTA', true],
    ['PAYMENT THANK YOU - WEB', true],
    ['AUTOPAY - THANK YOU', true],
    ['PAYMENT TO CHASE CARD ENDING IN 1234', true],
    ['Abrechnung Ihrer Kreditkarte', true],
    ['RECIBO TARJETA CREDITO', true],
    ['RELEVE CARTE MARS', true],
    ['SPŁATA KARTY KREDYTOWEJ', true],
    ['Betaling kreditkort', true],
    ['Pagamento fatura cartão', true],
    ['振替 本人名義', true],
    ['CARD PAYMENT TO TESCO STORES', false],
    ['COMPRA TARJETA 1234 MERCADONA', false],
    ['FACTURE CARTE DU 120524 CARREFOUR', false],
    ['PŁATNOŚĆ KARTĄ ŻABKA', false],
    ['Zelle payment to John', false],
    ['NETFLIX.COM', false],
  ])('in the words %s: %s', (description, hint) => {
    expect(of({ description }).isTransferLike).toBe(hint);
  });

  it("in the provider's category and in the code of a transfer within the bank", () => {
    expect(of(plaid('TRANSFER_OUT', 'TRANSFER_OUT_ACCOUNT_TRANSFER')).isTransferLike).toBe(true);
    expect(of(plaid('LOAN_PAYMENTS', 'LOAN_PAYMENTS_CREDIT_CARD_PAYMENT')).isTransferLike).toBe(true);
    expect(of(plaid('TRANSFER_OUT', 'TRANSFER_OUT_WITHDRAWAL')).isTransferLike).toBe(false);
    expect(of({ bankTransactionCode: 'PMNT-ICDT-BOOK' }).isTransferLike).toBe(true);
    expect(of({ bankTransactionCode: 'PMNT-ICDT-ESCT' }).isTransferLike).toBe(false);
    expect(of({ bankTransactionCode: 'INTC' }).isTransferLike).toBe(true);
    expect(of({ bankTransactionCode: 'XINTC' }).isTransferLike).toBe(false);
  });

  it.each([
    ['TRANSFER_OUT', true],
    ['TRANSFER_IN_OTHER_TRANSFER_IN', true],
    ['TRANSFER_OUT_INVESTMENT_AND_RETIREMENT_FUNDS', true],
    ['TRANSFER_IN_SAVINGS', true],
    ['TRANSFER_IN_DEPOSIT', false],
    ['TRANSFER_OUTWARDS', false],
    ['LOAN_PAYMENTS_TRANSFER_IN', false],
  ])("in the provider's %s: %j", (detailed, hint) => {
    expect(of(plaid('TRANSFER_OUT', detailed)).isTransferLike).toBe(hint);
  });
});

describe('a foreign charge', () => {
  it('is one by the words, the category, or an amount in another currency than the record has', () => {
    expect(of({ description: 'NON-STERLING TRANSACTION FEE' }).isForeign).toBe(true);
    expect(of({ description: 'INTNL TRANSACTION FEE' }).isForeign).toBe(true);
    expect(of({ description: 'CROSS CURRENCY MARKUP FEE' }).isForeign).toBe(true);
    expect(of({ description: 'Valutapåslag' }).isForeign).toBe(true);
    expect(of({ description: '海外サービス手数料' }).isForeign).toBe(true);
    expect(of({ description: 'INTERNAL TRANSFER' }).isForeign).toBe(false);
    expect(of(plaid('BANK_FEES', 'BANK_FEES_FOREIGN_TRANSACTION_FEES')).isForeign).toBe(true);
    expect(of({ description: 'HOTEL NYC USD 15.99' }).isForeign).toBe(true);
    expect(of({ description: 'TESCO 12.50 EUR' }).isForeign).toBe(false);
    expect(of({ description: 'REWE' }).isForeign).toBe(false);
  });
});

/** Each with and without what may stand in it. */
describe('the many ways of words', () => {
  it.each([
    'TRANSFER TO MY SAVINGS',
    'TRANSFER TO SAVING',
    'TRANSFER FROM CHECKING',
    'TRANSFER FROM MY CURRENT',
    'TRANSFER TO CHK 1',
    'XQ TO SAVINGS',
    'XQ FROM SAVINGS',
    'SAVINGS TRANSFER',
    'ONLINE TRANSFER TO XQ',
    'ONLINE BANKING TRANSFER FROM XQ',
    'OWN ACCOUNT XQ',
    'INTERNAL TRANSFER XQ',
    'BETWEEN ACCOUNTS',
    'EIGENÜBERTRAG',
    'AUF EIGENKONTO',
    'AUF EIGENES KONTO',
    'AUF EIGENEKONTO',
    'ÜBERTRAG AUF XQ',
    'NAAR SPAARPLAN',
    'NAAR ORANJE SPAARPLAN',
    'VAN SPAARPLAN',
    'VAN ORANJE SPAARPLAN',
    'EIGEN REKENING',
    'COMPTE A COMPTE',
    'VERS LIVRET',
    'VERS EPARGNE',
    'LIVRET A',
    'ENTRE CUENTAS',
    'PRZELEW WŁASNY',
    'RACHUNEK WŁASNY',
    'NA KONTO OSZCZĘDNOŚCIOWE',
    'GIROCONTO',
    'SPARPLAN',
    'ROUND UP',
    'ROUNDUP',
    'POT TRANSFER',
    'SPAARPOT',
    'KONTOÜBERTRAG',
    'TILL EGET KONTO',
    'FRA EGEN KONTO',
    'TIL SPAREKONTO',
    'TIL OPSPARING',
    'TIL OPSPARINGSKONTO',
    'FRÅN LÖNEKONTO',
    'EGEN ÖVERFÖRING',
    'MESMA TITULARIDADE',
    'CONTA POUPANCA',
    'CONTO RISPARMIO',
    'TRA CONTI',
    'OMA TILI',
    'OMALLE TILILLE',
    'SÄÄSTÖTILI',
    'SELF TRANSFER',
    'DEPUIS COMPTE',
    'VAN BETAALREKENING',
    '本人口座',
    '自分の口座',
    'CARD PAYMENT THANK YOU',
    'CREDIT CARD PYMT - RECEIVED',
    'PAYMENT THANKS',
    'PAYMENT RECEIVED, THANK YOU',
    'PAYMENT-THANK YOU',
    'PAYMENT RECEIVED',
    'THANK YOU FOR YOUR PAYMENT',
    'AUTOPAY PAYMENT',
    'AUTO PAY PYMT',
    'AUTOPAYMENT, THANK',
    'CREDITCARD PAYMENT',
    'CREDIT CARD PMT',
    'CREDIT CARD BILL',
    'CREDIT CARD AUTOPAY',
    'CREDIT CARD AUTO PAY',
    'EPAYMENT THANK',
    'E-PAYMENT THANK',
    'XQ CC PAYMENT',
    'CC AUTOPAY',
    'PAYMENT TO CARD ENDING 12',
    'PAYMENT TO MY CREDIT CARD',
    'PAYMENT TO XQ CREDIT CARD X12',
    'CARDMEMBER SERV',
    'CRD EPAY',
    'KREDITKARTENABRECHNUNG',
    'KREDITKARTE-AUSGLEICH',
    'KREDITKARTEN RECHNUNG',
    'ABRECHNUNG KREDITKARTE',
    'AUSGLEICH DER KREDITKARTE',
    'RECHNUNG IHRER KREDITKARTE',
    'VISA-ABRECHNUNG',
    'VISAABRECHNUNG',
    'INCASSO CREDITCARD',
    'AFREKENING CREDIT CARD',
    'CREDITCARD AFLOSSING',
    'CREDIT CARD INCASSO',
    'GEINCASSEERD VORIG SALDO',
    'REGLEMENT CARTE',
    'RELEVE DE CARTE',
    'RELEVE DE VOTRE CARTE',
    'DEPENSES CARTE',
    'CARTE DIFFERE',
    'CARTE DEBIT DIFFERE',
    'CARTE A DEBIT DIFFERE',
    'DEBIT DIFFERE',
    'LIQUIDACION TARJETA',
    'LIQ TARJETAS',
    'LIQ. DE TARJETA',
    'RECIBO MENSUAL DE LA TARJETA',
    'EXTRACTO DE SU TARJETA',
    'AMORTIZACION TARJETA',
    'FATURA CARTAO',
    'FATURA DO CARTAO',
    'FATURA DE CARTAO',
    'PAGAMENTO FATURA CARTAO',
    'PAGTO DA FATURA DO CARTAO',
    'PGTO DE FATURA DE CARTAO',
    'ESTRATTO CONTO CARTA',
    'SALDO CARTA',
    'ADDEBITO CARTA DI CREDITO',
    'SPLATA KARTY',
    'SPLATA NA KARTE',
    'SPLATA ZADLUZENIA',
    'KREDITKORTFAKTURA',
    'KREDITKORTS-RÄKNING',
    'KREDITKORT INBETALNING',
    'INBETALNING KREDITKORT',
    'FAKTURA AV KREDITKORTET',
    'LUOTTOKORTTILASKU',
    'LUOTTOKORTTIMAKSU',
    'クレジットカード',
    'カード引落',
  ])('%s moves one’s own money', (description) => {
    expect(of({ description })).toMatchObject({ isTransferLike: true, category: 'transfer' });
  });

  it.each([
    'E-TRANSFER XQ',
    'ETRANSFER XQ',
    'TRANSF XQ',
    'TFR XQ',
    'XFER XQ',
    'CASH APP XQ',
    'UEBERWEISUNG XQ',
    'ÜBERWEISUNG XQ',
    'GUTSCHRIFT XQ',
    'INTERAC E-TR XQ',
    'INTERAC ETRF XQ',
    'KONTO ÜBERTRAG',
    'KONTO UEBERTRAG',
    'INSÄTTNING XQ',
    'CHAPS XQ',
    'OSKO XQ',
    '送金 XQ',
    '振り込み XQ',
    'XQ/FPS/XQ',
    '4TFR4',
  ])('%s is a transfer, and not said to be one’s own', (description) => {
    expect(of({ description, minor: 50_00 })).toMatchObject({ isTransferLike: false, category: 'transfer' });
  });

  it.each(['TFRX', 'XTFR', 'CHAPSTICK'])('%s is none', (description) => {
    expect(of({ description, minor: 50_00 }).category).not.toBe('transfer');
  });

  it.each([
    'NON-STERLING XQ',
    'NON-GBP XQ',
    'AUSLANDSEINSATZ',
    'FREMDWÄHRUNG',
    'CURRENCY CONVERSION',
    'EXCHANGE RATE 1',
    'WECHSELKURS',
    'WISSELKOERS',
    'KOERSOPSLAG',
    'COURS DE CHANGE',
    'HORS ZONE',
    'TIPO DE CAMBIO',
    'DIVISA',
    'PRZEWALUTOWANIE',
    'KURS WYMIANY',
    'FX FEE',
    'FX RATE',
    'INTL FEE',
    "INT'L TRAN",
    'INTL. TRANSACTION',
    'INTNL PURCHASE FEE',
    'INTERNATIONAL SERVICE FEE',
    'COMMISSION INTERNATIONALE',
    'XQ DCC',
    'MARKUP FEE',
    'CROSS-BORDER',
    'CROSS CURRENCY',
    'CURRENCY FEE',
    'CURRENCY CHARGE',
    'CURRENCY MARKUP',
    'CURRENCY MARK UP',
    'OVERSEAS FEE',
    'OVERSEAS TRANSACTION',
    'VREEMDE VALUTA',
    'VALUTAVÄXLING',
    'VALUTATILLÄGG',
    'VALUTAKURS',
    'VALUTAGEBYR',
    'VALUTAAVGIFT',
    'WALUTA',
    'MONEDA EXTRANJERA',
    'MOEDA ESTRANGEIRA',
    'CAMBIO DIVISA',
    'CAMBIO DE MONEDA',
    'OPERACION INTERNACIONAL',
    'OPERACAO INTERNACIONAL',
    'IOF INTERNACIONAL',
    'IOF COMPRA EXTERIOR',
    'VALUTA ESTERA',
    'PAESI EXTRA',
    'HORS UE',
    'HORS EURO',
    '外貨 XQ',
    '為替 XQ',
    'XQ USD 1.5',
    'XQ USD1,5',
    'XQ 12.50 USD',
    'XQ 12,50USD',
    'XQ 1.50 aed',
  ])('%s is of another currency', (description) => {
    expect(of({ description }).isForeign).toBe(true);
  });

  it.each([
    'XQ USD',
    'XQ USDX 1.5',
    'XUSD 1.5',
    'XQ 12.5 USD',
    'XQ 12.50 USDX',
    'XDCC',
    'CAMBIO DE ACEITE',
    'CURRENCY',
  ])('%s is not', (description) => {
    expect(of({ description }).isForeign).toBe(false);
  });

  it.each(['PREAUTHORIZED', 'PRE-AUTHORISED', 'ACH', 'POINT OF SALE', 'BILL PAY', 'BILL PAYMENT', 'E-CHECK', 'ECHECK'])(
    'a %s withdrawal takes no cash',
    (by) => {
      expect(of({ description: `${by} WITHDRAWAL XQ` }).category).toBe('other');
      expect(of({ description: `${by} DEBIT W/D XQ` }).category).toBe('other');
    },
  );

  it.each(['WITHDRAWAL BY CHECK', 'WITHDRAWAL - ONLINE', 'WITHDRAWAL HOME BANKING', 'WITHDRAWAL FOR CHEQUE'])(
    '%s takes none either',
    (description) => {
      expect(of({ description }).category).not.toBe('cash');
    },
  );

  it.each([
    ['ATM', 'cash'],
    ['xatm', 'other'],
    ['atmx', 'other'],
    ['XBANK CHARGE', 'other'],
    ['bank charges', 'other'],
    ['interests', 'other'],
    ['SALA', 'income'],
    ['PMNT/RCDT/PAYR', 'income'],
    ['FEES', 'fees'],
    ['INTR', 'interest'],
    ['LDAS', 'loan'],
    ['PMNT CCRD CDPT', 'cash'],
    ['XFEES', 'other'],
  ])('the code %s says %s', (bankTransactionCode, category) => {
    expect(of({ bankTransactionCode, minor: -50_00 }).category).toBe(category);
  });

  it.each([
    ['MEDICAL_DENTAL_CARE', 'health'],
    ['PERSONAL_CARE_HAIR_AND_BEAUTY', 'services'],
    ['HOME_IMPROVEMENT_FURNITURE', 'shopping'],
    ['GENERAL_MERCHANDISE_PET_SUPPLIES', 'shopping'],
    ['GENERAL_SERVICES_EDUCATION', 'services'],
    ['GOVERNMENT_AND_NON_PROFIT_TAX_PAYMENT', 'government'],
    ['TRAVEL_LODGING', 'travel'],
    ['TRANSFER_IN_DEPOSIT', 'cash'],
  ])('the provider’s %s is %s', (detailed, category) => {
    expect(of({ ...plaid('XQ', detailed) }).category).toBe(category);
  });
});
