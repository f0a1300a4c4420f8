package models

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/google/uuid"
)

// HashContent returns the SHA-256 of content as 64 lower-case hex digits.
func HashContent(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// HashFile returns the SHA-256 of an uploaded file's bytes as 64 lower-case hex digits.
func HashFile(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// setID fills an empty primary key with a UUID of version 7, whose order in time keeps index inserts local.
func setID(id *string) error {
	if *id != "" {
		return nil
	}
	v, err := uuid.NewV7()
	if err != nil {
		return err
	}
	*id = v.String()
	return nil
}
