package main

import (
	"strings"
	"time"
)

// Dates as text, the way providers print them: checked against the calendar, never converted between zones.

func isLocalDate(text string) bool {
	if len(text) != len(time.DateOnly) {
		return false
	}
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// isDateTime: RFC 3339 with seconds and an offset. time.Parse is laxer (a comma, any number of decimals) and knows no
// leap second, so the text is read by hand.
func isDateTime(text string) bool {
	if len(text) < len("2006-01-02T15:04:05Z") || !isLocalDate(text[:10]) || text[10] != 'T' {
		return false
	}
	clock, rest := text[11:19], text[19:]
	if !isClock(clock[:5]) || clock[5] != ':' || !(twoDigits(clock[6:], 59) || clock[6:] == "60") {
		return false
	}
	if fraction, ok := strings.CutPrefix(rest, "."); ok {
		rest = strings.TrimLeft(fraction, "0123456789")
		if digits := len(fraction) - len(rest); digits < 1 || digits > 9 {
			return false
		}
	}
	return rest == "Z" || (len(rest) == len("+00:00") && (rest[0] == '+' || rest[0] == '-') && isClock(rest[1:]))
}

// isClock: hh:mm
func isClock(text string) bool {
	return len(text) == 5 && text[2] == ':' && twoDigits(text[:2], 23) && twoDigits(text[3:], 59)
}

func twoDigits(text string, atMost byte) bool {
	return isDigit(text[0]) && isDigit(text[1]) && (text[0]-'0')*10+text[1]-'0' <= atMost
}

// isMidnight: what banks without times fill in.
func isMidnight(dateTime string) bool {
	_, rest, found := strings.Cut(dateTime, "T00:00:00")
	if fraction, ok := strings.CutPrefix(rest, "."); ok {
		rest = strings.TrimLeft(fraction, "0")
		found = found && rest != fraction
	}
	return found && rest != "" && strings.ContainsRune("Z+-", rune(rest[0]))
}
