package main

import (
	"fmt"
	"time"
)

// A valid page in our words. What cannot be read exactly is set aside.

type normaliseContext struct {
	connectionID  string
	institutionID string
	known         []account
	latestDate    string // anything later is implausible
}

type canonicalPage struct {
	added, modified []transaction
	removed         []string
	accounts        []account
	quarantined     []quarantined
}

// fault: why a record cannot be read exactly, and at which of its members; never with a value.
type fault struct{ reason, member, received string }

var expectations = map[string]string{
	"SCHEMA":                "well-formed Unicode",
	reasonInexact:           "an amount of at most 34 digits and 18 decimals",
	reasonCurrencyUnknown:   "a currency that money can be in",
	reasonCurrencyAmbiguous: "one currency code, not two",
	reasonSuspectScale:      "no decimals in a currency that has none",
	"ACCOUNT_UNKNOWN":       "an account of this connection",
	"DATE_INVALID":          "a calendar date, YYYY-MM-DD",
	"ID_BLANK":              "an id that is not blank",
}

const (
	plausibleDaysAhead = 2
	earliestDate       = "1970-01-01"
)

func latestPlausible(now time.Time) string {
	return now.UTC().AddDate(0, 0, plausibleDaysAhead).Format(time.DateOnly)
}

func normalisePage(page *syncPage, ctx normaliseContext) canonicalPage {
	out := canonicalPage{removed: []string{}, quarantined: page.refused}
	setAside := func(list string, index int, record *jsonValue, f fault) {
		out.quarantined = append(out.quarantined, quarantined{
			Path:   fmt.Sprintf("$input.%s[%d]%s", list, index, f.member),
			Reason: f.reason, Expected: expectations[f.reason], Received: f.received, Redacted: redact(record),
		})
	}

	known := make(map[string]*account, len(ctx.known))
	accountIDs := make(map[string]string, len(ctx.known)+len(page.accounts))
	for i := range ctx.known {
		known[ctx.known[i].ProviderAccountID] = &ctx.known[i]
		accountIDs[ctx.known[i].ProviderAccountID] = ctx.known[i].AccountID
	}
	accounts := make([]account, 0, len(page.accounts))
	for i, wire := range page.accounts {
		if wire == nil {
			continue
		}
		read, faults := normaliseAccount(wire, ctx.institutionID, known)
		for _, f := range faults {
			setAside("accounts", i, wire, f)
		}
		if read != nil {
			accounts = append(accounts, *read)
			accountIDs[read.ProviderAccountID] = read.AccountID
		}
	}
	out.accounts = mergeAccounts(make([]account, 0, len(accounts)), accounts)

	readAll := func(list string, wires []*jsonValue) []transaction {
		transactions := make([]transaction, 0, len(wires))
		for i, wire := range wires {
			if wire == nil {
				continue
			}
			read, f := normaliseTransaction(wire, ctx, accountIDs)
			if f != nil {
				setAside(list, i, wire, *f)
				continue
			}
			transactions = append(transactions, *read)
		}
		return transactions
	}
	out.added, out.modified = latestOfEach(readAll("added", page.added), readAll("modified", page.modified))

	seen := map[string]bool{}
	for i, wire := range page.removed {
		if wire == nil {
			continue
		}
		if isBlank(wire.get("transaction_id").text) {
			setAside("removed", i, wire, fault{"ID_BLANK", ".transaction_id", "string"})
			continue
		}
		id := transactionID(ctx.connectionID, wire.get("account_id").text, wire.get("transaction_id").text)
		if !seen[id] {
			seen[id] = true
			out.removed = append(out.removed, id)
		}
	}
	return out
}

// latestOfEach: of several records under one id the last one counts.
func latestOfEach(added, modified []transaction) ([]transaction, []transaction) {
	last := make(map[string]int, len(added)+len(modified))
	for i := range added {
		last[added[i].TransactionID] = i
	}
	for i := range modified {
		last[modified[i].TransactionID] = len(added) + i
	}
	keep := func(from []transaction, offset int) []transaction {
		kept := make([]transaction, 0, len(from))
		for i := range from {
			if last[from[i].TransactionID] == offset+i {
				kept = append(kept, from[i])
			}
		}
		return kept
	}
	return keep(added, 0), keep(modified, len(added))
}

func illFormed(record *jsonValue, names ...string) string {
	for _, name := range names {
		if member := record.get(name); member != nil && member.flag && member.kind == jsonText {
			return "." + name
		}
	}
	return ""
}

func normaliseTransaction(wire *jsonValue, ctx normaliseContext, accountIDs map[string]string) (*transaction, *fault) {
	refused := func(reason, member string) (*transaction, *fault) { return nil, &fault{reason, member, "string"} }
	providerID, providerAccountID := wire.get("transaction_id").text, wire.get("account_id").text
	if isBlank(providerID) {
		return refused("ID_BLANK", ".transaction_id")
	}
	ourAccountID, ok := accountIDs[providerAccountID]
	if !ok {
		return refused("ACCOUNT_UNKNOWN", ".account_id")
	}
	meta := wire.get("payment_meta")
	enrichment := wire.get("personal_finance_category")
	if enrichment != nil && enrichment.kind == jsonNull {
		enrichment = nil
	}
	if member := illFormedTransaction(wire, meta, enrichment); member != "" {
		return refused("SCHEMA", member)
	}
	date := wire.get("date").text
	if !isLocalDate(date) {
		return refused("DATE_INVALID", ".date")
	}
	claim := currencyClaim{wire.textOr("iso_currency_code"), wire.textOr("unofficial_currency_code")}
	read, overPrecise, refusal := readMoney(wire.get("amount").text, claim)
	if refusal != "" {
		f := moneyFault(refusal, ".amount", ".iso_currency_code", claim)
		return nil, &f
	}

	t := &transaction{
		AccountID: ourAccountID, ProviderTransactionID: providerID, IDBasis: "provider",
		Amount:              read.negated(), // Plaid's positive is money out
		Direction:           "CRDT",
		Status:              "BOOK",
		MerchantName:        stated(wire.textOr("merchant_name")),
		Description:         stated(wire.textOr("name")),
		BankTransactionCode: stated(wire.textOr("transaction_code")),
		Channel:             stated(wire.textOr("payment_channel")),
		CounterpartyName:    stated(meta.textOr("payer")),
		Remittance:          []string{},
		Flags:               []string{},
		TransactionID:       transactionID(ctx.connectionID, providerAccountID, providerID),
	}
	if t.Amount.isNegative() {
		t.Direction = "DBIT"
		t.CounterpartyName = stated(meta.textOr("payee"))
	}
	for _, name := range [...]string{"reason", "reference_number"} {
		if line := stated(meta.textOr(name)); line != nil {
			t.Remittance = append(t.Remittance, *line)
		}
	}
	if pending := stated(wire.textOr("pending_transaction_id")); pending != nil {
		supersedes := transactionID(ctx.connectionID, providerAccountID, *pending)
		t.Supersedes = &supersedes
	}
	if enrichment != nil {
		t.Category = &category{Primary: enrichment.get("primary").text, Detailed: enrichment.get("detailed").text}
	}
	dropped := t.readTimes(wire, date)
	t.ContentHash = contentHash(t)
	if overPrecise {
		t.Flags = append(t.Flags, "OVER_PRECISE")
	}
	if isImplausible(t.BookingDate, ctx.latestDate) || isImplausible(t.ExecutionDate, ctx.latestDate) {
		t.Flags = append(t.Flags, "IMPLAUSIBLE_DATE")
	}
	if dropped {
		t.Flags = append(t.Flags, "DATE_DROPPED")
	}
	return t, nil
}

func illFormedTransaction(wire, meta, enrichment *jsonValue) string {
	member := illFormed(wire, "transaction_id", "account_id", "pending_transaction_id", "name", "merchant_name",
		"payment_channel", "transaction_code")
	if member == "" {
		if member = illFormed(meta, "payee", "payer", "reason", "reference_number"); member != "" {
			member = ".payment_meta" + member
		}
	}
	if member == "" && enrichment != nil {
		if member = illFormed(enrichment, "primary", "detailed"); member != "" {
			member = ".personal_finance_category" + member
		}
	}
	return member
}

// moneyFault: at the amount, or at the code that says what it is in.
func moneyFault(reason, amountMember, codeMember string, claim currencyClaim) fault {
	if reason != reasonCurrencyUnknown && reason != reasonCurrencyAmbiguous {
		return fault{reason, amountMember, "number"}
	}
	if claim.currency == nil {
		return fault{reason, codeMember, "null"}
	}
	return fault{reason, codeMember, "string"}
}

// readTimes: while pending, `date` and `datetime` say when it happened; once posted, when it was booked.
func (t *transaction) readTimes(wire *jsonValue, date string) (dropped bool) {
	keep := func(name string, isValid func(string) bool) *string {
		text := wire.textOr(name)
		if text == nil || isValid(*text) {
			return text
		}
		dropped = true
		return nil
	}
	keepTime := func(name string) *string {
		text := keep(name, isDateTime)
		if text != nil && isMidnight(*text) {
			return nil // filler of banks without times
		}
		return text
	}
	authorizedDate := keep("authorized_date", isLocalDate)
	authorizedTime := keepTime("authorized_datetime")
	at := keepTime("datetime")
	if wire.isTrue("pending") {
		t.Status = "PDNG"
		t.ExecutionDate, t.ExecutionDateTime = authorizedDate, authorizedTime
		if t.ExecutionDate == nil {
			t.ExecutionDate = &date
		}
		if t.ExecutionDateTime == nil {
			t.ExecutionDateTime = at
		}
		return dropped
	}
	t.BookingDate, t.ExecutionDate = &date, authorizedDate
	t.BookingDateTime, t.ExecutionDateTime = at, authorizedTime
	return dropped
}

// isImplausible: text order is date order, as all are YYYY-MM-DD.
func isImplausible(date *string, latest string) bool {
	return date != nil && (*date < earliestDate || *date > latest)
}

var (
	savings   = setOf("savings", "money market", "cd", "hsa")
	mortgages = setOf("mortgage", "home equity")
)

func kindOf(wire *jsonValue) (kind, nature string) {
	subtype := ""
	if text := wire.textOr("subtype"); text != nil {
		subtype = *text
	}
	switch wire.get("type").text {
	case "depository":
		if savings[subtype] {
			return "SVGS", "asset"
		}
		return "CACC", "asset"
	case "credit":
		return "CARD", "liability"
	case "loan":
		if mortgages[subtype] {
			return "MORT", "liability"
		}
		return "LOAN", "liability"
	}
	return "OTHR", "asset"
}

func normaliseAccount(wire *jsonValue, institutionID string, known map[string]*account) (*account, []fault) {
	providerID := wire.get("account_id").text
	if isBlank(providerID) {
		return nil, []fault{{"ID_BLANK", ".account_id", "string"}}
	}
	if member := illFormed(wire, "account_id", "persistent_account_id", "name", "mask"); member != "" {
		return nil, []fault{{"SCHEMA", member, "string"}}
	}
	kind, nature := kindOf(wire)
	a := &account{
		ProviderAccountID: providerID, Type: kind, Nature: nature,
		Name: stated(wire.textOr("name")), Mask: stated(wire.textOr("mask")), Balances: []balance{},
	}
	// An account keeps the id it first got, also when the bank starts or stops sending a persistent id.
	if before := known[providerID]; before != nil {
		a.AccountID, a.IdentityBasis = before.AccountID, before.IdentityBasis
	} else if persistent := stated(wire.textOr("persistent_account_id")); persistent != nil {
		a.IdentityBasis = "persistentId"
		a.AccountID = accountID(institutionID, a.IdentityBasis, *persistent)
	} else {
		a.IdentityBasis = "providerId"
		a.AccountID = accountID(institutionID, a.IdentityBasis, providerID)
	}

	balances := wire.get("balances")
	claim := currencyClaim{balances.textOr("iso_currency_code"), balances.textOr("unofficial_currency_code")}
	if _, refusal := claim.read(); refusal == "" {
		a.Currency = claim.currency
	}
	var faults []fault
	read := func(name string) *money {
		number := balances.get(name)
		if number.kind == jsonNull {
			return nil
		}
		amount, _, refusal := readMoney(number.text, claim)
		if refusal == "" {
			return &amount
		}
		f := moneyFault(refusal, ".balances."+name, ".balances.iso_currency_code", claim)
		for _, earlier := range faults {
			if earlier.member == f.member {
				return nil // one currency, one fault
			}
		}
		faults = append(faults, f)
		return nil
	}
	current, available := read("current"), read("available")
	shared := balance{CreditLine: read("limit"), AsOfBasis: "item-update"}
	if at := balances.textOr("last_updated_datetime"); at != nil && isDateTime(*at) {
		shared.AsOf, shared.AsOfBasis = at, "provider"
	}
	if current != nil {
		b := shared
		b.BalanceType, b.SourceType, b.Amount = "ITBD", "current", *current
		if nature == "liability" { // what is owed comes as a positive number
			b.Amount = current.negated()
		}
		a.Balances = append(a.Balances, b)
	}
	if available != nil {
		b := shared
		b.BalanceType, b.SourceType, b.Amount = "ITAV", "available", *available
		b.CreditIncluded = wire.get("type").text == "credit"
		a.Balances = append(a.Balances, b)
	}
	return a, faults
}
