package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// KeyOf returns the SHA-256, in hex, of everything that shapes an answer.
//
// Parameters and messages count as their JSON: equal JSON, with maps in any order, gives equal keys. Text that is not
// valid UTF-8 is an error, since JSON writes all invalid bytes alike.
func KeyOf(workspaceID, provider, model, promptVersion string, parameters any, messages any) (string, error) {
	// Each part is preceded by its length, so that no text can move from one part to the next unnoticed.
	var parts []byte
	for _, text := range []string{workspaceID, provider, model, promptVersion} {
		parts = appendPart(parts, []byte(text))
	}
	for _, value := range []any{parameters, messages} {
		encoded, err := json.Marshal(value)
		if err != nil {
			return "", fmt.Errorf("cache key: %w", err)
		}
		if replaced(encoded) {
			return "", errors.New("cache key: text is not valid UTF-8")
		}
		parts = appendPart(parts, encoded)
	}
	sum := sha256.Sum256(parts)
	return hex.EncodeToString(sum[:]), nil
}

func appendPart(to, part []byte) []byte {
	return append(binary.BigEndian.AppendUint64(to, uint64(len(part))), part...)
}

// replaced tells whether the encoder met invalid UTF-8: only then it writes the replacement character as an escape.
// Escaped backslashes go first, lest "\\ufffd" be taken for one.
func replaced(encoded []byte) bool {
	const escape = `\ufffd`
	return bytes.Contains(encoded, []byte(escape)) &&
		bytes.Contains(bytes.ReplaceAll(encoded, []byte(`\\`), nil), []byte(escape))
}
