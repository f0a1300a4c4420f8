package access

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// The signatures that count. Of the symmetric ones none does: a published key is no secret.
const (
	algRS256 = "RS256"
	algES256 = "ES256"
)

const (
	maxPublishedKeys = 64
	minRSABits       = 2048
	maxRSABits       = 8192 // beyond it a check takes too long
	p256Bytes        = 32
)

// keyID names a key together with the one algorithm it is for, so that no token can choose another.
type keyID struct {
	kid, algorithm string
}

// publishedKey is a JSON Web Key, RFC 7517, as far as it concerns RSA and P-256.
type publishedKey struct {
	KeyType    string   `json:"kty"`
	KeyID      string   `json:"kid"`
	Use        string   `json:"use"`
	Operations []string `json:"key_ops"`
	Algorithm  string   `json:"alg"`
	Curve      string   `json:"crv"`
	Modulus    string   `json:"n"`
	Exponent   string   `json:"e"`
	X          string   `json:"x"`
	Y          string   `json:"y"`
}

// parseKeySet reads a JSON Web Key Set and passes over keys for other purposes; it fails if none is left.
func parseKeySet(body []byte) (map[keyID]crypto.PublicKey, error) {
	var set struct {
		Keys []publishedKey `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, errors.New("not a JSON Web Key Set")
	}
	if len(set.Keys) > maxPublishedKeys {
		return nil, fmt.Errorf("more than %d keys", maxPublishedKeys)
	}
	keys := map[keyID]crypto.PublicKey{}
	for _, k := range set.Keys {
		id, key := k.parse()
		if _, taken := keys[id]; key != nil && !taken {
			keys[id] = key
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("no RS256 or ES256 key with an id")
	}
	return keys, nil
}

// parse returns nil for a key that can't check a token.
func (k publishedKey) parse() (keyID, crypto.PublicKey) {
	forSignatures := (k.Use == "" || k.Use == "sig") && (k.Operations == nil || slices.Contains(k.Operations, "verify"))
	if !forSignatures || k.KeyID == "" || len(k.KeyID) > maxKeyIDBytes {
		return keyID{}, nil
	}
	var algorithm string
	var key crypto.PublicKey
	switch k.KeyType {
	case "RSA":
		algorithm, key = algRS256, k.rsa()
	case "EC":
		algorithm, key = algES256, k.p256()
	}
	if k.Algorithm != "" && k.Algorithm != algorithm {
		return keyID{}, nil
	}
	return keyID{k.KeyID, algorithm}, key
}

func (k publishedKey) rsa() crypto.PublicKey {
	modulus, ok := decodeInteger(k.Modulus, maxRSABits)
	exponent, okToo := decodeInteger(k.Exponent, 31)
	if !ok || !okToo || modulus.BitLen() < minRSABits || modulus.Bit(0) == 0 || exponent.Bit(0) == 0 || exponent.Int64() < 3 {
		return nil
	}
	return &rsa.PublicKey{N: modulus, E: int(exponent.Int64())}
}

func (k publishedKey) p256() crypto.PublicKey {
	x, err := base64.RawURLEncoding.DecodeString(k.X)
	y, errToo := base64.RawURLEncoding.DecodeString(k.Y)
	if err != nil || errToo != nil || k.Curve != "P-256" || len(x) != p256Bytes || len(y) != p256Bytes {
		return nil
	}
	// It refuses a point that is not on the curve.
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y))
	if err != nil {
		return nil
	}
	return key
}

// decodeInteger reads a positive integer of at most bits bits.
func decodeInteger(encoded string, bits int) (*big.Int, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return nil, false
	}
	n := new(big.Int).SetBytes(raw)
	return n, n.Sign() > 0 && n.BitLen() <= bits
}
