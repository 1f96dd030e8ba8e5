package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"golang.org/x/text/unicode/norm"
)

// canonicalJSON is RFC 8785 for our model: structs whose members stand in order, integers, texts. No spaces, nothing escaped
// that need not be.
func canonicalJSON(value any) []byte {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // a type that JSON cannot say: a defect of this program
	}
	return unescapeSeparators(bytes.TrimSuffix(buffer.Bytes(), []byte("\n")))
}

// encoding/json escapes U+2028 and U+2029 whatever it is told; canonical JSON does not.
func unescapeSeparators(text []byte) []byte {
	if !bytes.Contains(text, []byte(`\u202`)) {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			out = append(out, text[i])
			continue
		}
		switch rest := text[i:]; {
		case bytes.HasPrefix(rest, []byte(`\u2028`)):
			out, i = append(out, "\u2028"...), i+5
		case bytes.HasPrefix(rest, []byte(`\u2029`)):
			out, i = append(out, "\u2029"...), i+5
		default:
			out, i = append(out, rest[:2]...), i+1
		}
	}
	return out
}

// hashParts is SHA-256 over the parts, each with its length in bytes in front.
func hashParts(parts ...string) string {
	size := 0
	for _, part := range parts {
		size += len(part) + 8
	}
	text := make([]byte, 0, size)
	for _, part := range parts {
		text = strconv.AppendInt(text, int64(len(part)), 10)
		text = append(text, ':')
		text = append(text, part...)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func entryHash(previousHash, pk, sk, body string) string {
	return hashParts(previousHash, pk, sk, body)
}

const shortHashChars = 22

// tupleHash names what a tuple of texts identifies; lengths are in UTF-16 units.
func tupleHash(parts ...string) string {
	var text []byte
	for _, part := range parts {
		text = strconv.AppendInt(text, int64(utf16Len(part)), 10)
		text = append(text, ':')
		text = append(text, part...)
	}
	return shortHash(text)
}

func shortHash(text []byte) string {
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:])[:shortHashChars]
}

func transactionID(connectionID, accountID, id string) string {
	return tupleHash("t1", "plaid", connectionID, accountID, id)
}

func accountID(institutionID, identityBasis, identifier string) string {
	return tupleHash("a1", "plaid", institutionID, identityBasis, identifier, "")
}

// said is what a transaction's content hash covers: facts, not ids or enrichment; absent facts do not count.
type said struct {
	Amount              [4]any   `json:"amount"`
	BankTransactionCode *string  `json:"bankTransactionCode,omitempty"`
	BookingDate         *string  `json:"bookingDate,omitempty"`
	BookingDateTime     *string  `json:"bookingDateTime,omitempty"`
	CounterpartyName    *string  `json:"counterpartyName,omitempty"`
	Description         *string  `json:"description,omitempty"`
	ExecutionDate       *string  `json:"executionDate,omitempty"`
	ExecutionDateTime   *string  `json:"executionDateTime,omitempty"`
	MerchantName        *string  `json:"merchantName,omitempty"`
	Remittance          []string `json:"remittance"`
	Status              string   `json:"status"`
	ValueDate           *string  `json:"valueDate,omitempty"`
}

func contentHash(t *transaction) string {
	remittance := make([]string, len(t.Remittance))
	for i, line := range t.Remittance {
		remittance[i] = norm.NFC.String(line)
	}
	content := said{
		Amount:              [4]any{t.Amount.Minor, t.Amount.Exponent, t.Amount.Currency, t.Amount.UnofficialCurrency},
		BankTransactionCode: nfc(t.BankTransactionCode),
		BookingDate:         t.BookingDate,
		BookingDateTime:     t.BookingDateTime,
		CounterpartyName:    nfc(t.CounterpartyName),
		Description:         nfc(t.Description),
		ExecutionDate:       t.ExecutionDate,
		ExecutionDateTime:   t.ExecutionDateTime,
		MerchantName:        nfc(t.MerchantName),
		Remittance:          remittance,
		Status:              t.Status,
		ValueDate:           t.ValueDate,
	}
	return shortHash(append([]byte("c1"), canonicalJSON(content)...))
}

func nfc(text *string) *string {
	if text == nil || norm.NFC.IsNormalString(*text) {
		return text
	}
	normal := norm.NFC.String(*text)
	return &normal
}
