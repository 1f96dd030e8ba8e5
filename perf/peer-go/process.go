package main

import (
	"context"
	"math"
	"time"
)

// One event from receipt to its end, whatever happens: runs the pipeline under the event's deadline, then says how it went.

type stepTime struct {
	Step string  `json:"step"`
	Ms   float64 `json:"ms"`
}

// eventRecord lives as long as its event.
type eventRecord struct {
	provider                     string
	attempts, retries, throttled int
	providerMs                   float64
	processingMs, storeMs        *float64 // of the slowest page
	committed                    int
	added, modified, removed     int
	quarantined                  int
	unknownFields, unknownEnums  int
	conflicts                    int
	version                      *int64
	steps                        []stepTime
}

func (r *eventRecord) step(name string, started time.Time) {
	r.steps = append(r.steps, stepTime{name, hundredths(msSince(started))})
}

func maxMs(before *float64, ms float64) *float64 {
	if before != nil && *before > ms {
		return before
	}
	return &ms
}

func hundredths(ms float64) float64 { return math.Round(ms*100) / 100 }

func hundredthsOf(ms *float64) *float64 {
	if ms == nil {
		return nil
	}
	rounded := hundredths(*ms)
	return &rounded
}

type eventReport struct {
	CorrelationID string     `json:"correlationId"`
	ConnectionID  string     `json:"connectionId"`
	Outcome       outcome    `json:"outcome"`
	Version       *int64     `json:"version"`
	Attempts      int        `json:"attempts"`
	Added         int        `json:"added"`
	Modified      int        `json:"modified"`
	Removed       int        `json:"removed"`
	Quarantined   int        `json:"quarantined"`
	RoundTripMs   float64    `json:"roundTripMs"`
	ProcessingMs  *float64   `json:"processingMs"`
	StoreMs       *float64   `json:"storeMs"`
	ProviderMs    float64    `json:"providerMs"`
	Steps         []stepTime `json:"steps"`
}

// process never fails: a failure is an outcome, logged and counted like every other.
func (d *dependencies) process(ctx context.Context, event syncRequested, queueAgeMs *float64) eventReport {
	started := time.Now()
	ctx, cancel := context.WithTimeout(ctx, deadlineWithin(ctx))
	defer cancel()
	r := &run{deps: d, event: event, record: &eventRecord{provider: "unknown", steps: make([]stepTime, 0, 8)}}
	ended, err := r.pipeline(ctx)
	if err != nil {
		exhausted := err.exhausted
		ended = outcome{Kind: "failed", Code: err.code, Detail: string(canonicalJSON(err.facts)), Exhausted: &exhausted}
	}
	roundTripMs := msSince(started)
	d.telemetry.write(event, r.record, ended, roundTripMs, queueAgeMs)
	return eventReport{
		CorrelationID: event.correlationID, ConnectionID: event.connectionID, Outcome: ended,
		Version: r.record.version, Attempts: r.record.attempts,
		Added: r.record.added, Modified: r.record.modified, Removed: r.record.removed, Quarantined: r.record.quarantined,
		RoundTripMs: hundredths(roundTripMs), ProcessingMs: hundredthsOf(r.record.processingMs),
		StoreMs: hundredthsOf(r.record.storeMs), ProviderMs: hundredths(r.record.providerMs), Steps: r.record.steps,
	}
}

// deadlineWithin: the event's own deadline, or what the invocation leaves after the answer's share.
func deadlineWithin(ctx context.Context) time.Duration {
	hard := hardDeadlineMs * time.Millisecond
	if deadline, ok := ctx.Deadline(); ok {
		return max(0, min(hard, time.Until(deadline)-answerReserveMs*time.Millisecond))
	}
	return hard
}
