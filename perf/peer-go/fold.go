package main

import "slices"

// foldHead is the one step of the fold that a head is: entry after entry.
func foldHead(h *head, e entry) (*head, *failure) {
	headVersion, headHash := int64(0), genesisHash
	if h != nil {
		headVersion, headHash = h.version, h.hash
	}
	if e.version != headVersion+1 || e.previousHash != headHash {
		facts := map[string]any{"connectionId": e.connectionID, "version": e.version, "headVersion": headVersion}
		return nil, fail("ENTRY_CORRUPT", facts)
	}
	next := head{Accounts: []account{}}
	if h != nil {
		next = *h
	}
	next.connectionID, next.version, next.hash = e.connectionID, e.version, e.hash
	switch content := e.content.(type) {
	case *linkedEntry:
		if h == nil || h.Provider != content.Provider || h.InstitutionID != content.InstitutionID {
			next.Cursor, next.Loop = nil, nil // a cursor belongs to one institution's feed
		}
		next.UserID, next.Provider = content.UserID, content.Provider
		next.InstitutionID, next.SealedToken = content.InstitutionID, content.SealedToken
		next.activate()
		return &next, nil
	case *pageEntry:
		if h != nil {
			next.readPage(content)
			return &next, nil
		}
	case *statusEntry:
		if h != nil {
			next.Status, next.StatusReason, next.NextAttemptEpochMs = content.Status, content.Reason, content.NextAttemptEpochMs
			return &next, nil
		}
	}
	return nil, fail("CONNECTION_UNKNOWN", map[string]any{"connectionId": e.connectionID})
}

// activate: whatever was wrong has ended.
func (h *head) activate() { h.Status, h.StatusReason, h.NextAttemptEpochMs = "active", nil, nil }

func (h *head) readPage(page *pageEntry) {
	open := openLoop{ID: page.Loop.ID, Accounts: []account{}, StartedEpochMs: page.SyncStartedEpochMs}
	if h.Loop != nil && h.Loop.ID == page.Loop.ID { // entries of another loop are void from here on
		open = *h.Loop
		open.StartedEpochMs = min(open.StartedEpochMs, page.SyncStartedEpochMs)
	}
	h.activate()
	accounts := mergeAccounts(open.Accounts, page.Accounts)
	if !page.Loop.Last {
		if !equalText(page.CursorAfter, page.CursorBefore) { // a part of a page is not yet a page
			open.Pages++
		}
		open.Cursor, open.Accounts = page.CursorAfter, accounts
		h.Loop = &open
		return
	}
	h.Cursor, h.Loop = page.CursorAfter, nil
	h.LastSync = &lastSync{StartedEpochMs: open.StartedEpochMs, CompletedEpochMs: page.WrittenEpochMs}
	h.Accounts = mergeAccounts(h.Accounts, accounts)
}

func equalText(one, other *string) bool {
	if one == nil || other == nil {
		return one == other
	}
	return *one == *other
}

// mergeAccounts: known accounts keep their place, so the order does not jump between two reads.
func mergeAccounts(known, changed []account) []account {
	if len(changed) == 0 {
		return known
	}
	merged := slices.Clone(known)
	for _, one := range changed {
		if at := slices.IndexFunc(merged, func(a account) bool { return a.AccountID == one.AccountID }); at >= 0 {
			merged[at] = one
		} else {
			merged = append(merged, one)
		}
	}
	return merged
}
