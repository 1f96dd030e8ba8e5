package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// invocation has what tells the three forms apart, and what two of them are read from.
type invocation struct {
	Records        []events.SQSMessage `json:"Records"`
	RequestContext struct {
		HTTP struct {
			Method string `json:"method"`
		} `json:"http"`
	} `json:"requestContext"`
	Headers         map[string]string `json:"headers"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

// handle takes an SQS batch, a function URL call or a direct invocation, and runs each event.
func (d *dependencies) handle(ctx context.Context, input json.RawMessage) (any, error) {
	var given invocation
	if err := json.Unmarshal(input, &given); err != nil {
		return nil, &malformedEvent{"event", "a JSON object"}
	}
	switch {
	case given.Records != nil:
		return d.handleBatch(ctx, given.Records), nil
	case given.RequestContext.HTTP.Method != "":
		return d.handleHTTP(ctx, given), nil
	}
	event, err := parseSyncRequested(input, requestID(ctx), time.Now().UnixMilli())
	if err != nil {
		return nil, err
	}
	return d.process(ctx, event, nil), nil
}

func requestID(ctx context.Context) string {
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		return lc.AwsRequestID
	}
	return ""
}

// handleBatch runs all records at once; exactly the failed ones are reported back and come again.
func (d *dependencies) handleBatch(ctx context.Context, records []events.SQSMessage) events.SQSEventResponse {
	failed := make([]bool, len(records))
	var group sync.WaitGroup
	for i := range records {
		group.Go(func() { failed[i] = d.handleRecord(ctx, &records[i]) })
	}
	group.Wait()
	response := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	for i, one := range failed {
		if one {
			failure := events.SQSBatchItemFailure{ItemIdentifier: records[i].MessageId}
			response.BatchItemFailures = append(response.BatchItemFailures, failure)
		}
	}
	return response
}

func (d *dependencies) handleRecord(ctx context.Context, record *events.SQSMessage) (failed bool) {
	sentEpochMs, _ := strconv.ParseInt(record.Attributes["SentTimestamp"], 10, 64)
	event, err := parseSyncRequested([]byte(record.Body), record.MessageId, sentEpochMs)
	if err != nil {
		// Poison: it comes back until the queue moves it to the dead letters, where a person sees it.
		d.telemetry.writeMalformed(record.MessageId, err.Error())
		return true
	}
	queueAgeMs := float64(max(0, time.Now().UnixMilli()-sentEpochMs))
	return d.process(ctx, event, &queueAgeMs).Outcome.Kind == "failed"
}

var jsonRequest = regexp.MustCompile(`(?i)^application/json\b`)

func (d *dependencies) handleHTTP(ctx context.Context, given invocation) events.LambdaFunctionURLResponse {
	if given.RequestContext.HTTP.Method != http.MethodPost {
		body := map[string]string{"code": "METHOD_NOT_ALLOWED", "remedy": "send the event with POST"}
		return respond(http.StatusMethodNotAllowed, body, "allow", http.MethodPost)
	}
	if contentType := given.Headers["content-type"]; contentType != "application/json" && !jsonRequest.MatchString(contentType) {
		body := map[string]string{"code": "CONTENT_TYPE_UNSUPPORTED", "remedy": "send content-type: application/json"}
		return respond(http.StatusUnsupportedMediaType, body)
	}
	body := []byte(given.Body)
	if given.IsBase64Encoded {
		body, _ = base64.StdEncoding.DecodeString(given.Body) // what is not base64 is not JSON either
	}
	event, err := parseSyncRequested(body, requestID(ctx), time.Now().UnixMilli())
	if err != nil {
		remedy := `the body must be JSON such as {"connectionId":"conn-0"}`
		if malformed, ok := err.(*malformedEvent); ok && malformed.member != "event" {
			remedy = malformed.member + " must be " + malformed.expected
		}
		return respond(http.StatusBadRequest, map[string]string{"code": "EVENT_MALFORMED", "remedy": remedy})
	}
	report := d.process(ctx, event, nil)
	if report.Outcome.Kind == "postponed" {
		seconds := strconv.Itoa(int(math.Ceil(float64(*report.Outcome.DelayMs) / 1000)))
		return respond(http.StatusAccepted, report, "retry-after", seconds)
	}
	return respond(statusOf(report.Outcome), report)
}

// statusOf: who has to act decides the class: 2xx nobody, 4xx the caller, 5xx us or the provider.
func statusOf(ended outcome) int {
	switch {
	case ended.Kind == "committed" || ended.Kind == "coalesced":
		return http.StatusOK
	case ended.Kind == "stopped":
		return http.StatusConflict
	case ended.Code == "CONNECTION_UNKNOWN":
		return http.StatusNotFound
	case ended.Code == "DEADLINE_EXCEEDED":
		return http.StatusGatewayTimeout
	case ended.isExhausted():
		return http.StatusBadGateway
	}
	return http.StatusServiceUnavailable
}

func respond(status int, body any, header ...string) events.LambdaFunctionURLResponse {
	headers := map[string]string{"content-type": "application/json"}
	for i := 0; i+1 < len(header); i += 2 {
		headers[header[i]] = header[i+1]
	}
	return events.LambdaFunctionURLResponse{
		StatusCode: status, Headers: headers, Body: strings.TrimSpace(string(canonicalJSON(body))),
	}
}
