import type { Transaction } from '@quartersec/validation';
import { describe, expect, it } from 'vitest';
import { categoryOf } from './category.ts';
import { sampleTransaction } from './testing/sample-transaction.ts';

const of = (given: Parameters<typeof sampleTransaction>[0]) => categoryOf(sampleTransaction(given));
const plaid = (primary: string, detailed: string): Partial<Transaction> => ({ category: { primary, detailed } });

describe('a category', () => {
  it.each([
    ['INCOME', 'INCOME_WAGES', 'income'],
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
    ['5411', 'groceries'],
    ['5812', 'dining'],
    ['5541', 'transport'],
    ['6011', 'cash'],
    ['4900', 'utilities'],
    ['6300', 'insurance'],
    ['5732', 'shopping'],
    ['3058', 'travel'],
    ['8011', 'health'],
    ['9311', 'government'],
    ['7298', 'services'],
    ['0001', 'other'],
    ['abc', 'other'],
  ])('is by the merchant category code %s', (merchantCategoryCode, category) => {
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
