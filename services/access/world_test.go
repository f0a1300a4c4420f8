package access_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/access"
	"resume-matcher/tests/testdb"
)

var (
	secretOne = strings.Repeat("first-secret-", 3)
	secretTwo = strings.Repeat("other-secret-", 3)
)

// clock is a time that tests move.
type clock struct{ nanos atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.nanos.Store(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.nanos.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.nanos.Add(int64(d)) }

// world is an authenticator on a database of its own.
type world struct {
	*access.Authenticator
	db     *gorm.DB
	clock  *clock
	tokens *access.Tokens
}

func newWorld(t testing.TB, change func(*access.Options)) world {
	t.Helper()
	w := world{clock: newClock()}
	o := access.Options{SessionSecrets: secretOne, Now: w.clock.now}
	if change != nil {
		change(&o)
	}
	if o.DB == nil {
		o.DB = testdb.Open(t)
	}
	w.db = o.DB
	var err error
	w.Authenticator, err = access.New(o)
	require.NoError(t, err)
	w.tokens = access.NewTokens(w.db, w.clock.now)
	return w
}

// requireKind asserts a failure that shows none of the secrets.
func requireKind(t *testing.T, kind models.Kind, err error, secrets ...string) {
	t.Helper()
	var public *models.Error
	require.ErrorAs(t, err, &public)
	require.Equal(t, kind, public.Kind, public.Message)
	for _, secret := range secrets {
		if secret != "" {
			require.NotContains(t, err.Error(), secret)
		}
	}
}

// issuer is an identity provider on this machine.
type issuer struct {
	url string
	// requests counts how often the keys were read.
	requests atomic.Int64

	mu     sync.Mutex
	answer http.HandlerFunc
}

const (
	issuerName = "https://id.example.com/"
	audience   = "resume-matcher"
)

func newIssuer(t testing.TB, keys ...map[string]any) *issuer {
	t.Helper()
	i := &issuer{}
	i.publish(keys...)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.requests.Add(1)
		i.mu.Lock()
		answer := i.answer
		i.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	i.url = server.URL
	return i
}

func (i *issuer) publish(keys ...map[string]any) {
	body, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		panic(err)
	}
	i.answers(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
}

func (i *issuer) answers(h http.HandlerFunc) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.answer = h
}

func (i *issuer) options() access.ProviderOptions {
	return access.ProviderOptions{JWKSURL: i.url, Issuer: issuerName, Audience: audience}
}

func (i *issuer) world(t testing.TB) world {
	return newWorld(t, func(o *access.Options) { o.Provider = i.options() })
}

// The keys are made once: RSA keys take long.
var (
	rsaKey      = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	strangerKey = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	ecKey       = sync.OnceValue(func() *ecdsa.PrivateKey { return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)) })
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func publicKey(kid string, key crypto.Signer) map[string]any {
	encode := base64.RawURLEncoding.EncodeToString
	switch k := key.Public().(type) {
	case *rsa.PublicKey:
		return map[string]any{"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256",
			"n": encode(k.N.Bytes()), "e": encode(big.NewInt(int64(k.E)).Bytes())}
	case *ecdsa.PublicKey:
		point := must(k.Bytes())
		return map[string]any{"kty": "EC", "kid": kid, "crv": k.Params().Name,
			"x": encode(point[1 : 1+len(point)/2]), "y": encode(point[1+len(point)/2:])}
	}
	panic("no such key")
}

// claimsAt are those of a good token made at the given time.
func claimsAt(now time.Time) jwt.MapClaims {
	return jwt.MapClaims{
		"iss": issuerName, "aud": audience, "sub": "person-1",
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
}

func signed(method jwt.SigningMethod, kid any, claims jwt.MapClaims, key any) string {
	token := jwt.NewWithClaims(method, claims)
	if kid != nil {
		token.Header["kid"] = kid
	}
	return must(token.SignedString(key))
}
