package main

import (
	"strconv"
	"strings"
	"unicode"
)

// Exact amounts: integers of minor units, read from the digits that the provider printed.

const (
	literalMaxChars         = 64
	minorMaxDigits          = 34 // as many as a decimal128 holds
	exponentMax             = 18
	unofficialCodeMaxUnits  = 32
	powerMaxDigits          = 4
	reasonInexact           = "AMOUNT_INEXACT"
	reasonCurrencyUnknown   = "CURRENCY_UNKNOWN"
	reasonCurrencyAmbiguous = "CURRENCY_AMBIGUOUS"
	reasonSuspectScale      = "SUSPECT_SCALE"
)

// ISO 4217 list one as of 2026-01, plus fund codes with a minor unit and codes withdrawn since 2021.
var currencyExponents = exponentsOf(map[int]string{
	0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
	2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP " +
		"CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES " +
		"KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK " +
		"NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB " +
		"TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG " +
		"BOV CHE CHW COU MXV USN " +
		"ANG BGN CUC HRK SLL ZWL",
	3: "BHD IQD JOD KWD LYD OMR TND",
	4: "CLF UYW",
})

func exponentsOf(lists map[int]string) map[string]int {
	exponents := map[string]int{}
	for exponent, codes := range lists {
		for code := range strings.FieldsSeq(codes) {
			exponents[code] = exponent
		}
	}
	return exponents
}

// currencyClaim is what a provider says an amount is in: exactly one of the two is set.
type currencyClaim struct{ currency, unofficial *string }

const noOwnExponent = -1

// read says the currency's own exponent (noOwnExponent for an unofficial one), or why it cannot be money's.
func (c currencyClaim) read() (exponent int, refusal string) {
	switch {
	case c.currency != nil && c.unofficial != nil:
		return 0, reasonCurrencyAmbiguous
	case c.currency != nil:
		exponent, ok := currencyExponents[*c.currency]
		if !ok {
			return 0, reasonCurrencyUnknown
		}
		return exponent, ""
	case c.unofficial == nil || isBlank(*c.unofficial) || utf16Len(*c.unofficial) > unofficialCodeMaxUnits:
		return 0, reasonCurrencyUnknown
	}
	return noOwnExponent, ""
}

func readMoney(literal string, claim currencyClaim) (amount money, overPrecise bool, refusal string) {
	own, refusal := claim.read()
	if refusal != "" {
		return money{}, false, refusal
	}
	negative, digits, scale, ok := readDecimal(literal)
	if !ok {
		return money{}, false, reasonInexact
	}
	overPrecise = own != noOwnExponent && scale > own
	if overPrecise && own == 0 {
		return money{}, false, reasonSuspectScale
	}
	exponent := max(own, 0, scale)
	addedZeros := 0
	if digits != "" {
		addedZeros = exponent - scale
	}
	if exponent > exponentMax || len(digits)+addedZeros > minorMaxDigits {
		return money{}, false, reasonInexact
	}
	minor := "0"
	if digits != "" {
		minor = digits + strings.Repeat("0", addedZeros)
	}
	if negative {
		minor = "-" + minor
	}
	return money{claim.currency, exponent, minor, claim.unofficial}, overPrecise, ""
}

// readDecimal: value = digits x 10^-scale with as few digits as needed. The literal has JSON's number grammar already.
func readDecimal(literal string) (negative bool, digits string, scale int, ok bool) {
	if len(literal) > literalMaxChars {
		return false, "", 0, false
	}
	rest, negative := strings.CutPrefix(literal, "-")
	power := 0
	if at := strings.IndexAny(rest, "eE"); at >= 0 {
		if len(strings.TrimLeft(rest[at+1:], "+-")) > powerMaxDigits {
			return false, "", 0, false
		}
		power, _ = strconv.Atoi(rest[at+1:])
		rest = rest[:at]
	}
	whole, fraction, _ := strings.Cut(rest, ".")
	written := whole + fraction
	trimmed := strings.TrimRight(written, "0")
	digits = strings.TrimLeft(trimmed, "0")
	if digits == "" {
		return false, "", 0, true
	}
	return negative, digits, len(fraction) - power - (len(written) - len(trimmed)), true
}

func (m money) negated() money {
	switch {
	case m.Minor == "0":
	case m.Minor[0] == '-':
		m.Minor = m.Minor[1:]
	default:
		m.Minor = "-" + m.Minor
	}
	return m
}

func (m money) isNegative() bool { return m.Minor[0] == '-' }

// isBlank trims what JavaScript's trim does.
func isBlank(text string) bool {
	return strings.TrimFunc(text, func(char rune) bool {
		return char == '\ufeff' || (char != '\u0085' && unicode.IsSpace(char))
	}) == ""
}

// stated is the text, nil where it is absent or blank: then the provider says nothing.
func stated(text *string) *string {
	if text == nil || isBlank(*text) {
		return nil
	}
	return text
}
