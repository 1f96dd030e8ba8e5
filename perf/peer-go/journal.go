package main

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
)

// The journal of a connection: append-only, one conditional write an entry; the head follows in a second write.

// failure is an error with a code to branch on; its facts are keys, versions and counts, never content.
type failure struct {
	code      string
	facts     map[string]any
	exhausted bool
}

func (f *failure) Error() string { return f.code }

func fail(code string, facts map[string]any) *failure { return &failure{code: code, facts: facts} }

type journal struct {
	client *dynamodb.Client
	table  string
}

type item = map[string]types.AttributeValue

func textValue(text string) types.AttributeValue { return &types.AttributeValueMemberS{Value: text} }
func numberValue(number int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(number, 10)}
}

func textOf(from item, name string) string {
	if text, ok := from[name].(*types.AttributeValueMemberS); ok {
		return text.Value
	}
	return ""
}

// fault names what a failed call means; the SDK has retried it by then.
func (j *journal) fault(ctx context.Context, operation string, err error) *failure {
	facts := map[string]any{"operation": operation, "table": j.table}
	var api smithy.APIError
	switch {
	case ctx.Err() != nil:
		return fail("DEADLINE_EXCEEDED", facts)
	case !errors.As(err, &api):
		return fail("TABLE_UNREACHABLE", facts)
	}
	facts["reason"] = api.ErrorCode()
	switch api.ErrorCode() {
	case "ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException":
		return fail("TABLE_THROTTLED", facts)
	}
	if api.ErrorFault() == smithy.FaultServer {
		return fail("TABLE_UNREACHABLE", facts)
	}
	return fail("TABLE_REJECTED", facts)
}

func (j *journal) get(ctx context.Context, pk, sk string, fresh bool) (item, *failure) {
	answer, err := j.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &j.table,
		Key:            item{"pk": textValue(pk), "sk": textValue(sk)},
		ConsistentRead: &fresh,
	})
	if err != nil {
		return nil, j.fault(ctx, "GetItem", err)
	}
	return answer.Item, nil
}

// put says whether the condition held. A retried put may meet itself: the caller reads back.
func (j *journal) put(ctx context.Context, input *dynamodb.PutItemInput) (bool, *failure) {
	input.TableName = &j.table
	_, err := j.client.PutItem(ctx, input)
	var refused *types.ConditionalCheckFailedException
	switch {
	case err == nil:
		return true, nil
	case errors.As(err, &refused):
		return false, nil
	}
	return false, j.fault(ctx, "PutItem", err)
}

// readHead may be some entries behind: append finds out. A head that is missing or damaged is made again from the entries.
func (j *journal) readHead(ctx context.Context, connectionID string) (*head, *failure) {
	stored, err := j.get(ctx, connectionPK(connectionID), headSK, false)
	if err != nil {
		return nil, err
	}
	if stored != nil {
		if h := decodeHead(stored, connectionID); h != nil {
			return h, nil
		}
	}
	h, err := j.rollForward(ctx, nil, connectionID)
	if err == nil && h == nil {
		return nil, fail("CONNECTION_UNKNOWN", map[string]any{"connectionId": connectionID})
	}
	return h, err
}

func checkSum(pk, version, hash, body string) string { return hashParts(pk, version, hash, body)[:32] }

const headAttributes = 6

func decodeHead(stored item, connectionID string) *head {
	version, ok := stored["version"].(*types.AttributeValueMemberN)
	if !ok || len(stored) != headAttributes {
		return nil
	}
	hash, body := textOf(stored, "hash"), textOf(stored, "body")
	number, err := strconv.ParseInt(version.Value, 10, 64)
	if err != nil || checkSum(connectionPK(connectionID), version.Value, hash, body) != textOf(stored, "sum") {
		return nil
	}
	h := &head{}
	if json.Unmarshal([]byte(body), h) != nil {
		return nil
	}
	h.connectionID, h.version, h.hash = connectionID, number, hash
	return h
}

// saveHead only ever moves upwards: a stored head that is as new or newer stays.
func (j *journal) saveHead(ctx context.Context, h *head) *failure {
	pk, version, body := connectionPK(h.connectionID), strconv.FormatInt(h.version, 10), string(canonicalJSON(h))
	_, err := j.put(ctx, &dynamodb.PutItemInput{
		Item: item{
			"pk": textValue(pk), "sk": textValue(headSK), "version": numberValue(h.version), "hash": textValue(h.hash),
			"body": textValue(body), "sum": textValue(checkSum(pk, version, h.hash, body)),
		},
		ConditionExpression:       aws.String("attribute_not_exists(sk) OR #a < :v"),
		ExpressionAttributeNames:  map[string]string{"#a": "version"},
		ExpressionAttributeValues: item{":v": numberValue(h.version)},
	})
	return err
}

// append writes the entry after h. On a conflict nothing was written and the head has every entry that is there.
func (j *journal) append(ctx context.Context, h *head, content any) (next *head, committed bool, err *failure) {
	pk, sk := connectionPK(h.connectionID), entrySK(h.version+1)
	body := string(canonicalJSON(content))
	added := entry{h.connectionID, h.version + 1, h.hash, entryHash(h.hash, pk, sk, body), content}
	next, err = foldHead(h, added)
	if err != nil {
		return nil, false, err
	}
	written, err := j.put(ctx, &dynamodb.PutItemInput{
		Item: item{
			"pk": textValue(pk), "sk": textValue(sk), "prev": textValue(h.hash), "hash": textValue(added.hash), "body": textValue(body),
		},
		ConditionExpression: aws.String("attribute_not_exists(sk)"),
	})
	if err != nil || written {
		return next, written, err
	}
	stored, err := j.get(ctx, pk, sk, true)
	if err != nil {
		return nil, false, err
	}
	if textOf(stored, "hash") == added.hash {
		return next, true, nil // ours: the answer to an earlier attempt was lost
	}
	next, err = j.rollForward(ctx, h, h.connectionID)
	return next, false, err
}

// rollForward folds what has been written since h, the whole journal for nil.
func (j *journal) rollForward(ctx context.Context, h *head, connectionID string) (*head, *failure) {
	from := int64(1)
	if h != nil {
		from = h.version + 1
	}
	pages := dynamodb.NewQueryPaginator(j.client, &dynamodb.QueryInput{
		TableName:              &j.table,
		KeyConditionExpression: aws.String("pk = :p AND sk BETWEEN :f AND :t"),
		ExpressionAttributeValues: item{
			":p": textValue(connectionPK(connectionID)), ":f": textValue(entrySK(from)), ":t": textValue("LOG#999999999999"),
		},
		ConsistentRead: aws.Bool(true),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, j.fault(ctx, "Query", err)
		}
		for _, stored := range page.Items {
			opened, ok := openEntry(stored, connectionID)
			if !ok {
				return nil, fail("ENTRY_CORRUPT", map[string]any{"pk": textOf(stored, "pk"), "sk": textOf(stored, "sk")})
			}
			folded, failed := foldHead(h, opened)
			if failed != nil {
				return nil, failed
			}
			h = folded
		}
	}
	return h, nil
}

// openEntry verifies an entry against its hash and its key.
func openEntry(stored item, connectionID string) (entry, bool) {
	pk, sk, prev := textOf(stored, "pk"), textOf(stored, "sk"), textOf(stored, "prev")
	hash, body := textOf(stored, "hash"), textOf(stored, "body")
	version, err := strconv.ParseInt(strings.TrimPrefix(sk, "LOG#"), 10, 64)
	if err != nil || pk != connectionPK(connectionID) || entryHash(prev, pk, sk, body) != hash {
		return entry{}, false
	}
	var kind struct {
		Kind string `json:"kind"`
	}
	if json.Unmarshal([]byte(body), &kind) != nil {
		return entry{}, false
	}
	var content any = &linkedEntry{}
	switch kind.Kind {
	case "page":
		content = &pageEntry{}
	case "status":
		content = &statusEntry{}
	}
	if json.Unmarshal([]byte(body), content) != nil {
		return entry{}, false
	}
	return entry{connectionID, version, prev, hash, content}, true
}

// putQuarantined is safe to repeat with the same record and time.
func (j *journal) putQuarantined(ctx context.Context, connectionID string, record quarantined, receivedEpochMs int64) *failure {
	pk := "QUAR#" + connectionID
	at := time.UnixMilli(receivedEpochMs).UTC().Format("2006-01-02T15:04:05.000Z")
	expires := receivedEpochMs/1000 + quarantineTTLDays*secondsPerDay
	body := string(canonicalJSON(record))
	sk := at + "#" + hashParts(pk, at, strconv.FormatInt(expires, 10), body)[:32]
	_, err := j.put(ctx, &dynamodb.PutItemInput{
		Item: item{
			"pk": textValue(pk), "sk": textValue(sk), "body": textValue(body), "expiresEpochSeconds": numberValue(expires),
		},
		ConditionExpression: aws.String("attribute_not_exists(sk)"),
	})
	return err
}
