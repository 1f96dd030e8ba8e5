package main

import (
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Strict JSON in one pass, for documents with money in them: numbers keep their source text, so that no amount ever
// becomes a float, and unpaired surrogates are seen (encoding/json turns both into something else without a word).

type jsonKind uint8

const (
	jsonNull jsonKind = iota
	jsonBool
	jsonNumber
	jsonText
	jsonArray
	jsonObject
)

func (k jsonKind) String() string {
	return [...]string{"null", "boolean", "number", "string", "array", "object"}[k]
}

type jsonValue struct {
	kind jsonKind
	// flag is the value of a boolean; on a text, that it holds an unpaired surrogate.
	flag    bool
	text    string // of a text, or the literal of a number
	items   []jsonValue
	members []jsonMember
}

type jsonMember struct {
	name  string
	value jsonValue
}

// get finds a member; of several under one name the last one counts, as in JavaScript.
func (v *jsonValue) get(name string) *jsonValue {
	for i := len(v.members) - 1; i >= 0; i-- {
		if v.members[i].name == name {
			return &v.members[i].value
		}
	}
	return nil
}

// textOr reads a text that may be null or absent.
func (v *jsonValue) textOr(name string) *string {
	if member := v.get(name); member != nil && member.kind == jsonText {
		return &member.text
	}
	return nil
}

func (v *jsonValue) isTrue(name string) bool {
	member := v.get(name)
	return member != nil && member.kind == jsonBool && member.flag
}

const maxJSONDepth = 64

var (
	errMalformed = errors.New("JSON_MALFORMED")
	errTooDeep   = errors.New("JSON_TOO_DEEP")
)

// parseJSON reads one JSON text (RFC 8259). The text must be valid UTF-8.
func parseJSON(text string) (*jsonValue, error) {
	p := jsonParser{text: text}
	value := &jsonValue{}
	if err := p.value(value, 0); err != nil {
		return nil, err
	}
	p.space()
	if p.at != len(text) {
		return nil, errMalformed
	}
	return value, nil
}

type jsonParser struct {
	text string
	at   int
}

func (p *jsonParser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

func (p *jsonParser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *jsonParser) take(char byte) bool {
	if p.peek() != char || p.at >= len(p.text) {
		return false
	}
	p.at++
	return true
}

func (p *jsonParser) value(into *jsonValue, depth int) error {
	p.space()
	switch char := p.peek(); {
	case char == '"':
		into.kind = jsonText
		return p.string(&into.text, &into.flag)
	case char == '{':
		return p.object(into, depth)
	case char == '[':
		return p.array(into, depth)
	case char == '-' || isDigit(char):
		into.kind = jsonNumber
		return p.number(&into.text)
	case char == 't':
		into.kind, into.flag = jsonBool, true
		return p.word("true")
	case char == 'f':
		into.kind = jsonBool
		return p.word("false")
	default:
		return p.word("null")
	}
}

func (p *jsonParser) word(word string) error {
	if len(p.text)-p.at < len(word) || p.text[p.at:p.at+len(word)] != word {
		return errMalformed
	}
	p.at += len(word)
	return nil
}

func (p *jsonParser) object(into *jsonValue, depth int) error {
	if depth == maxJSONDepth {
		return errTooDeep
	}
	into.kind = jsonObject
	p.at++
	p.space()
	if p.take('}') {
		return nil
	}
	into.members = make([]jsonMember, 0, 16)
	for {
		p.space()
		if p.peek() != '"' {
			return errMalformed
		}
		into.members = append(into.members, jsonMember{})
		member := &into.members[len(into.members)-1]
		var illFormed bool
		if err := p.string(&member.name, &illFormed); err != nil {
			return err
		}
		p.space()
		if !p.take(':') {
			return errMalformed
		}
		if err := p.value(&member.value, depth+1); err != nil {
			return err
		}
		p.space()
		if p.take('}') {
			return nil
		}
		if !p.take(',') {
			return errMalformed
		}
	}
}

func (p *jsonParser) array(into *jsonValue, depth int) error {
	if depth == maxJSONDepth {
		return errTooDeep
	}
	into.kind = jsonArray
	p.at++
	p.space()
	if p.take(']') {
		return nil
	}
	for {
		into.items = append(into.items, jsonValue{})
		if err := p.value(&into.items[len(into.items)-1], depth+1); err != nil {
			return err
		}
		p.space()
		if p.take(']') {
			return nil
		}
		if !p.take(',') {
			return errMalformed
		}
	}
}

func (p *jsonParser) digits() bool {
	from := p.at
	for isDigit(p.peek()) {
		p.at++
	}
	return p.at > from
}

func (p *jsonParser) number(into *string) error {
	from := p.at
	p.take('-')
	if !p.take('0') && !p.digits() {
		return errMalformed
	}
	if p.take('.') && !p.digits() {
		return errMalformed
	}
	if p.take('e') || p.take('E') {
		if !p.take('+') {
			p.take('-')
		}
		if !p.digits() {
			return errMalformed
		}
	}
	*into = p.text[from:p.at]
	return nil
}

// string reads a text; one without escapes is a slice of the source.
func (p *jsonParser) string(into *string, illFormed *bool) error {
	p.at++
	from := p.at
	for p.at < len(p.text) {
		switch char := p.text[p.at]; {
		case char == '"':
			*into = p.text[from:p.at]
			p.at++
			return nil
		case char == '\\':
			return p.escaped(from, into, illFormed)
		case char < 0x20:
			return errMalformed
		default:
			p.at++
		}
	}
	return errMalformed
}

func (p *jsonParser) escaped(from int, into *string, illFormed *bool) error {
	text := append([]byte(nil), p.text[from:p.at]...)
	for p.at < len(p.text) {
		char := p.text[p.at]
		p.at++
		switch {
		case char == '"':
			*into = string(text)
			return nil
		case char < 0x20:
			return errMalformed
		case char != '\\':
			text = append(text, char)
		default:
			escape := p.peek()
			p.at++
			switch escape {
			case '"', '\\', '/':
				text = append(text, escape)
			case 'b':
				text = append(text, '\b')
			case 'f':
				text = append(text, '\f')
			case 'n':
				text = append(text, '\n')
			case 'r':
				text = append(text, '\r')
			case 't':
				text = append(text, '\t')
			case 'u':
				char, err := p.codeUnits(illFormed)
				if err != nil {
					return err
				}
				text = utf8.AppendRune(text, char)
			default:
				return errMalformed
			}
		}
	}
	return errMalformed
}

// codeUnits reads what follows `\u`, and a second escape where the first is half of a pair.
func (p *jsonParser) codeUnits(illFormed *bool) (rune, error) {
	first, err := p.hex4()
	if err != nil || !utf16.IsSurrogate(first) {
		return first, err
	}
	if at := p.at; p.take('\\') && p.take('u') {
		second, err := p.hex4()
		if err != nil {
			return 0, err
		}
		if pair := utf16.DecodeRune(first, second); pair != utf8.RuneError {
			return pair, nil
		}
		p.at = at
	} else {
		p.at = at
	}
	*illFormed = true
	return utf8.RuneError, nil
}

func (p *jsonParser) hex4() (rune, error) {
	if len(p.text)-p.at < 4 {
		return 0, errMalformed
	}
	for i := p.at; i < p.at+4; i++ {
		if c := p.text[i]; !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
			return 0, errMalformed
		}
	}
	unit, err := strconv.ParseUint(p.text[p.at:p.at+4], 16, 32)
	p.at += 4
	return rune(unit), err
}

func isDigit(char byte) bool { return char >= '0' && char <= '9' }

// utf16Len is the length as JavaScript counts it: limits and id hashes are defined in it.
func utf16Len(text string) int {
	units := 0
	for _, char := range text {
		units++
		if char > 0xffff {
			units++
		}
	}
	return units
}
