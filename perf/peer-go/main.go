// The process function in Go: the same job as apps/processor, written as a Go team would, with AWS's own libraries. It is
// what the TypeScript function is measured against, so it reads the same event, makes the same calls, checks the same
// members and writes the same journal entry, head and lines. perf/bench holds the two to the same entries.
//
// Left out, because the measured event never meets them: traces; messages put back on the queue (continuations, waits): an
// event that would need one is reported as failed, so that the queue brings it back; the guard against provider names that
// resolve to private addresses; a second fetch when a head was saved but its answer lost.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

type dependencies struct {
	journal   *journal
	plaid     *plaid
	openToken func(sealed, connectionID string) (string, error)
	telemetry *telemetry
}

func main() {
	deps, err := compose(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	lambda.Start(deps.handle)
}

func compose(ctx context.Context) (*dependencies, error) {
	for _, name := range []string{"TABLE_NAME", "TOKEN_KEY", "PLAID_BASE_URL", "PLAID_CLIENT_ID", "PLAID_SECRET"} {
		if os.Getenv(name) == "" {
			return nil, fmt.Errorf("CONFIGURATION_INVALID: %s is missing", name)
		}
	}
	openToken, err := newTokenOpener(os.Getenv("TOKEN_KEY"))
	if err != nil {
		return nil, err
	}
	provider, err := newPlaid(os.Getenv("PLAID_BASE_URL"), os.Getenv("PLAID_CLIENT_ID"), os.Getenv("PLAID_SECRET"))
	if err != nil {
		return nil, err
	}
	client, err := newDynamoDB(ctx, os.Getenv("DYNAMODB_ENDPOINT"))
	if err != nil {
		return nil, err
	}
	return &dependencies{
		journal:   &journal{client: client, table: os.Getenv("TABLE_NAME")},
		plaid:     provider,
		openToken: openToken,
		telemetry: &telemetry{out: os.Stdout},
	}, nil
}

// newDynamoDB keeps connections open and tries a call again, with jitter, inside the event's deadline.
func newDynamoDB(ctx context.Context, endpoint string) (*dynamodb.Client, error) {
	settings, err := config.LoadDefaultConfig(ctx,
		config.WithHTTPClient(awshttp.NewBuildableClient().
			WithTimeout(tableAttemptMs*time.Millisecond).
			WithTransportOptions(func(transport *http.Transport) { transport.MaxIdleConnsPerHost = maxConnections })),
		config.WithRetryer(func() aws.Retryer {
			return retry.NewStandard(func(options *retry.StandardOptions) {
				options.MaxAttempts, options.MaxBackoff = tableMaxAttempts, tableMaxBackoff
			})
		}),
	)
	if err != nil {
		return nil, err
	}
	return dynamodb.NewFromConfig(settings, func(options *dynamodb.Options) {
		if endpoint != "" {
			options.BaseEndpoint = &endpoint
		}
	}), nil
}
