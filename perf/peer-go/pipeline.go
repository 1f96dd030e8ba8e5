package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"reflect"
	"time"
)

// One event through the pipeline: load, fetch, validate, normalise, quarantine, commit, head.

type outcome struct {
	Kind      string `json:"kind"`
	Continued *bool  `json:"continued,omitempty"`
	DelayMs   *int64 `json:"delayMs,omitempty"`
	Status    string `json:"status,omitempty"`
	Code      string `json:"code,omitempty"`
	Detail    string `json:"detail,omitempty"`
	Exhausted *bool  `json:"exhausted,omitempty"`
	Now       *bool  `json:"now,omitempty"` // this event found it out; later ones only repeat it
}

func (o outcome) isExhausted() bool { return o.Exhausted != nil && *o.Exhausted }

type run struct {
	deps   *dependencies
	event  syncRequested
	record *eventRecord
}

// position: where a loop of pages stands.
type position struct {
	loopID         string
	cursor         *string
	entries        int
	startedEpochMs int64
}

func resumeAt(h *head) position {
	if h.Loop == nil {
		return beginAt(h.Cursor)
	}
	return position{h.Loop.ID, h.Loop.Cursor, h.Loop.Pages, h.Loop.StartedEpochMs}
}

func beginAt(cursor *string) position {
	return position{newID(), cursor, 0, time.Now().UnixMilli()}
}

func (r *run) pipeline(ctx context.Context) (outcome, *failure) {
	started := time.Now()
	h, err := r.deps.journal.readHead(ctx, r.event.connectionID)
	r.record.step("load", started)
	if err != nil {
		return outcome{}, err
	}
	r.record.provider = h.Provider
	if closed, err := r.gate(h); closed != nil || err != nil {
		return orZero(closed), err
	}
	if h.Provider != "plaid" {
		return outcome{}, fail("PROVIDER_UNSUPPORTED", map[string]any{"provider": h.Provider})
	}

	at := resumeAt(h)
	restarts := r.event.restarts
	for pages := 1; ; pages++ {
		token, opening := r.deps.openToken(h.SealedToken, h.connectionID)
		if opening != nil {
			return outcome{}, fail("TOKEN_UNREADABLE", map[string]any{"connectionId": h.connectionID})
		}
		page, failed := r.fetchWithRetries(ctx, token, at.cursor)
		if failed != nil {
			if failed.err.class != restart && failed.err.class != resync {
				return r.giveUp(ctx, h, failed)
			}
			if restarts++; restarts > maxRestarts {
				unstable := fail("PAGINATION_UNSTABLE", map[string]any{"restarts": restarts})
				unstable.exhausted = true
				return outcome{}, unstable
			}
			at = beginAt(h.Cursor)
			if failed.err.class == resync {
				at = beginAt(nil)
			}
			continue
		}
		validated := time.Now()
		next, committed, err := r.storePage(ctx, h, page, at)
		if err != nil {
			return outcome{}, err
		}
		r.record.processingMs = maxMs(r.record.processingMs, msSince(validated))
		h = next
		started := time.Now() // also after a conflict: the winner may have died between its entry and its head
		err = r.deps.journal.saveHead(ctx, h)
		r.record.step("head", started)
		if err != nil {
			return outcome{}, err
		}
		if !committed {
			if r.record.conflicts++; r.record.conflicts > maxConflicts {
				return outcome{}, fail("CONFLICTS_UNRESOLVED", map[string]any{"conflicts": r.record.conflicts})
			}
			if answered, err := r.gate(h); answered != nil || err != nil {
				return orZero(answered), err
			}
			at = resumeAt(h)
			continue
		}
		if !page.hasMore {
			continued := false
			return outcome{Kind: "committed", Continued: &continued}, nil
		}
		if pages >= maxPagesPerRun || remainingMs(ctx) < nextPageReserveMs {
			// No continuation is sent from here: reported as failed, the event comes back and resumes the loop from the head.
			return outcome{}, fail("LOOP_UNFINISHED", map[string]any{"pages": pages})
		}
		at = resumeAt(h)
	}
}

// gate: whether the connection is to be asked now; nil when it is.
func (r *run) gate(h *head) (*outcome, *failure) {
	code := h.Status
	if h.StatusReason != nil {
		code = *h.StatusReason
	}
	if h.Status != "active" && h.Status != "waiting" {
		now := false
		return &outcome{Kind: "stopped", Status: h.Status, Code: code, Now: &now}, nil
	}
	if now := time.Now().UnixMilli(); h.NextAttemptEpochMs != nil && *h.NextAttemptEpochMs > now {
		if r.event.reason == "continuation" { // this message keeps the wait alive, so it has to come back
			return nil, fail(code, map[string]any{"connectionId": h.connectionID})
		}
		delayMs, exhausted := *h.NextAttemptEpochMs-now, false
		return &outcome{Kind: "postponed", DelayMs: &delayMs, Code: code, Exhausted: &exhausted}, nil
	}
	if h.Loop == nil && h.LastSync != nil && h.LastSync.StartedEpochMs > r.event.requestedEpochMs+clockSkewMs {
		return &outcome{Kind: "coalesced"}, nil
	}
	return nil, nil
}

func (r *run) storePage(ctx context.Context, h *head, page *syncPage, at position) (*head, bool, *failure) {
	started := time.Now()
	known := h.Accounts
	if h.Loop != nil && h.Loop.ID == at.loopID {
		known = append(known[:len(known):len(known)], h.Loop.Accounts...)
	}
	canonical := normalisePage(page, normaliseContext{
		connectionID: h.connectionID, institutionID: h.InstitutionID, known: known, latestDate: latestPlausible(started),
	})
	r.record.step("normalise", started)
	if len(canonical.quarantined) > 0 {
		started = time.Now()
		for _, record := range canonical.quarantined {
			if err := r.deps.journal.putQuarantined(ctx, h.connectionID, record, r.event.requestedEpochMs); err != nil {
				return nil, false, err
			}
		}
		r.record.step("quarantine", started)
	}

	started = time.Now()
	next, committed, entries, err := r.commit(ctx, h, page, canonical, at, started)
	r.record.step("commit", started)
	if err != nil {
		return nil, false, err
	}
	r.record.unknownFields += page.unknownFields
	r.record.unknownEnums += page.unknownEnums
	r.record.committed += entries
	r.record.version = &next.version
	if committed {
		r.record.storeMs = maxMs(r.record.storeMs, msSince(started))
		r.record.added += len(canonical.added)
		r.record.modified += len(canonical.modified)
		r.record.removed += len(canonical.removed)
		r.record.quarantined += len(canonical.quarantined)
	}
	return next, committed, nil
}

func (r *run) commit(
	ctx context.Context, h *head, page *syncPage, canonical canonicalPage, at position, now time.Time,
) (next *head, committed bool, entries int, err *failure) {
	cursorAfter := page.nextCursor
	if cursorAfter == nil {
		cursorAfter = at.cursor
	}
	parts, err := splitPage(&pageEntry{
		Kind: "page", RunID: newID(), WrittenEpochMs: now.UnixMilli(),
		Loop:         loopPlace{ID: at.loopID, Page: at.entries + 1, Last: !page.hasMore},
		CursorBefore: at.cursor, CursorAfter: cursorAfter, SyncStartedEpochMs: at.startedEpochMs,
		Added: canonical.added, Modified: canonical.modified, Removed: canonical.removed,
		Accounts: changedAccounts(h, canonical.accounts), Quarantined: len(canonical.quarantined),
	}, partLimitBytes)
	if err != nil {
		return nil, false, 0, err
	}
	next = h
	for _, part := range parts {
		next, committed, err = r.deps.journal.append(ctx, next, part)
		if err != nil || !committed {
			return next, false, entries, err
		}
		entries++
	}
	return next, true, entries, nil
}

// changedAccounts: an entry is paid for by its size, and most pages repeat what the head knows.
func changedAccounts(h *head, seen []account) []account {
	known := make(map[string]account, len(h.Accounts))
	for _, one := range h.Accounts {
		known[one.AccountID] = one
	}
	if h.Loop != nil {
		for _, one := range h.Loop.Accounts {
			known[one.AccountID] = one
		}
	}
	changed := []account{}
	for _, one := range seen {
		if before, ok := known[one.AccountID]; !ok || !reflect.DeepEqual(before, one) {
			changed = append(changed, one)
		}
	}
	return changed
}

// giveUp ends an event whose page did not come. Permanent failures are stored once, so that nobody asks in a loop.
func (r *run) giveUp(ctx context.Context, h *head, failed *failedFetch) (outcome, *failure) {
	status := ""
	switch {
	case failed.err.class == terminal:
		status = "revoked"
	case failed.err.code == "CONSENT_EXPIRED":
		status = "consent-expired"
	case failed.err.class == userAction:
		status = "login-required"
	}
	if status == "" {
		exhausted := failed.exhausted
		return outcome{
			Kind: "failed", Code: failed.err.code, Detail: string(canonicalJSON(failed.err.facts)), Exhausted: &exhausted,
		}, nil
	}
	code := failed.err.code
	for latest, tries := h, 0; tries <= maxConflicts; tries++ {
		next, committed, err := r.deps.journal.append(ctx, latest, &statusEntry{
			Kind: "status", RunID: newID(), WrittenEpochMs: time.Now().UnixMilli(), Status: status, Reason: &code,
		})
		if err != nil {
			return outcome{}, err
		}
		if committed {
			err = r.deps.journal.saveHead(ctx, next)
		}
		// Another run may have said the same.
		if committed || next.Status == status {
			return outcome{Kind: "stopped", Status: status, Code: code, Now: &committed}, err
		}
		latest = next
	}
	return outcome{}, fail("CONFLICTS_UNRESOLVED", map[string]any{"conflicts": maxConflicts + 1})
}

func orZero(o *outcome) outcome {
	if o == nil {
		return outcome{}
	}
	return *o
}

// newID is a random UUID (version 4).
func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
