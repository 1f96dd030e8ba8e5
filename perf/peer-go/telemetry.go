package main

import (
	"encoding/json"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// One line of embedded metrics (EMF) and one log line an event.

type telemetry struct {
	out        io.Writer
	directives sync.Map // by the names of the metrics: four fifths of the line are the same every time
	warm       atomic.Bool
}

type metric struct {
	name  string
	value float64
}

const emfStart = `{"_aws":{"Timestamp":`

var milliseconds = setOf("RoundTrip", "Processing", "Store", "ProviderTime", "QueueAge")

// contractCodes say "this is not what was agreed".
var contractCodes = setOf("PAGE_INVALID", "BODY_UNREADABLE", "BODY_TOO_LARGE")

func metricsOf(r *eventRecord, ended outcome, roundTripMs float64, queueAgeMs *float64, cold bool) []metric {
	values := append(make([]metric, 0, 12), metric{"RoundTrip", roundTripMs})
	if r.processingMs != nil {
		values = append(values, metric{"Processing", *r.processingMs})
	}
	if r.storeMs != nil {
		values = append(values, metric{"Store", *r.storeMs})
	}
	if r.attempts > 0 {
		values = append(values, metric{"ProviderTime", r.providerMs}, metric{"Attempts", float64(r.attempts)})
	}
	if queueAgeMs != nil {
		values = append(values, metric{"QueueAge", *queueAgeMs})
	}
	count := func(name string, counted int) {
		if counted > 0 {
			values = append(values, metric{name, float64(counted)})
		}
	}
	exhausted, unstable := ended.isExhausted(), ended.Code == "PAGINATION_UNSTABLE"
	count("Retries", r.retries)
	count("RetriesExhausted", asCount(exhausted && !unstable))
	count("RestartsExhausted", asCount(exhausted && unstable))
	count("ContractBroken", asCount(exhausted && contractCodes[ended.Code]))
	count("AddressRefused", asCount(ended.Code == "URL_REFUSED"))
	count("ConsentEnded", asCount(ended.Now != nil && *ended.Now))
	count("Committed", r.committed)
	count("Failed", asCount(ended.Kind == "failed"))
	count("Coalesced", asCount(ended.Kind == "coalesced"))
	count("Deferred", asCount(ended.Kind == "postponed"))
	count("Throttled", r.throttled)
	count("Quarantined", r.quarantined)
	count("UnknownFields", r.unknownFields)
	count("UnknownEnums", r.unknownEnums)
	count("Conflicts", r.conflicts)
	count("ColdStart", asCount(cold))
	return values
}

func asCount(is bool) int {
	if is {
		return 1
	}
	return 0
}

func (t *telemetry) directive(values []metric) string {
	names := make([]string, len(values))
	for i, value := range values {
		names[i] = value.name
	}
	key := strings.Join(names, ",")
	if known, ok := t.directives.Load(key); ok {
		return known.(string)
	}
	type definition struct {
		Name              string
		Unit              string
		StorageResolution int
	}
	definitions := make([]definition, len(names))
	for i, name := range names {
		definitions[i] = definition{name, "Count", 1}
		if milliseconds[name] {
			definitions[i].Unit = "Milliseconds"
		}
	}
	text := string(canonicalJSON([]any{map[string]any{
		"Namespace":  "quartersec",
		"Dimensions": [][]string{{}, {"service"}, {"service", "provider"}},
		"Metrics":    definitions,
	}}))
	t.directives.Store(key, text)
	return text
}

type logLine struct {
	Level         string  `json:"level"`
	Message       string  `json:"message"`
	Timestamp     string  `json:"timestamp"`
	Component     string  `json:"component"`
	CorrelationID string  `json:"correlation_id"`
	ConnectionID  string  `json:"connection_id"`
	Provider      string  `json:"provider"`
	Outcome       string  `json:"outcome"`
	ErrorCode     *string `json:"error_code"`
	ErrorDetail   *string `json:"error_detail"`
	Version       *int64  `json:"version"`
	Attempts      int     `json:"attempts"`
	Quarantined   int     `json:"quarantined"`
	RoundTripMs   float64 `json:"round_trip_ms"`
}

const component = "processor.process"

func (t *telemetry) write(event syncRequested, r *eventRecord, ended outcome, roundTripMs float64, queueAgeMs *float64) {
	now := time.Now()
	lines := t.metricsLine(nil, metricsOf(r, ended, roundTripMs, queueAgeMs, !t.warm.Swap(true)), r.provider, now)
	line := logLine{
		Level: levelOf(ended), Message: "event " + ended.Kind, Timestamp: timestamp(now), Component: component,
		CorrelationID: event.correlationID, ConnectionID: event.connectionID, Provider: r.provider, Outcome: ended.Kind,
		Version: r.version, Attempts: r.attempts, Quarantined: r.quarantined, RoundTripMs: hundredths(roundTripMs),
	}
	if ended.isExhausted() {
		line.Message = "retries exhausted"
	}
	if ended.Code != "" {
		line.ErrorCode = &ended.Code
	}
	if ended.Kind == "failed" {
		line.ErrorDetail = &ended.Detail
	}
	lines = append(append(lines, canonicalJSON(line)...), '\n')
	t.out.Write(lines) // one write: lines of concurrent events do not mix
}

// writeMalformed: the body is not logged.
func (t *telemetry) writeMalformed(messageID, detail string) {
	now := time.Now()
	lines := t.metricsLine(nil, []metric{{"Failed", 1}}, "unknown", now)
	line := canonicalJSON(map[string]any{
		"level": "ERROR", "message": "message malformed", "timestamp": timestamp(now), "component": component,
		"correlation_id": messageID, "error_code": "EVENT_MALFORMED", "error_detail": detail,
	})
	t.out.Write(append(append(lines, line...), '\n'))
}

func (t *telemetry) metricsLine(into []byte, values []metric, provider string, now time.Time) []byte {
	into = append(into, emfStart...)
	into = appendJSON(into, now.UnixMilli())
	into = append(append(append(into, `,"CloudWatchMetrics":`...), t.directive(values)...), `},"service":"process","provider":`...)
	into = appendJSON(into, provider)
	for _, value := range values {
		into = append(append(append(into, `,"`...), value.name...), `":`...)
		into = appendJSON(into, value.value)
	}
	return append(into, "}\n"...)
}

func appendJSON(into []byte, value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // a number that is none: a defect of this program
	}
	return append(into, text...)
}

func levelOf(ended outcome) string {
	switch {
	case ended.isExhausted():
		return "CRITICAL"
	case ended.Kind == "failed":
		return "ERROR"
	case ended.Kind == "stopped" || ended.Kind == "postponed":
		return "WARN"
	}
	return "INFO"
}

func timestamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
