/**
 * ISO 4217 currencies that money can be in, with their minor units. A table of our own: `Intl.NumberFormat` follows
 * CLDR, which reports 0 decimals for HUF (ISO: 2) and has differed for 16 circulating currencies between Node versions.
 */

/** ISO 4217 list one as of 2026-01, plus the fund codes with a minor unit. */
const TWO_DECIMALS =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP ' +
  'CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES ' +
  'KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK ' +
  'NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB ' +
  'TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ' +
  'BOV CHE CHW COU MXV USN';

/** Withdrawn since 2021, and still found in the histories that banks send. */
const TWO_DECIMALS_WITHDRAWN = 'ANG BGN CUC HRK SLL ZWL';

const NO_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF';
const THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND';
const FOUR_DECIMALS = 'CLF UYW';

const exponents: ReadonlyMap<string, number> = new Map(
  (
    [
      [NO_DECIMALS, 0],
      [TWO_DECIMALS, 2],
      [TWO_DECIMALS_WITHDRAWN, 2],
      [THREE_DECIMALS, 3],
      [FOUR_DECIMALS, 4],
    ] as const
  ).flatMap(([codes, exponent]) => codes.split(' ').map((code) => [code, exponent] as const)),
);

/**
 * @param code ISO 4217, upper case
 * @returns decimals of the currency; `undefined` for an unknown code and for those no account is kept in (XXX, XTS,
 *   XDR, metals), which have no minor unit
 */
export function currencyExponent(code: string): number | undefined {
  return exponents.get(code);
}
