package access_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/access"
	"resume-matcher/tests/testlog"
)

func TestProviderTokensGiveEachPersonOneWorkspace(t *testing.T) {
	i := newIssuer(t, publicKey("rsa", rsaKey()), publicKey("ec", ecKey()))
	w := i.world(t)
	claims := claimsAt(w.clock.now())
	one, err := w.Bearer(t.Context(), signed(jwt.SigningMethodRS256, "rsa", claims, rsaKey()))
	require.NoError(t, err)
	assert.Equal(t, models.ScopeWrite, one.Scope)
	assert.Equal(t, access.MethodProvider, one.Method)
	assert.Equal(t, w.clock.now().Add(time.Hour), one.ExpiresAt)

	again, err := w.Bearer(t.Context(), signed(jwt.SigningMethodES256, "ec", claims, ecKey()))
	require.NoError(t, err)
	assert.Equal(t, one.WorkspaceID, again.WorkspaceID)

	claims["sub"] = "person-2"
	other, err := w.Bearer(t.Context(), signed(jwt.SigningMethodRS256, "rsa", claims, rsaKey()))
	require.NoError(t, err)
	assert.NotEqual(t, one.WorkspaceID, other.WorkspaceID)
	assert.EqualValues(t, 1, i.requests.Load(), "the keys are read once")

	var rows []models.Identity
	require.NoError(t, w.db.Find(&rows).Error)
	require.Len(t, rows, 2)
	for _, row := range rows {
		assert.Regexp(t, `^[0-9a-f]{64}$`, row.Hash, "no subject is stored")
	}
}

func TestFirstRequestsOfAPersonMakeOneWorkspace(t *testing.T) {
	i := newIssuer(t, publicKey("ec", ecKey()))
	w := i.world(t)
	token := signed(jwt.SigningMethodES256, "ec", claimsAt(w.clock.now()), ecKey())
	ids := make([]string, 16)
	var all sync.WaitGroup
	for n := range ids {
		all.Go(func() {
			identity, err := w.Bearer(t.Context(), token)
			assert.NoError(t, err)
			ids[n] = identity.WorkspaceID
		})
	}
	all.Wait()
	var workspaces []models.Workspace
	require.NoError(t, w.db.Find(&workspaces).Error)
	require.Len(t, workspaces, 1)
	for _, id := range ids {
		assert.Equal(t, workspaces[0].ID, id)
	}
	assert.EqualValues(t, 1, i.requests.Load(), "all wait for one reading of the keys")
}

func TestDeletedWorkspaceOfAPersonIsMadeAnew(t *testing.T) {
	i := newIssuer(t, publicKey("ec", ecKey()))
	w := i.world(t)
	token := signed(jwt.SigningMethodES256, "ec", claimsAt(w.clock.now()), ecKey())
	before, err := w.Bearer(t.Context(), token)
	require.NoError(t, err)
	require.NoError(t, w.db.Delete(&models.Workspace{ID: before.WorkspaceID}).Error)
	after, err := w.Bearer(t.Context(), token)
	require.NoError(t, err)
	assert.NotEqual(t, before.WorkspaceID, after.WorkspaceID)
}

func TestClaimsOfProviderTokens(t *testing.T) {
	const leeway = 30 * time.Second
	i := newIssuer(t, publicKey("ec", ecKey()))
	w := i.world(t)
	now := w.clock.now()
	tests := []struct {
		name  string
		claim string
		value any // nil removes the claim
		good  bool
	}{
		{"as issued", "sub", "person-1", true},
		{"several audiences", "aud", []string{"other", audience}, true},
		{"other audience", "aud", "other", false},
		{"audience that contains ours", "aud", audience + "-test", false},
		{"no audience", "aud", nil, false},
		{"empty audience", "aud", []string{}, false},
		{"audience of another type", "aud", 7, false},
		{"other issuer", "iss", "https://id.example.org/", false},
		{"issuer without its slash", "iss", strings.TrimSuffix(issuerName, "/"), false},
		{"no issuer", "iss", nil, false},
		{"expired within the leeway", "exp", now.Add(-leeway + time.Second).Unix(), true},
		{"expired", "exp", now.Add(-leeway).Unix(), false},
		{"no expiry", "exp", nil, false},
		{"expiry as text", "exp", "never", false},
		{"expiry beyond all numbers", "exp", 1e300, false},
		{"not yet, within the leeway", "nbf", now.Add(leeway).Unix(), true},
		{"not yet", "nbf", now.Add(leeway + time.Second).Unix(), false},
		{"no start", "nbf", nil, true},
		{"made just now by a clock ahead", "iat", now.Add(leeway).Unix(), true},
		{"made in the future", "iat", now.Add(leeway + time.Second).Unix(), false},
		{"no subject", "sub", nil, false},
		{"empty subject", "sub", "", false},
		{"subject of another type", "sub", 7, false},
		{"long subject", "sub", strings.Repeat("x", 255), true},
		{"endless subject", "sub", strings.Repeat("x", 256), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			claims := claimsAt(now)
			claims[test.claim] = test.value
			maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
			token := signed(jwt.SigningMethodES256, "ec", claims, ecKey())
			_, err := w.Bearer(t.Context(), token)
			if test.good {
				require.NoError(t, err)
				return
			}
			requireKind(t, models.KindUnauthorized, err, token, "person-1")
		})
	}
}

func TestOperatorLearnsWhyTokensOfTheProviderAreRefused(t *testing.T) {
	i := newIssuer(t, publicKey("ec", ecKey()))
	var log testlog.Buffer
	w := newWorld(t, func(o *access.Options) {
		o.Provider, o.Logger = i.options(), slog.New(slog.NewTextHandler(&log, nil))
	})
	send := func(claim string, value any, key *ecdsa.PrivateKey) {
		claims := claimsAt(w.clock.now())
		claims[claim] = value
		_, err := w.Bearer(t.Context(), signed(jwt.SigningMethodES256, "ec", claims, key))
		requireKind(t, models.KindUnauthorized, err)
	}
	send("iss", "https://id.example.com", must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)))
	send("exp", w.clock.now().Add(-time.Hour).Unix(), ecKey())
	send("nbf", w.clock.now().Add(time.Hour).Unix(), ecKey())
	assert.Empty(t, log.String(), "neither a forged token nor an old or early one tells of the configuration")

	send("iss", "https://id.example.com", ecKey())
	assert.Contains(t, log.String(), "variable=AUTH_ISSUER token_names=https://id.example.com\n")
	send("aud", []string{"web", "app"}, ecKey())
	assert.Equal(t, 1, strings.Count(log.String(), "\n"), "once a minute is enough")
	w.clock.advance(time.Minute)
	send("aud", []string{"web", "app"}, ecKey())
	assert.Contains(t, log.String(), `variable=AUTH_AUDIENCE token_names="web app"`+"\n")
	assert.NotContains(t, log.String(), "person-1")
}

// unsigned writes header and claims with any signature.
func unsigned(header, claims, signature string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode([]byte(claims)) + "." + signature
}

func TestForgedProviderTokensAreRefused(t *testing.T) {
	i := newIssuer(t, publicKey("rsa", rsaKey()), publicKey("ec", ecKey()))
	w := i.world(t)
	claims := claimsAt(w.clock.now())
	body := `{"iss":"` + issuerName + `","aud":"` + audience + `","sub":"person-1","exp":99999999999}`
	good := signed(jwt.SigningMethodRS256, "rsa", claims, rsaKey())
	parts := strings.Split(good, ".")
	der := must(x509.MarshalPKIXPublicKey(rsaKey().Public()))
	published := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	otherCurve := must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	withHeader := func(name string, value any) string {
		token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
		token.Header["kid"], token.Header[name] = "rsa", value
		return must(token.SignedString(strangerKey()))
	}
	critical := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	critical.Header["kid"], critical.Header["crit"] = "rsa", []string{"b64"}
	tests := map[string]string{
		"alg none":                      unsigned(`{"alg":"none","kid":"rsa"}`, body, ""),
		"alg None":                      unsigned(`{"alg":"None","kid":"rsa"}`, body, ""),
		"alg none with a signature":     unsigned(`{"alg":"none","kid":"rsa"}`, body, parts[2]),
		"alg empty":                     unsigned(`{"alg":"","kid":"rsa"}`, body, parts[2]),
		"no alg":                        unsigned(`{"kid":"rsa"}`, body, parts[2]),
		"alg as a number":               unsigned(`{"alg":7,"kid":"rsa"}`, body, parts[2]),
		"HS256 with the public key":     signed(jwt.SigningMethodHS256, "rsa", claims, published),
		"HS256 with its modulus":        signed(jwt.SigningMethodHS256, "rsa", claims, rsaKey().N.Bytes()),
		"RS512":                         signed(jwt.SigningMethodRS512, "rsa", claims, rsaKey()),
		"PS256":                         signed(jwt.SigningMethodPS256, "rsa", claims, rsaKey()),
		"ES384":                         signed(jwt.SigningMethodES384, "ec", claims, otherCurve),
		"ES256 for the RSA key":         signed(jwt.SigningMethodES256, "rsa", claims, ecKey()),
		"RS256 for the EC key":          signed(jwt.SigningMethodRS256, "ec", claims, rsaKey()),
		"another's key":                 signed(jwt.SigningMethodRS256, "rsa", claims, strangerKey()),
		"no kid":                        signed(jwt.SigningMethodRS256, nil, claims, rsaKey()),
		"empty kid":                     signed(jwt.SigningMethodRS256, "", claims, rsaKey()),
		"kid as a number":               signed(jwt.SigningMethodRS256, 1, claims, rsaKey()),
		"kid as a list":                 signed(jwt.SigningMethodRS256, []string{"rsa"}, claims, rsaKey()),
		"unknown kid":                   signed(jwt.SigningMethodRS256, "older", claims, rsaKey()),
		"kid as a path":                 signed(jwt.SigningMethodRS256, "../../../../dev/null", claims, rsaKey()),
		"kid as SQL":                    signed(jwt.SigningMethodRS256, "x' UNION SELECT 'rsa", claims, rsaKey()),
		"kid as an address":             signed(jwt.SigningMethodRS256, "https://evil.example.org/keys", claims, rsaKey()),
		"endless kid":                   signed(jwt.SigningMethodRS256, strings.Repeat("k", 300), claims, rsaKey()),
		"own key in the header":         withHeader("jwk", publicKey("rsa", strangerKey())),
		"address of own keys":           withHeader("jku", "https://evil.example.org/keys"),
		"certificate address":           withHeader("x5u", "https://evil.example.org/cert"),
		"critical extension":            must(critical.SignedString(rsaKey())),
		"other claims":                  parts[0] + "." + strings.Split(unsigned("{}", body, ""), ".")[1] + "." + parts[2],
		"no signature":                  parts[0] + "." + parts[1] + ".",
		"truncated":                     good[:len(good)-1],
		"two parts":                     parts[0] + "." + parts[1],
		"four parts":                    good + ".x",
		"encrypted":                     good + ".x.y",
		"standard base64":               good + "==",
		"header is no object":           unsigned(`[]`, body, parts[2]),
		"header is null":                unsigned(`null`, body, parts[2]),
		"claims are no object":          unsigned(`{"alg":"RS256","kid":"rsa"}`, `[]`, parts[2]),
		"deeply nested claims":          unsigned(`{"alg":"RS256","kid":"rsa"}`, strings.Repeat("[", 5000), parts[2]),
		"signature of another token":    parts[0] + "." + parts[1] + "." + strings.Split(signed(jwt.SigningMethodRS256, "rsa", jwt.MapClaims{}, rsaKey()), ".")[2],
		"signature of zeros, EC":        strings.Join(strings.Split(signed(jwt.SigningMethodES256, "ec", claims, ecKey()), ".")[:2], ".") + "." + base64.RawURLEncoding.EncodeToString(make([]byte, 64)),
		"brackets around the algorithm": unsigned(`{"alg":["RS256"],"kid":"rsa"}`, body, parts[2]),
	}
	_, err := w.Bearer(t.Context(), good)
	require.NoError(t, err)
	for name, token := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := w.Bearer(t.Context(), token)
			requireKind(t, models.KindUnauthorized, err, token, "person-1")
		})
	}
	assert.EqualValues(t, 1, i.requests.Load(), "unknown keys do not hammer the provider")
	var count int64
	require.NoError(t, w.db.Model(&models.Identity{}).Count(&count).Error)
	assert.EqualValues(t, 1, count)
}

func TestProviderTokensWithoutAProvider(t *testing.T) {
	w := newWorld(t, nil)
	token := signed(jwt.SigningMethodES256, "ec", claimsAt(w.clock.now()), ecKey())
	_, err := w.Bearer(t.Context(), token)
	requireKind(t, models.KindUnauthorized, err, token)
}

func FuzzProviderToken(f *testing.F) {
	i := newIssuer(f, publicKey("rsa", rsaKey()), publicKey("ec", ecKey()))
	w := i.world(f)
	claims := claimsAt(w.clock.now())
	good := signed(jwt.SigningMethodES256, "ec", claims, ecKey())
	body := `{"iss":"` + issuerName + `","aud":"` + audience + `","sub":"p","exp":99999999999}`
	for _, seed := range []string{
		good, signed(jwt.SigningMethodRS256, "rsa", claims, rsaKey()), signed(jwt.SigningMethodHS256, "rsa", claims, []byte("k")),
		unsigned(`{"alg":"none"}`, body, ""), unsigned(`{"alg":"ES256","kid":"ec","crit":[]}`, body, "AA"), "..", "a.b.c",
		"rm_" + strings.Repeat("A", 43), "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		identity, err := w.Bearer(t.Context(), token)
		if err != nil {
			requireKind(t, models.KindUnauthorized, err)
			return
		}
		// An ECDSA signature has a twin, so not only the seeds are good; whom they are about can't change.
		require.Equal(t, access.MethodProvider, identity.Method)
		var rows []models.Identity
		require.NoError(t, w.db.Find(&rows).Error)
		require.Len(t, rows, 1)
	})
}
