package main

import (
	"fmt"
	"strings"
)

// The canonical model and the journal's items. Members stand in the order of their JSON names: encoding/json writes them in
// that order, and canonical JSON is sorted.

type money struct {
	Currency           *string `json:"currency"`
	Exponent           int     `json:"exponent"`
	Minor              string  `json:"minor"`
	UnofficialCurrency *string `json:"unofficialCurrency"`
}

type balance struct {
	Amount         money   `json:"amount"`
	AsOf           *string `json:"asOf"`
	AsOfBasis      string  `json:"asOfBasis"`
	BalanceType    string  `json:"balanceType"`
	CreditIncluded bool    `json:"creditIncluded"`
	CreditLine     *money  `json:"creditLine"`
	SourceType     string  `json:"sourceType"`
}

type account struct {
	AccountID         string    `json:"accountId"`
	Balances          []balance `json:"balances"`
	Currency          *string   `json:"currency"`
	IdentityBasis     string    `json:"identityBasis"`
	Mask              *string   `json:"mask"`
	Name              *string   `json:"name"`
	Nature            string    `json:"nature"`
	ProviderAccountID string    `json:"providerAccountId"`
	Type              string    `json:"type"`
}

type category struct {
	Detailed string `json:"detailed"`
	Primary  string `json:"primary"`
}

type transaction struct {
	AccountID             string    `json:"accountId"`
	Amount                money     `json:"amount"`
	BankTransactionCode   *string   `json:"bankTransactionCode"`
	BookingDate           *string   `json:"bookingDate"`
	BookingDateTime       *string   `json:"bookingDateTime"`
	Category              *category `json:"category"`
	Channel               *string   `json:"channel"`
	ContentHash           string    `json:"contentHash"`
	CounterpartyName      *string   `json:"counterpartyName"`
	Description           *string   `json:"description"`
	Direction             string    `json:"direction"`
	ExecutionDate         *string   `json:"executionDate"`
	ExecutionDateTime     *string   `json:"executionDateTime"`
	Flags                 []string  `json:"flags"`
	IDBasis               string    `json:"idBasis"`
	MerchantName          *string   `json:"merchantName"`
	ProviderTransactionID string    `json:"providerTransactionId"`
	Remittance            []string  `json:"remittance"`
	Status                string    `json:"status"`
	Supersedes            *string   `json:"supersedes"`
	TransactionID         string    `json:"transactionId"`
	ValueDate             *string   `json:"valueDate"`
}

// quarantined is a record that could not be read exactly: set aside with its reason, never guessed at.
type quarantined struct {
	Expected string `json:"expected"`
	Path     string `json:"path"`
	Reason   string `json:"reason"`
	Received string `json:"received"`
	Redacted string `json:"redacted"`
}

type loopPlace struct {
	ID   string `json:"id"`
	Last bool   `json:"last"`
	Page int    `json:"page"`
}

type pageEntry struct {
	Accounts           []account     `json:"accounts"`
	Added              []transaction `json:"added"`
	CursorAfter        *string       `json:"cursorAfter"`
	CursorBefore       *string       `json:"cursorBefore"`
	Kind               string        `json:"kind"`
	Loop               loopPlace     `json:"loop"`
	Modified           []transaction `json:"modified"`
	Quarantined        int           `json:"quarantined"`
	Removed            []string      `json:"removed"`
	RunID              string        `json:"runId"`
	SyncStartedEpochMs int64         `json:"syncStartedEpochMs"`
	WrittenEpochMs     int64         `json:"writtenEpochMs"`
}

type statusEntry struct {
	Kind               string  `json:"kind"`
	NextAttemptEpochMs *int64  `json:"nextAttemptEpochMs"`
	Reason             *string `json:"reason"`
	RunID              string  `json:"runId"`
	Status             string  `json:"status"`
	WrittenEpochMs     int64   `json:"writtenEpochMs"`
}

// linkedEntry is only ever read here: connections are linked elsewhere.
type linkedEntry struct {
	UserID        string `json:"userId"`
	Provider      string `json:"provider"`
	InstitutionID string `json:"institutionId"`
	SealedToken   string `json:"sealedToken"`
}

type entry struct {
	connectionID string
	version      int64
	previousHash string
	hash         string
	content      any // *pageEntry, *statusEntry or *linkedEntry
}

type openLoop struct {
	Accounts       []account `json:"accounts"`
	Cursor         *string   `json:"cursor"`
	ID             string    `json:"id"`
	Pages          int       `json:"pages"`
	StartedEpochMs int64     `json:"startedEpochMs"`
}

type lastSync struct {
	CompletedEpochMs int64 `json:"completedEpochMs"`
	StartedEpochMs   int64 `json:"startedEpochMs"`
}

// head is the fold of a connection's entries; what has no JSON name is stored beside the body.
type head struct {
	connectionID       string
	version            int64
	hash               string
	Accounts           []account `json:"accounts"`
	Cursor             *string   `json:"cursor"`
	InstitutionID      string    `json:"institutionId"`
	LastSync           *lastSync `json:"lastSync"`
	Loop               *openLoop `json:"loop"`
	NextAttemptEpochMs *int64    `json:"nextAttemptEpochMs"`
	Provider           string    `json:"provider"`
	SealedToken        string    `json:"sealedToken"`
	Status             string    `json:"status"`
	StatusReason       *string   `json:"statusReason"`
	UserID             string    `json:"userId"`
}

var genesisHash = strings.Repeat("0", 64)

const headSK = "HEAD"

func connectionPK(connectionID string) string { return "CONN#" + connectionID }
func entrySK(version int64) string            { return fmt.Sprintf("LOG#%012d", version) }
