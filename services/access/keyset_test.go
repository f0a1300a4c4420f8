package access_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/access"
	"resume-matcher/tests/testdb"
)

func (w world) try(t *testing.T, kid string) error {
	t.Helper()
	_, err := w.Bearer(t.Context(), signed(jwt.SigningMethodES256, kid, claimsAt(w.clock.now()), ecKey()))
	return err
}

func TestNewKeyIsReadAtItsFirstUse(t *testing.T) {
	i := newIssuer(t, publicKey("old", ecKey()))
	w := i.world(t)
	require.NoError(t, w.try(t, "old"))
	i.publish(publicKey("new", ecKey()))

	requireKind(t, models.KindUnauthorized, w.try(t, "new"))
	assert.EqualValues(t, 1, i.requests.Load(), "not asked again so soon")
	w.clock.advance(30 * time.Second)
	require.NoError(t, w.try(t, "new"))
	requireKind(t, models.KindUnauthorized, w.try(t, "old"))
	assert.EqualValues(t, 2, i.requests.Load())
}

func TestKeysAreReadAgainBehindTheRequests(t *testing.T) {
	i := newIssuer(t, publicKey("one", ecKey()))
	w := i.world(t)
	require.NoError(t, w.try(t, "one"))
	w.clock.advance(59 * time.Minute)
	require.NoError(t, w.try(t, "one"))
	assert.EqualValues(t, 1, i.requests.Load())

	i.publish(publicKey("two", ecKey()))
	w.clock.advance(time.Minute)
	require.NoError(t, w.try(t, "one"), "the known key still counts while newer ones are read")
	require.Eventually(t, func() bool { return w.try(t, "two") == nil }, 30*time.Second, time.Millisecond)
	requireKind(t, models.KindUnauthorized, w.try(t, "one"))
	assert.EqualValues(t, 2, i.requests.Load())
}

func TestKeysSurviveAnOutageForADay(t *testing.T) {
	i := newIssuer(t, publicKey("one", ecKey()))
	w := i.world(t)
	require.NoError(t, w.try(t, "one"))
	i.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	w.clock.advance(24*time.Hour - time.Second)
	require.NoError(t, w.try(t, "one"))
	require.Eventually(t, func() bool { return i.requests.Load() == 2 }, 30*time.Second, time.Millisecond)
	w.clock.advance(time.Minute)
	requireKind(t, models.KindUnavailable, w.try(t, "one"))
}

func TestProviderThatCannotBeAsked(t *testing.T) {
	i := newIssuer(t, publicKey("one", ecKey()))
	good := httptest.NewServer(i.answer)
	defer good.Close()
	pages := map[string]http.HandlerFunc{
		"an error":            func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) },
		"a redirect":          func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, good.URL, http.StatusFound) },
		"a page":              func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"nothing":             func(http.ResponseWriter, *http.Request) {},
		"no keys":             func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"keys":[]}`)) },
		"a broken connection": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"too much": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"keys":[],"x":"` + strings.Repeat("x", 256<<10) + `"}`))
		},
	}
	db := testdb.Open(t)
	for name, page := range pages {
		t.Run(name, func(t *testing.T) {
			i.answers(page)
			i.requests.Store(0)
			var log bytes.Buffer
			w := newWorld(t, func(o *access.Options) {
				o.DB, o.Provider = db, i.options()
				o.Provider.JWKSURL += "/keys?client=hunter2"
				o.Logger = slog.New(slog.NewTextHandler(&log, nil))
			})
			for range 3 {
				requireKind(t, models.KindUnavailable, w.try(t, "one"), "hunter2")
			}
			assert.EqualValues(t, 1, i.requests.Load(), "a provider in trouble is left alone")
			assert.Equal(t, 1, strings.Count(log.String(), "AUTH_JWKS_URL"))
			assert.NotContains(t, log.String(), "hunter2")

			i.publish(publicKey("one", ecKey()))
			w.clock.advance(5 * time.Second)
			require.NoError(t, w.try(t, "one"))
		})
	}
}

func TestRequestThatLeavesDoesNotEndTheReadingForOthers(t *testing.T) {
	i := newIssuer(t)
	release := make(chan struct{})
	i.answers(func(w http.ResponseWriter, _ *http.Request) {
		<-release
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": []any{publicKey("one", ecKey())}})
	})
	var looks atomic.Int64 // each look at the keys asks for the time
	w := newWorld(t, func(o *access.Options) {
		o.Provider = i.options()
		now := o.Now
		o.Now = func() time.Time { looks.Add(1); return now() }
	})
	ctx, leave := context.WithCancel(t.Context())
	var leaving, staying sync.WaitGroup
	leaving.Go(func() {
		_, err := w.Bearer(ctx, signed(jwt.SigningMethodES256, "one", claimsAt(w.clock.now()), ecKey()))
		assert.ErrorIs(t, err, context.Canceled)
	})
	require.Eventually(t, func() bool { return i.requests.Load() == 1 }, 30*time.Second, time.Millisecond)
	before := looks.Load()
	staying.Go(func() { assert.NoError(t, w.try(t, "one")) })
	require.Eventually(t, func() bool { return looks.Load() > before }, 30*time.Second, time.Millisecond)
	leave()
	leaving.Wait()
	close(release)
	staying.Wait()
	assert.EqualValues(t, 1, i.requests.Load())
}

func TestKeysForOtherPurposesDoNotCount(t *testing.T) {
	with := func(base map[string]any, name string, value any) map[string]any {
		k := maps.Clone(base)
		k[name] = value
		return k
	}
	ec, rsaPublic := publicKey("k", ecKey()), publicKey("k", rsaKey())
	tests := []struct {
		name string
		key  map[string]any
		good bool
	}{
		{"EC", ec, true},
		{"named algorithm", with(ec, "alg", "ES256"), true},
		{"other algorithm", with(ec, "alg", "ES384"), false},
		{"symmetric algorithm", with(ec, "alg", "HS256"), false},
		{"for encryption", with(ec, "use", "enc"), false},
		{"to verify", with(ec, "key_ops", []string{"verify"}), true},
		{"to sign only", with(ec, "key_ops", []string{"sign"}), false},
		{"for nothing", with(ec, "key_ops", []string{}), false},
		{"without an id", with(ec, "kid", ""), false},
		{"other curve", with(ec, "crv", "P-384"), false},
		{"not on the curve", with(ec, "x", ec["y"]), false},
		{"short coordinate", with(ec, "x", "AAAA"), false},
		{"padded coordinate", with(ec, "x", ec["x"].(string)+"="), false},
		{"symmetric", map[string]any{"kty": "oct", "kid": "k", "k": "c2VjcmV0"}, false},
		{"unknown type", with(ec, "kty", "OKP"), false},
		{"RSA", rsaPublic, true},
		{"RSA with another signature", with(rsaPublic, "alg", "PS256"), false},
		{"RSA exponent of one", with(rsaPublic, "e", "AQ"), false},
		{"even RSA exponent", with(rsaPublic, "e", "Ag"), false},
		{"huge RSA exponent", with(rsaPublic, "e", "AQAAAAE"), false},
		{"no RSA exponent", with(rsaPublic, "e", ""), false},
		{"even RSA modulus", with(rsaPublic, "n", "gA"+strings.Repeat("A", 340)), false},
		{"huge RSA modulus", with(rsaPublic, "n", strings.Repeat("_", 1400)), false},
		{"small RSA modulus", publicKey("k", small()), false},
	}
	db := testdb.Open(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			i := newIssuer(t, test.key)
			w := newWorld(t, func(o *access.Options) { o.DB, o.Provider = db, i.options() })
			method, key := jwt.SigningMethod(jwt.SigningMethodES256), any(ecKey())
			if test.key["kty"] == "RSA" {
				method, key = jwt.SigningMethodRS256, rsaKey()
			}
			_, err := w.Bearer(t.Context(), signed(method, "k", claimsAt(w.clock.now()), key))
			if test.good {
				require.NoError(t, err)
				return
			}
			requireKind(t, models.KindUnavailable, err)
		})
	}
}

func small() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 1024)) }

func TestOneBadKeyDoesNotSpoilTheOthers(t *testing.T) {
	keys := []map[string]any{{"kty": "oct", "kid": "a"}, {}, publicKey("k", ecKey()), publicKey("k", rsaKey())}
	i := newIssuer(t, keys...)
	w := i.world(t)
	require.NoError(t, w.try(t, "k"))
	_, err := w.Bearer(t.Context(), signed(jwt.SigningMethodRS256, "k", claimsAt(w.clock.now()), rsaKey()))
	require.NoError(t, err, "an id is one key of each algorithm")
}

func TestKeySetOfTooManyKeys(t *testing.T) {
	keys := make([]map[string]any, 65)
	for n := range keys {
		keys[n] = publicKey(strconv.Itoa(n), ecKey())
	}
	w := newIssuer(t, keys...).world(t)
	requireKind(t, models.KindUnavailable, w.try(t, "0"))
}
