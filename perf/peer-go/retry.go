package main

import (
	"context"
	"math/rand/v2"
	"time"
)

// When to ask the provider again. The limits are those of libs/sla; a test on that side holds these lines to it.
const (
	hardDeadlineMs    = 2_000
	commitReserveMs   = 100
	attemptAtLeastMs  = 50
	maxAttempts       = 4
	baseWaitMs        = 50
	answerReserveMs   = 200
	waitCapMs         = 400
	throttleWaitMs    = 60_000
	institutionDownMs = 3_600_000
	notReadyWaitMs    = 600_000
	longWaitJitter    = 0.1
	maxPagesPerRun    = 20
	maxConflicts      = 5
	maxRestarts       = 3
	nextPageReserveMs = 400
	tableAttemptMs    = 500
	tableMaxBackoff   = waitCapMs * time.Millisecond
	tableMaxAttempts  = 4
	clockSkewMs       = 5_000
	partLimitBytes    = 350_000
	quarantineTTLDays = 90
	secondsPerDay     = 86_400
	maxConnections    = 128
)

// attemptTimeoutMs takes half of what is left while further attempts remain; 0 when no useful call fits.
func attemptTimeoutMs(remainingMs float64, attemptsLeft int) float64 {
	usableMs := remainingMs - commitReserveMs
	if attemptsLeft < 1 || usableMs < attemptAtLeastMs {
		return 0
	}
	if attemptsLeft == 1 {
		return usableMs
	}
	return max(usableMs/2, attemptAtLeastMs)
}

func waitFits(waitMs, remainingMs float64) bool {
	return waitMs+attemptAtLeastMs+commitReserveMs <= remainingMs
}

type retryDecision struct {
	retry     bool
	exhausted bool // the last permitted attempt failed, by count or by deadline
	afterMs   float64
	waits     bool // the time to ask again lies outside this event
}

// decideRetry is pure: random is 0 to 1.
func decideRetry(attempts int, err *providerError, remainingMs float64, random func() float64) retryDecision {
	jittered := func(askedMs float64) float64 { return askedMs * (1 + longWaitJitter*random()) }
	askedMs := float64(err.facts.RetryAfterMs)
	switch err.class {
	case later, notReady:
		if askedMs == 0 {
			askedMs = map[outcomeClass]float64{later: institutionDownMs, notReady: notReadyWaitMs}[err.class]
		}
		return retryDecision{waits: true, afterMs: jittered(askedMs)}
	case soon, throttled:
	default:
		return retryDecision{}
	}
	if askedMs == 0 && err.class == throttled {
		askedMs = throttleWaitMs
	}
	asked := askedMs > 0
	var afterMs float64
	if asked {
		afterMs = jittered(askedMs)
	} else { // full jitter, and never so long that no call fits after it
		ceilingMs := min(waitCapMs, baseWaitMs*float64(int(1)<<(attempts-1)))
		afterMs = min(random()*ceilingMs, max(0, remainingMs-attemptAtLeastMs-commitReserveMs))
	}
	switch {
	case attempts >= maxAttempts:
		return retryDecision{exhausted: true, waits: asked, afterMs: afterMs}
	case waitFits(afterMs, remainingMs):
		return retryDecision{retry: true, afterMs: afterMs}
	case asked:
		return retryDecision{waits: true, afterMs: afterMs}
	}
	return retryDecision{exhausted: true}
}

type failedFetch struct {
	err       *providerError
	exhausted bool
	waits     bool
	waitMs    float64
}

// fetchWithRetries: each attempt is a call and its validation; a page that fails validation is a failed attempt.
func (r *run) fetchWithRetries(ctx context.Context, token string, cursor *string) (*syncPage, *failedFetch) {
	attempts := 0
	var last *providerError
	for {
		timeoutMs := attemptTimeoutMs(remainingMs(ctx), maxAttempts-attempts)
		if timeoutMs == 0 && last != nil {
			return nil, &failedFetch{err: last, exhausted: true}
		}
		if timeoutMs == 0 {
			last = newProviderError("TIMEOUT", providerFacts{Detail: "no time left for a call"})
			return nil, &failedFetch{err: last, waits: true}
		}
		attempts++
		r.record.attempts++
		if attempts > 1 {
			r.record.retries++
		}
		page, err := r.attempt(ctx, timeoutMs, token, cursor)
		if err == nil {
			return page, nil
		}
		last = err
		if err.code == "THROTTLED" {
			r.record.throttled++
		}
		decision := decideRetry(attempts, err, remainingMs(ctx), rand.Float64)
		if !decision.retry {
			return nil, &failedFetch{err, decision.exhausted, decision.waits, decision.afterMs}
		}
		select {
		case <-time.After(time.Duration(decision.afterMs * float64(time.Millisecond))):
		case <-ctx.Done():
		}
	}
}

func (r *run) attempt(ctx context.Context, timeoutMs float64, token string, cursor *string) (*syncPage, *providerError) {
	calling, cancel := context.WithTimeout(ctx, time.Duration(timeoutMs*float64(time.Millisecond)))
	defer cancel()
	started := time.Now()
	body, err := r.deps.plaid.fetchPage(calling, token, cursor)
	r.record.step("fetch", started)
	r.record.providerMs += msSince(started)
	if err != nil {
		return nil, err
	}
	started = time.Now()
	page, err := validatePage(body)
	r.record.step("validate", started)
	return page, err
}

func remainingMs(ctx context.Context) float64 {
	deadline, ok := ctx.Deadline()
	if !ok {
		return hardDeadlineMs
	}
	return max(0, float64(time.Until(deadline))/float64(time.Millisecond))
}

func msSince(started time.Time) float64 {
	return float64(time.Since(started)) / float64(time.Millisecond)
}
