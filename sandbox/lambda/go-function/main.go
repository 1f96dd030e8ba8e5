// A Lambda function in Go, as anybody would write one: it knows nothing of the host that it is tested on.
//
// Given a batch from SQS it reports the records whose body starts with "bad"; given a request of a function URL it answers
// with path and body; given anything else it returns it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type probe struct {
	Records        []json.RawMessage `json:"Records"`
	RequestContext *json.RawMessage  `json:"requestContext"`
	Fail           string            `json:"fail"`
	Exit           int               `json:"exit"`
}

type answer struct {
	Event     json.RawMessage `json:"event"`
	RequestID string          `json:"requestId"`
	Function  string          `json:"function"`
	Deadline  int64           `json:"deadlineEpochMs"`
}

func handle(ctx context.Context, event json.RawMessage) (any, error) {
	var kind probe
	_ = json.Unmarshal(event, &kind) // a bare string or number is an event, too
	switch {
	case kind.Fail != "":
		return nil, errors.New(kind.Fail)
	case kind.Exit != 0:
		os.Exit(kind.Exit)
	case kind.Records != nil:
		return handleBatch(event)
	case kind.RequestContext != nil:
		return handleRequest(event)
	}
	lc, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	return answer{event, lc.AwsRequestID, lambdacontext.FunctionName, deadline.UnixMilli()}, nil
}

func handleBatch(event json.RawMessage) (any, error) {
	var batch events.SQSEvent
	if err := json.Unmarshal(event, &batch); err != nil {
		return nil, err
	}
	var response events.SQSEventResponse
	for _, record := range batch.Records {
		fmt.Println(record.MessageId, record.Body)
		if strings.HasPrefix(record.Body, "bad") {
			failure := events.SQSBatchItemFailure{ItemIdentifier: record.MessageId}
			response.BatchItemFailures = append(response.BatchItemFailures, failure)
		}
	}
	return response, nil
}

func handleRequest(event json.RawMessage) (any, error) {
	var request events.LambdaFunctionURLRequest
	if err := json.Unmarshal(event, &request); err != nil {
		return nil, err
	}
	return events.LambdaFunctionURLResponse{
		StatusCode: 201,
		Headers:    map[string]string{"Content-Type": "text/plain"},
		Body:       request.RequestContext.HTTP.Method + " " + request.RawPath + " " + request.Body,
		Cookies:    []string{"seen=1"},
	}, nil
}

func main() {
	lambda.Start(handle)
}
