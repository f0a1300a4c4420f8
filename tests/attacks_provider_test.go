package tests

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/services/access"
	"resume-matcher/tests/testdb"
)

const (
	tokenIssuer   = "https://id.example.com/"
	tokenAudience = "resume-matcher"
	tokenKeyID    = "key-1"
)

// Keys are made once: they take long.
var (
	providerKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })
	strangerKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })
)

// newProviderTarget has sessions and an identity provider.
func newProviderTarget(t *testing.T) target {
	t.Helper()
	temp := watchTemp(t)
	key, err := providerKey()
	require.NoError(t, err)
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": []any{publishedKey(key)}})
	}))
	t.Cleanup(keys.Close)
	s := Start(t, func(o *handlers.Options, d *services.Deps) {
		d.DB = testdb.Open(t)
		o.Access = authenticate(t, access.Options{
			DB: d.DB, SessionSecrets: SessionSecret, Logger: d.Logger,
			Provider: access.ProviderOptions{JWKSURL: keys.URL, Issuer: tokenIssuer, Audience: tokenAudience},
		})
	})
	token, _ := s.NewSession(t)
	return fill(t, target{Server: s.As(token), credential: bearer(token)}, temp)
}

func bearer(token string) string { return "Authorization: Bearer " + token }

func publishedKey(key *rsa.PrivateKey) map[string]any {
	encode := base64.RawURLEncoding.EncodeToString
	return map[string]any{
		"kty": "RSA", "kid": tokenKeyID, "use": "sig", "alg": "RS256",
		"n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes()),
	}
}

// lure is an address that hostile input names and that nobody must ask.
type lure struct {
	url   string
	asked atomic.Int64
}

func newLure(t *testing.T) *lure {
	t.Helper()
	l := &lure{}
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { l.asked.Add(1) }))
	t.Cleanup(server.Close)
	l.url = server.URL
	return l
}

// forgery is what a token is made of; its zero value is a good token of the provider.
type forgery struct {
	// header and claims replace those of a good token; nil removes one.
	header, claims map[string]any
	// payload replaces all claims.
	payload string
	// sign makes the signature instead of the provider's key.
	sign func(input string) []byte
}

func (f forgery) token(t *testing.T) string {
	t.Helper()
	key, err := providerKey()
	require.NoError(t, err)
	now := time.Now()
	header := map[string]any{"alg": "RS256", "typ": "JWT", "kid": tokenKeyID}
	claims := map[string]any{
		"iss": tokenIssuer, "aud": tokenAudience, "sub": "person-" + marker,
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
	maps.Copy(header, f.header)
	maps.Copy(claims, f.claims)
	if f.sign == nil {
		f.sign = signRS256(t, key)
	}
	if f.payload == "" {
		f.payload = encodeJSON(t, claims)
	}
	input := segment([]byte(encodeJSON(t, header))) + "." + segment([]byte(f.payload))
	return input + "." + segment(f.sign(input))
}

func segment(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func encodeJSON(t *testing.T, values map[string]any) string {
	t.Helper()
	maps.DeleteFunc(values, func(_ string, v any) bool { return v == nil })
	data, err := json.Marshal(values)
	require.NoError(t, err)
	return string(data)
}

func signRS256(t *testing.T, key *rsa.PrivateKey) func(string) []byte {
	return func(input string) []byte {
		sum := sha256.Sum256([]byte(input))
		signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
		require.NoError(t, err)
		return signature
	}
}

func signHS256(secret []byte) func(string) []byte {
	return func(input string) []byte {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(input))
		return mac.Sum(nil)
	}
}

func unsigned(string) []byte { return nil }

func TestForgedProviderTokensAreRefused(t *testing.T) {
	x, bait := newProviderTarget(t), newLure(t)
	key, err := providerKey()
	require.NoError(t, err)
	stranger, err := strangerKey()
	require.NoError(t, err)
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	require.NoError(t, err)
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	now := time.Now()
	header := func(name string, value any) map[string]any { return map[string]any{name: value} }
	own := signRS256(t, stranger)

	tokens := map[string]string{}
	for name, f := range map[string]forgery{
		"no algorithm":             {header: header("alg", "none"), sign: unsigned},
		"no algorithm, capitals":   {header: header("alg", "NoNe"), sign: unsigned},
		"no algorithm, but signed": {header: header("alg", "none")},
		"algorithm missing":        {header: header("alg", nil)},
		"algorithm a number":       {header: header("alg", 1)},
		"HMAC with the public key": {header: header("alg", "HS256"), sign: signHS256(public)},
		"HMAC with the key's DER":  {header: header("alg", "HS256"), sign: signHS256(der)},
		"HMAC with the modulus":    {header: header("alg", "HS256"), sign: signHS256(key.N.Bytes())},
		"HMAC with nothing":        {header: header("alg", "HS256"), sign: signHS256(nil)},
		"PSS":                      {header: header("alg", "PS256")},
		"RS512":                    {header: header("alg", "RS512")},
		"elliptic with zeros":      {header: header("alg", "ES256"), sign: func(string) []byte { return make([]byte, 64) }},
		"stranger's key":           {sign: own},
		"stranger's key, other id": {header: header("kid", "key-2"), sign: own},
		"no key id":                {header: header("kid", nil)},
		"empty key id":             {header: header("kid", "")},
		"key id a list":            {header: header("kid", []string{tokenKeyID})},
		"key id a path":            {header: header("kid", "../../../../dev/null"), sign: signHS256(nil)},
		"key id SQL":               {header: header("kid", "' UNION SELECT 'a'--"), sign: own},
		"key id of 5 KB":           {header: header("kid", strings.Repeat("k", 5000)), sign: own},
		"key's address":            {header: map[string]any{"kid": "key-2", "jku": bait.url}, sign: own},
		"certificate's address":    {header: map[string]any{"kid": "key-2", "x5u": bait.url}, sign: own},
		"key inside":               {header: map[string]any{"jwk": publishedKey(stranger)}, sign: own},
		"certificate inside":       {header: map[string]any{"x5c": []string{base64.StdEncoding.EncodeToString(der)}}, sign: own},
		"critical extension":       {header: map[string]any{"crit": []string{"b64"}, "b64": false}},
		"no signature":             {sign: unsigned},
		"another issuer":           {claims: header("iss", "https://evil.example/")},
		"issuer without its slash": {claims: header("iss", strings.TrimSuffix(tokenIssuer, "/"))},
		"no issuer":                {claims: header("iss", nil)},
		"another audience":         {claims: header("aud", "someone-else")},
		"no audience":              {claims: header("aud", nil)},
		"audience an object":       {claims: header("aud", map[string]any{tokenAudience: true})},
		"expired":                  {claims: header("exp", now.Add(-time.Hour).Unix())},
		"no end":                   {claims: header("exp", nil)},
		"end null":                 {payload: `{"iss":"` + tokenIssuer + `","aud":"` + tokenAudience + `","sub":"a","exp":null}`},
		"end beyond floats":        {payload: `{"iss":"` + tokenIssuer + `","aud":"` + tokenAudience + `","sub":"a","exp":1e400}`},
		"not yet valid":            {claims: header("nbf", now.Add(time.Hour).Unix())},
		"issued in the future":     {claims: header("iat", now.Add(time.Hour).Unix())},
		"no subject":               {claims: header("sub", nil)},
		"empty subject":            {claims: header("sub", "")},
		"subject an object":        {claims: header("sub", map[string]any{"$ne": ""})},
		"subject of 1 KB":          {claims: header("sub", strings.Repeat("s", 1000))},
		"payload no object":        {payload: `["` + marker + `"]`},
		"payload cut":              {payload: `{"iss":`},
		"payload nested":           {payload: strings.Repeat("[", 1000)},
		"token of 12 KB":           {claims: header("x", strings.Repeat("x", 12<<10))},
	} {
		tokens[name] = f.token(t)
	}
	good := forgery{}.token(t)
	parts := strings.Split(good, ".")
	tokens["two parts"] = parts[0] + "." + parts[1]
	tokens["four parts"] = good + "." + parts[2]
	tokens["five parts, encrypted"] = strings.Join([]string{segment([]byte(`{"alg":"dir","enc":"A256GCM"}`)), "", "", parts[1], ""}, ".")
	tokens["only dots"] = "...."
	tokens["claims of another token"] = parts[0] + "." + segment([]byte(strings.Replace(string(must(base64.RawURLEncoding.DecodeString(parts[1]))), "person", "person2", 1))) + "." + parts[2]
	tokens["padded signature"] = good + "=="
	tokens["trailing bits in the signature"] = good[:len(good)-1] + string(good[len(good)-1]+1)

	x.suffer(t, func(x target) []attack { return x.unauthorized(tokens) })
	assert.Zero(t, bait.asked.Load(), "no address in a token is asked")
	x.credential = bearer(good)
	assert.Equal(t, http.StatusOK, x.exchange(t, x.get("/api/v1/auth/whoami"), false).Status, "the provider's own token opens a workspace")
	assert.NotContains(t, x.Log.String(), marker, "no log holds a claim")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// unauthorized sends each token for a list of résumés.
func (x target) unauthorized(tokens map[string]string) []attack {
	requests := map[string]string{}
	for name, token := range tokens {
		x.credential = bearer(token)
		requests[name] = x.get("/api/v1/resumes/list")
	}
	return refused(http.StatusUnauthorized, models.KindUnauthorized, requests)
}
