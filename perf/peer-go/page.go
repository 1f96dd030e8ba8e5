package main

import "fmt"

// syncPage is an answer of /transactions/sync whose records have been checked one by one; nil stands where one was refused.
type syncPage struct {
	added, modified, removed, accounts []*jsonValue
	refused                            []quarantined
	nextCursor                         *string
	hasMore                            bool
	unknownFields, unknownEnums        int
}

// validatePage: a page that is not one fails as a whole, a record that is not one costs only itself.
func validatePage(body string) (*syncPage, *providerError) {
	envelope, err := parseJSON(body)
	if err != nil {
		return nil, newProviderError("BODY_UNREADABLE", providerFacts{Detail: err.Error()})
	}
	page := &syncPage{}
	found := envelopeShape.check(envelope, "$input", &page.unknownFields)
	if cursor := envelope.get("next_cursor"); found == nil && cursor.flag {
		found = &issue{"$input.next_cursor", "well-formed Unicode", "string"}
	}
	if found != nil {
		detail := fmt.Sprintf("%s: expected %s, received %s", found.path, found.expected, found.received)
		facts := providerFacts{Detail: detail, RequestID: safeRequestID(envelope.textOr("request_id"))}
		return nil, newProviderError("PAGE_INVALID", facts)
	}
	if cursor := envelope.get("next_cursor").text; cursor != "" {
		page.nextCursor = &cursor
	}
	page.hasMore = envelope.isTrue("has_more")
	page.countEnum(envelope, "transactions_update_status", updateStatuses)
	page.accounts = page.checkAll(envelope, "accounts", accountShape, func(record *jsonValue) {
		page.countEnum(record, "type", accountTypes)
	})
	countTransaction := func(record *jsonValue) {
		page.countEnum(record, "payment_channel", paymentChannels)
		page.countEnum(record, "transaction_code", transactionCodes)
	}
	page.added = page.checkAll(envelope, "added", transactionShape, countTransaction)
	page.modified = page.checkAll(envelope, "modified", transactionShape, countTransaction)
	page.removed = page.checkAll(envelope, "removed", removedShape, func(*jsonValue) {})
	return page, nil
}

func (p *syncPage) checkAll(envelope *jsonValue, list string, s *shape, count func(*jsonValue)) []*jsonValue {
	items := envelope.get(list).items
	records := make([]*jsonValue, len(items))
	for i := range items {
		unknown := 0
		path := fmt.Sprintf("$input.%s[%d]", list, i)
		if found := s.check(&items[i], path, &unknown); found != nil {
			p.refused = append(p.refused, quarantined{
				Path: found.path, Reason: "SCHEMA", Expected: found.expected, Received: found.received, Redacted: redact(&items[i]),
			})
			continue
		}
		p.unknownFields += unknown
		count(&items[i])
		records[i] = &items[i]
	}
	return records
}

func (p *syncPage) countEnum(record *jsonValue, name string, known map[string]bool) {
	if value := record.textOr(name); value != nil && !known[*value] {
		p.unknownEnums++
	}
}
