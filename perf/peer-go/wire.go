package main

import "strconv"

// Plaid's wire format (API version 2020-09-14), as rules over parsed JSON: what must be there, of which type, how long at
// most. The same members and limits as libs/validation/src/plaid/wire-types.ts.

type want uint8

const (
	wantText want = iota
	wantNumber
	wantBool
	wantList
	wantObject
	wantObjects
	wantAnything
)

type rule struct {
	name               string
	want               want
	maxUnits           int
	optional, nullable bool
	of                 *shape
}

type shape struct {
	rules []rule
	known map[string]int
}

func shapeOf(rules ...rule) *shape {
	known := make(map[string]int, len(rules))
	for i, r := range rules {
		known[r.name] = i
	}
	return &shape{rules, known}
}

const (
	idUnits     = 256
	textUnits   = 4096
	cursorUnits = 1024
)

func id(name string) rule     { return rule{name: name, want: wantText, maxUnits: idUnits} }
func text(name string) rule   { return rule{name: name, want: wantText, maxUnits: textUnits} }
func number(name string) rule { return rule{name: name, want: wantNumber} }

func (r rule) orNull() rule   { r.nullable = true; return r }
func (r rule) orAbsent() rule { r.optional = true; return r }

var (
	envelopeShape = shapeOf(
		rule{name: "added", want: wantList},
		rule{name: "modified", want: wantList},
		rule{name: "removed", want: wantList},
		rule{name: "accounts", want: wantList},
		rule{name: "next_cursor", want: wantText, maxUnits: cursorUnits},
		rule{name: "has_more", want: wantBool},
		id("request_id"),
		text("transactions_update_status"),
	)
	paymentMetaShape = shapeOf(
		text("by_order_of").orNull().orAbsent(),
		text("payee").orNull().orAbsent(),
		text("payer").orNull().orAbsent(),
		text("payment_method").orNull().orAbsent(),
		text("payment_processor").orNull().orAbsent(),
		text("ppd_id").orNull().orAbsent(),
		text("reason").orNull().orAbsent(),
		text("reference_number").orNull().orAbsent(),
	)
	financeCategoryShape = shapeOf(
		text("primary"),
		text("detailed"),
		text("confidence_level").orNull().orAbsent(),
		text("version").orNull().orAbsent(),
	)
	locationShape = shapeOf(
		text("address").orNull().orAbsent(),
		text("city").orNull().orAbsent(),
		text("region").orNull().orAbsent(),
		text("postal_code").orNull().orAbsent(),
		text("country").orNull().orAbsent(),
		number("lat").orNull().orAbsent(),
		number("lon").orNull().orAbsent(),
		text("store_number").orNull().orAbsent(),
	)
	counterpartyShape = shapeOf(
		text("name"),
		text("type"),
		text("entity_id").orNull().orAbsent(),
		text("logo_url").orNull().orAbsent(),
		text("website").orNull().orAbsent(),
		text("phone_number").orNull().orAbsent(),
		text("confidence_level").orNull().orAbsent(),
		rule{name: "account_numbers", want: wantAnything, optional: true},
	)
	transactionShape = shapeOf(
		id("transaction_id"),
		id("pending_transaction_id").orNull(),
		id("account_id"),
		number("amount"),
		text("iso_currency_code").orNull(),
		text("unofficial_currency_code").orNull(),
		text("date"),
		text("datetime").orNull(),
		text("authorized_date").orNull(),
		text("authorized_datetime").orNull(),
		rule{name: "pending", want: wantBool},
		text("name"),
		text("merchant_name").orNull().orAbsent(),
		text("original_description").orNull().orAbsent(),
		text("payment_channel"),
		rule{name: "payment_meta", want: wantObject, of: paymentMetaShape},
		text("transaction_code").orNull(),
		rule{name: "personal_finance_category", want: wantObject, of: financeCategoryShape, nullable: true, optional: true},
		rule{name: "location", want: wantObject, of: locationShape},
		text("account_owner").orNull(),
		text("check_number").orNull().orAbsent(),
		rule{name: "counterparties", want: wantObjects, of: counterpartyShape, nullable: true, optional: true},
		text("merchant_entity_id").orNull().orAbsent(),
		text("logo_url").orNull().orAbsent(),
		text("website").orNull().orAbsent(),
		text("personal_finance_category_icon_url").orNull().orAbsent(),
		text("transaction_type").orNull().orAbsent(),
		rule{name: "category", want: wantAnything, optional: true},
		rule{name: "category_id", want: wantAnything, optional: true},
	)
	removedShape  = shapeOf(id("transaction_id"), id("account_id"))
	balancesShape = shapeOf(
		number("available").orNull(),
		number("current").orNull(),
		number("limit").orNull(),
		text("iso_currency_code").orNull(),
		text("unofficial_currency_code").orNull(),
		text("last_updated_datetime").orNull().orAbsent(),
	)
	accountShape = shapeOf(
		id("account_id"),
		rule{name: "balances", want: wantObject, of: balancesShape},
		text("mask").orNull(),
		text("name"),
		text("official_name").orNull(),
		text("type"),
		text("subtype").orNull(),
		id("persistent_account_id").orNull().orAbsent(),
		text("holder_category").orNull().orAbsent(),
		text("verification_status").orNull().orAbsent(),
		text("verification_name").orNull().orAbsent(),
		rule{name: "verification_insights", want: wantAnything, optional: true},
	)
)

// Values that Plaid has published; others are accepted and counted.
var (
	updateStatuses = setOf("TRANSACTIONS_UPDATE_STATUS_UNKNOWN", "NOT_READY", "INITIAL_UPDATE_COMPLETE",
		"HISTORICAL_UPDATE_COMPLETE")
	paymentChannels  = setOf("online", "in store", "other")
	transactionCodes = setOf("adjustment", "atm", "bank charge", "bill payment", "cash", "cashback", "cheque",
		"direct debit", "interest", "payment", "purchase", "refund", "standing order", "transfer")
	accountTypes = setOf("depository", "credit", "loan", "investment", "brokerage", "other")
)

func setOf(values ...string) map[string]bool {
	set := make(map[string]bool, len(values))
	for _, value := range values {
		set[value] = true
	}
	return set
}

// issue is the first thing wrong with a document: never with a value, which may be a name.
type issue struct{ path, expected, received string }

// most rules of one shape; `check` keeps its slots on the stack
const maxRules = 32

// check holds a value to a shape. Members that the shape does not name are added to unknown.
func (s *shape) check(v *jsonValue, path string, unknown *int) *issue {
	if v.kind != jsonObject {
		return &issue{path, "object", v.kind.String()}
	}
	var slots [maxRules]*jsonValue
	for i := range v.members {
		member := &v.members[i]
		if slot, ok := s.known[member.name]; ok {
			slots[slot] = &member.value
		} else if v.get(member.name) == &member.value { // given twice it counts once
			*unknown++
		}
	}
	for i := range s.rules {
		if found := s.rules[i].check(slots[i], path, unknown); found != nil {
			return found
		}
	}
	return nil
}

func (r *rule) check(v *jsonValue, parent string, unknown *int) *issue {
	switch {
	case v == nil:
		if r.optional {
			return nil
		}
		return &issue{parent + "." + r.name, r.expectation(), "absent"}
	case v.kind == jsonNull && r.nullable, r.want == wantAnything:
		return nil
	case !r.fits(v):
		return &issue{parent + "." + r.name, r.expectation(), v.kind.String()}
	case r.want == wantObject:
		return r.of.check(v, parent+"."+r.name, unknown)
	case r.want == wantObjects:
		for i := range v.items {
			path := parent + "." + r.name + "[" + strconv.Itoa(i) + "]"
			if found := r.of.check(&v.items[i], path, unknown); found != nil {
				return found
			}
		}
	}
	return nil
}

func (r *rule) fits(v *jsonValue) bool {
	switch r.want {
	case wantText:
		return v.kind == jsonText && (len(v.text) <= r.maxUnits || utf16Len(v.text) <= r.maxUnits)
	case wantNumber:
		return v.kind == jsonNumber
	case wantBool:
		return v.kind == jsonBool
	case wantObject:
		return v.kind == jsonObject
	default:
		return v.kind == jsonArray
	}
}

func (r *rule) expectation() string {
	expected := [...]string{"string", "number", "boolean", "array", "object", "array", "anything"}[r.want]
	if r.want == wantText {
		expected += " (up to " + strconv.Itoa(r.maxUnits) + ")"
	}
	if r.nullable {
		expected += " | null"
	}
	if r.optional {
		expected += " | absent"
	}
	return expected
}
