package main

import (
	"fmt"
	"regexp"
	"strings"
)

// A quarantined record as it may be kept: what is not known to be harmless is masked, whatever type it came with.

var redactionShapes = map[string]*regexp.Regexp{
	"id":     regexp.MustCompile(`^[A-Za-z0-9_.:+=/-]{1,128}$`),
	"word":   regexp.MustCompile(`^[A-Za-z0-9_-]+(?: [A-Za-z0-9_-]+){0,3}$`),
	"date":   regexp.MustCompile(`^[0-9]{1,4}[0-9T:.Z+/ -]{0,31}$`),
	"amount": regexp.MustCompile(`^[+-]?[0-9.,]{1,32}(?:[eE][+-]?[0-9]{1,4})?$`),
}

var redactionPolicy = map[string]string{
	"account_id": "id", "persistent_account_id": "id", "transaction_id": "id", "pending_transaction_id": "id",
	"amount": "amount", "available": "amount", "current": "amount", "limit": "amount",
	"iso_currency_code": "id", "unofficial_currency_code": "id",
	"date": "date", "datetime": "date", "authorized_date": "date", "authorized_datetime": "date",
	"last_updated_datetime": "date",
	"payment_channel":       "word", "transaction_code": "word", "transaction_type": "word", "type": "word", "subtype": "word",
	"primary": "word", "detailed": "word", "confidence_level": "word",
}

var memberName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

const (
	redactMaxDepth     = 8
	redactMaxWordUnits = 48
	redactMaxValues    = 300
)

func redact(record *jsonValue) string {
	r := redactor{valuesLeft: redactMaxValues}
	return r.value(record, "", 0)
}

type redactor struct{ valuesLeft int }

func (r *redactor) value(v *jsonValue, rule string, depth int) string {
	r.valuesLeft--
	switch v.kind {
	case jsonNumber:
		if allows(rule, v.text, true) {
			return v.text
		}
		return `"[number]"`
	case jsonText:
		if !v.flag && allows(rule, v.text, false) {
			return string(canonicalJSON(v.text))
		}
		return fmt.Sprintf(`"[%d chars]"`, utf16Len(v.text))
	case jsonBool:
		return fmt.Sprint(v.flag)
	case jsonNull:
		return "null"
	}
	if depth == redactMaxDepth {
		return `"[nested]"`
	}
	if v.kind == jsonArray {
		return r.array(v, rule, depth)
	}
	return r.object(v, depth)
}

func (r *redactor) array(v *jsonValue, rule string, depth int) string {
	var shown []string
	for i := range v.items {
		if r.valuesLeft <= 0 {
			shown = append(shown, `"[cut]"`)
			break
		}
		shown = append(shown, r.value(&v.items[i], rule, depth+1))
	}
	return "[" + strings.Join(shown, ",") + "]"
}

func (r *redactor) object(v *jsonValue, depth int) string {
	var shown []string
	seen := map[string]bool{}
	for i := range v.members {
		name := v.members[i].name
		if seen[name] {
			continue
		}
		seen[name] = true
		if r.valuesLeft <= 0 {
			shown = append(shown, `"[cut]":true`)
			break
		}
		value := v.get(name) // given twice: the first one's place, the last one's value
		rule := redactionPolicy[name]
		if !memberName.MatchString(name) {
			name = fmt.Sprintf("[name %d]", len(shown))
		}
		shown = append(shown, `"`+name+`":`+r.value(value, rule, depth+1))
	}
	return "{" + strings.Join(shown, ",") + "}"
}

func allows(rule, text string, isNumber bool) bool {
	if rule == "" || (isNumber && rule != "amount") {
		return false
	}
	return redactionShapes[rule].MatchString(text) && (rule != "word" || utf16Len(text) <= redactMaxWordUnits)
}
