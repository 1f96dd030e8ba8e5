package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Plaid over HTTP: one attempt a call, and what an answer that is no page means.

type outcomeClass string

const (
	soon       outcomeClass = "soon"
	throttled  outcomeClass = "throttled"
	later      outcomeClass = "later"
	restart    outcomeClass = "restart"
	resync     outcomeClass = "resync"
	notReady   outcomeClass = "not-ready"
	userAction outcomeClass = "user-action"
	terminal   outcomeClass = "terminal"
	defect     outcomeClass = "defect"
)

var outcomeClasses = map[string]outcomeClass{
	"TIMEOUT": soon, "UNREACHABLE": soon, "SERVER_ERROR": soon, "BODY_UNREADABLE": soon, "BODY_TOO_LARGE": soon,
	"PAGE_INVALID": soon, "THROTTLED": throttled, "INSTITUTION_DOWN": later, "MUTATED_DURING_PAGINATION": restart,
	"CURSOR_UNKNOWN": resync, "NOT_READY": notReady, "LOGIN_REQUIRED": userAction, "CONSENT_EXPIRED": userAction,
	"ACCESS_REVOKED": terminal, "NO_LONGER_SUPPORTED": terminal, "REQUEST_REJECTED": defect, "URL_REFUSED": defect,
}

// providerFacts may be logged: never a name, an amount, a token or a body.
type providerFacts struct {
	Provider     string `json:"provider"`
	Status       int    `json:"status,omitempty"`
	ProviderCode string `json:"providerCode,omitempty"`
	RequestID    string `json:"requestId,omitempty"`
	RetryAfterMs int64  `json:"retryAfterMs,omitempty"`
	Detail       string `json:"detail,omitempty"`
}

type providerError struct {
	code  string
	class outcomeClass
	facts providerFacts
}

func (e *providerError) Error() string { return e.code }

func newProviderError(code string, facts providerFacts) *providerError {
	facts.Provider = "plaid"
	return &providerError{code, outcomeClasses[code], facts}
}

const (
	apiVersion        = "2020-09-14"
	maxPageCount      = 500
	maxBodyBytes      = 8 << 20
	maxErrorBodyBytes = 64 << 10
	idleSocketTTL     = 45 * time.Second // load balancers close theirs after 60 s
	quotaWindowMs     = 60_000
)

type plaid struct {
	client           *http.Client
	syncURL          string
	clientID, secret string
}

func newPlaid(baseURL, clientID, secret string) (*plaid, error) {
	base, err := url.Parse(baseURL)
	if err != nil || !(base.Scheme == "https" || (base.Scheme == "http" && isLoopback(base.Hostname()))) {
		return nil, errors.New("PLAID_BASE_URL must be https, or http on loopback")
	}
	transport := &http.Transport{
		DialContext:           (&net.Dialer{Timeout: time.Second, KeepAlive: 15 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          128,
		MaxIdleConnsPerHost:   128,
		IdleConnTimeout:       idleSocketTTL,
		TLSHandshakeTimeout:   time.Second,
		ExpectContinueTimeout: time.Second,
	}
	return &plaid{
		client: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		syncURL:  strings.TrimRight(baseURL, "/") + "/transactions/sync",
		clientID: clientID,
		secret:   secret,
	}, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

type syncRequest struct {
	AccessToken string  `json:"access_token"`
	Cursor      *string `json:"cursor,omitempty"`
	Count       int     `json:"count"`
	Options     struct {
		IncludeOriginalDescription bool `json:"include_original_description"`
	} `json:"options"`
}

// fetchPage makes one call. The context bounds all of it, connecting and the last byte included.
func (p *plaid) fetchPage(ctx context.Context, accessToken string, cursor *string) (string, *providerError) {
	body, err := json.Marshal(syncRequest{AccessToken: accessToken, Cursor: cursor, Count: maxPageCount})
	if err != nil {
		return "", newProviderError("REQUEST_REJECTED", providerFacts{Detail: "request"})
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.syncURL, bytes.NewReader(body))
	if err != nil {
		return "", newProviderError("URL_REFUSED", providerFacts{Detail: "not an allowed origin"})
	}
	request.Header.Set("content-type", "application/json")
	request.Header.Set("accept", "application/json")
	request.Header.Set("user-agent", "quartersec")
	request.Header.Set("plaid-client-id", p.clientID)
	request.Header.Set("plaid-secret", p.secret)
	request.Header.Set("plaid-version", apiVersion)
	response, err := p.client.Do(request)
	if err != nil {
		if ctx.Err() != nil {
			return "", newProviderError("TIMEOUT", providerFacts{})
		}
		return "", newProviderError("UNREACHABLE", providerFacts{Detail: "no answer"})
	}
	defer response.Body.Close()
	return readAnswer(ctx, response, cursor != nil)
}

var jsonContentType = regexp.MustCompile(`(?i)^application/(json|[\w.+-]+\+json)\s*(;|$)`)

func readAnswer(ctx context.Context, response *http.Response, sentCursor bool) (string, *providerError) {
	status := response.StatusCode
	if status >= 300 && status < 400 {
		return "", newProviderError("URL_REFUSED", providerFacts{Status: status, Detail: "redirect"})
	}
	contentType := response.Header.Get("content-type")
	isJSON := contentType == "application/json" || jsonContentType.MatchString(contentType)
	limit := int64(maxErrorBodyBytes)
	if status == http.StatusOK {
		limit = maxBodyBytes
		if !isJSON {
			return "", newProviderError("BODY_UNREADABLE", providerFacts{Status: status, Detail: "content type"})
		}
	}
	var buffer bytes.Buffer
	if response.ContentLength > 0 && response.ContentLength <= limit {
		buffer.Grow(int(response.ContentLength) + bytes.MinRead)
	}
	read, err := buffer.ReadFrom(io.LimitReader(response.Body, limit+1))
	text := strings.TrimPrefix(buffer.String(), "\ufeff")
	isReadable := err == nil && read <= limit && utf8.ValidString(text) && text != ""
	if status != http.StatusOK {
		if !isReadable || !isJSON {
			text = ""
		}
		return "", classify(status, text, retryAfterMs(response.Header), sentCursor)
	}
	facts := providerFacts{Status: status}
	switch {
	case err != nil && ctx.Err() != nil:
		facts.Detail = "in the body"
		return "", newProviderError("TIMEOUT", facts)
	case err != nil:
		facts.Detail = "cut off"
		return "", newProviderError("BODY_UNREADABLE", facts)
	case read > limit:
		facts.Detail = "bytes received"
		return "", newProviderError("BODY_TOO_LARGE", facts)
	case !isReadable:
		facts.Detail = "empty, or not UTF-8"
		return "", newProviderError("BODY_UNREADABLE", facts)
	}
	return text, nil
}

// Codes that mean the same under any type: Plaid has moved some from one type to another.
var codeByPlaidCode = map[string]string{
	"TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION": "MUTATED_DURING_PAGINATION",
	"PRODUCT_NOT_READY":                            "NOT_READY",
	"ITEM_LOGIN_REQUIRED":                          "LOGIN_REQUIRED",
	"ITEM_LOCKED":                                  "LOGIN_REQUIRED",
	"INVALID_CREDENTIALS":                          "LOGIN_REQUIRED",
	"USER_SETUP_REQUIRED":                          "LOGIN_REQUIRED",
	"ITEM_NOT_FOUND":                               "ACCESS_REVOKED",
	"USER_PERMISSION_REVOKED":                      "ACCESS_REVOKED",
	"INVALID_ACCESS_TOKEN":                         "ACCESS_REVOKED",
	"NO_ACCOUNTS":                                  "ACCESS_REVOKED",
	"INSTITUTION_NO_LONGER_SUPPORTED":              "NO_LONGER_SUPPORTED",
	"UNSUPPORTED_RESPONSE":                         "NO_LONGER_SUPPORTED",
	"PLANNED_MAINTENANCE":                          "INSTITUTION_DOWN",
}

var codeByPlaidType = map[string]string{
	"RATE_LIMIT_EXCEEDED": "THROTTLED",
	"INSTITUTION_ERROR":   "INSTITUTION_DOWN",
	"API_ERROR":           "SERVER_ERROR",
}

var (
	namesCursor    = regexp.MustCompile(`(?i)\bcursor\b`)
	safeCode       = regexp.MustCompile(`^[A-Za-z][A-Za-z_.-]{1,79}$`)
	safeRequest    = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	onlyDigits     = regexp.MustCompile(`^\d+$`)
	retryAfterSecs = regexp.MustCompile(`^\d+(\.\d+)?$`)
)

// classify goes by type and code, never by the status alone: most bank and Item faults are 400.
func classify(status int, text string, retryAfterMs int64, sentCursor bool) *providerError {
	facts := providerFacts{Status: status, RetryAfterMs: retryAfterMs}
	body, err := parseJSON(text)
	code := ""
	if plaidType, plaidCode := member(body, err, "error_type"), member(body, err, "error_code"); plaidType != nil && plaidCode != nil {
		code = codeOfBody(body, *plaidType, *plaidCode, status, sentCursor)
		if safeCode.MatchString(*plaidCode) {
			facts.ProviderCode = *plaidCode
		}
		facts.RequestID = safeRequestID(body.textOr("request_id"))
	} else {
		facts.Detail = "not the provider's error shape"
		switch {
		case status == http.StatusUnauthorized || status == http.StatusForbidden:
			code = "REQUEST_REJECTED"
		case status >= 500:
			code = "SERVER_ERROR"
		case status == http.StatusTooManyRequests:
			code = "THROTTLED"
		default:
			code = "BODY_UNREADABLE"
		}
	}
	if code == "THROTTLED" && facts.RetryAfterMs == 0 {
		facts.RetryAfterMs = quotaWindowMs
	}
	return newProviderError(code, facts)
}

func member(body *jsonValue, err error, name string) *string {
	if err != nil {
		return nil
	}
	return body.textOr(name)
}

func codeOfBody(body *jsonValue, plaidType, plaidCode string, status int, sentCursor bool) string {
	if reason := body.textOr("error_code_reason"); plaidCode == "ITEM_LOGIN_REQUIRED" && reason != nil &&
		*reason == "OAUTH_CONSENT_EXPIRED" {
		return "CONSENT_EXPIRED"
	}
	if message := body.textOr("error_message"); plaidCode == "INVALID_FIELD" && sentCursor && message != nil &&
		namesCursor.MatchString(*message) {
		return "CURSOR_UNKNOWN"
	}
	if code, ok := codeByPlaidCode[plaidCode]; ok {
		return code
	}
	if code, ok := codeByPlaidType[plaidType]; ok {
		return code
	}
	switch {
	case status == http.StatusTooManyRequests:
		return "THROTTLED"
	case status >= 500:
		return "SERVER_ERROR"
	}
	return "REQUEST_REJECTED"
}

func safeRequestID(id *string) string {
	if id == nil || !safeRequest.MatchString(*id) || onlyDigits.MatchString(*id) {
		return ""
	}
	return *id
}

const longestHonouredWaitMs = 7 * 86_400_000

// retryAfterMs reads both forms of the header; 0 when there is nothing to wait for.
func retryAfterMs(header http.Header) int64 {
	value := strings.TrimSpace(header.Get("retry-after"))
	var waitMs int64
	if retryAfterSecs.MatchString(value) {
		seconds, err := strconv.ParseFloat(value, 64)
		if err != nil || seconds > longestHonouredWaitMs/1000 {
			return longestHonouredWaitMs
		}
		waitMs = int64(math.Ceil(seconds * 1000))
	} else if at, err := http.ParseTime(value); err == nil {
		now := time.Now()
		if sent, err := http.ParseTime(header.Get("date")); err == nil {
			now = sent
		}
		waitMs = at.Sub(now).Milliseconds()
	}
	return max(0, min(waitMs, longestHonouredWaitMs))
}
