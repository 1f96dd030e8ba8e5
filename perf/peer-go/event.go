package main

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
)

// syncRequested is the one event of the system: "look at this connection".
type syncRequested struct {
	connectionID, correlationID, reason string
	requestedEpochMs                    int64
	restarts                            int
}

type malformedEvent struct{ member, expected string }

func (e *malformedEvent) Error() string {
	return fmt.Sprintf(`EVENT_MALFORMED {"member":%q,"expected":%q}`, e.member, e.expected)
}

var (
	syncReasons = []string{"webhook", "schedule", "user", "continuation"}
	idPattern   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)
)

const maxSafeInteger = 1<<53 - 1

// parseSyncRequested: only connectionId is required, the rest has defaults.
func parseSyncRequested(body []byte, correlationID string, requestedEpochMs int64) (syncRequested, error) {
	value, err := parseJSON(string(body))
	if err != nil || value.kind != jsonObject {
		return syncRequested{}, &malformedEvent{"event", "a JSON object"}
	}
	event := syncRequested{correlationID: correlationID, requestedEpochMs: requestedEpochMs, reason: "user"}
	if given := value.get("type"); given != nil && given.text != "SyncRequested" {
		return event, &malformedEvent{"type", `"SyncRequested"`}
	}
	ids := [...]struct {
		name     string
		required bool
		into     *string
	}{{"connectionId", true, &event.connectionID}, {"correlationId", false, &event.correlationID}}
	for _, id := range ids {
		given := value.get(id.name)
		if given == nil && !id.required {
			continue
		}
		if given == nil || given.kind != jsonText || !idPattern.MatchString(given.text) {
			return event, &malformedEvent{id.name, `1 to 128 letters, digits, "-" or "_"`}
		}
		*id.into = given.text
	}
	if given := value.get("requestedEpochMs"); given != nil {
		if event.requestedEpochMs, err = readCount(given); err != nil {
			return event, &malformedEvent{"requestedEpochMs", "ms since 1970"}
		}
	}
	if given := value.get("reason"); given != nil {
		if given.kind != jsonText || !slices.Contains(syncReasons, given.text) {
			return event, &malformedEvent{"reason", "one of webhook, schedule, user, continuation"}
		}
		event.reason = given.text
	}
	if given := value.get("restarts"); given != nil {
		count, err := readCount(given)
		if err != nil {
			return event, &malformedEvent{"restarts", "a whole number from 0"}
		}
		event.restarts = int(count)
	}
	return event, nil
}

func readCount(value *jsonValue) (int64, error) {
	number, err := strconv.ParseFloat(value.text, 64)
	if err != nil || value.kind != jsonNumber || number < 0 || number > maxSafeInteger || number != math.Trunc(number) {
		return 0, strconv.ErrRange
	}
	return int64(number), nil
}
