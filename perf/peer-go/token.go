package main

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"strings"
)

const sealPrefix = "v1."

var errTokenUnreadable = errors.New("TOKEN_UNREADABLE")

// newTokenOpener takes 32 bytes in base64. AES-256-GCM: nonce, sealed text, tag; bound to the connection by its id.
func newTokenOpener(keyBase64 string) (func(sealed, connectionID string) (string, error), error) {
	key, err := base64.StdEncoding.DecodeString(keyBase64)
	if err != nil || len(key) != 32 {
		return nil, errors.New("TOKEN_KEY must be 32 bytes in base64")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return func(sealed, connectionID string) (string, error) {
		text, ok := strings.CutPrefix(sealed, sealPrefix)
		if !ok {
			return "", errTokenUnreadable
		}
		bytes, err := base64.RawURLEncoding.Strict().DecodeString(text)
		if err != nil || len(bytes) < gcm.NonceSize()+gcm.Overhead() {
			return "", errTokenUnreadable
		}
		nonce, rest := bytes[:gcm.NonceSize()], bytes[gcm.NonceSize():]
		opened, err := gcm.Open(nil, nonce, rest, []byte(sealPrefix+connectionID))
		if err != nil {
			return "", errTokenUnreadable
		}
		return string(opened), nil
	}, nil
}
