package access_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/access"
)

const workspaceOne = "0199aaaa-0000-7000-8000-000000000001"

func TestSessionSecrets(t *testing.T) {
	tests := []struct {
		name, secrets string
		good          bool
	}{
		{"one", secretOne, true},
		{"two", secretOne + ", " + secretTwo, true},
		{"just long enough", strings.Repeat("x", 32), true},
		{"characters, not bytes, are counted", strings.Repeat("é", 16), false},
		{"too short", strings.Repeat("x", 31), false},
		{"the older one too short", secretOne + ",old", false},
		{"an empty one", secretOne + ",", false},
		{"none", "", false},
		{"blanks", strings.Repeat(" ", 40), false},
		{"too many", strings.TrimSuffix(strings.Repeat(secretOne+",", 9), ","), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := access.NewSessions(test.secrets, time.Now)
			if test.good {
				require.NoError(t, err)
				return
			}
			requireKind(t, models.KindValidation, err, strings.TrimSpace(test.secrets))
			assert.Contains(t, err.Error(), "SESSION_SECRET_KEY")
		})
	}
}

func newSessions(t testing.TB, secrets string, c *clock) *access.Sessions {
	t.Helper()
	s, err := access.NewSessions(secrets, c.now)
	require.NoError(t, err)
	return s
}

func TestSessionReadsBackWhatWasIssued(t *testing.T) {
	c := newClock()
	s := newSessions(t, secretOne, c)
	issued, err := s.Issue(workspaceOne)
	require.NoError(t, err)
	assert.Equal(t, c.now(), issued.IssuedAt)
	assert.Equal(t, c.now().AddDate(0, 0, 180), issued.ExpiresAt)

	read, err := s.Verify(issued.Token)
	require.NoError(t, err)
	assert.Equal(t, issued, read)
	assert.NotContains(t, issued.Token, ".", "a dot marks the tokens of identity providers")
	assert.Less(t, len(issued.Token), 300)
}

func TestSessionEndsAndIsDueForRenewal(t *testing.T) {
	c := newClock()
	s := newSessions(t, secretOne, c)
	issued, err := s.Issue(workspaceOne)
	require.NoError(t, err)

	c.advance(24*time.Hour - time.Second)
	read, err := s.Verify(issued.Token)
	require.NoError(t, err)
	assert.False(t, read.Due)
	c.advance(time.Second)
	read, err = s.Verify(issued.Token)
	require.NoError(t, err)
	assert.True(t, read.Due)
	c.advance(179*24*time.Hour - time.Second)
	_, err = s.Verify(issued.Token)
	require.NoError(t, err)
	c.advance(time.Second)
	_, err = s.Verify(issued.Token)
	requireKind(t, models.KindUnauthorized, err, issued.Token)
	assert.Contains(t, err.Error(), "expired")
}

func TestSessionFromAClockAheadOfOurs(t *testing.T) {
	c := newClock()
	s := newSessions(t, secretOne, c)
	issued, err := s.Issue(workspaceOne)
	require.NoError(t, err)
	c.advance(-time.Minute)
	_, err = s.Verify(issued.Token)
	require.NoError(t, err)
	c.advance(-time.Second)
	_, err = s.Verify(issued.Token)
	requireKind(t, models.KindUnauthorized, err)
}

func TestSessionSecretsRotate(t *testing.T) {
	c := newClock()
	issued, err := newSessions(t, secretOne, c).Issue(workspaceOne)
	require.NoError(t, err)

	both := newSessions(t, secretTwo+","+secretOne, c)
	read, err := both.Verify(issued.Token)
	require.NoError(t, err)
	assert.Equal(t, workspaceOne, read.WorkspaceID)
	assert.True(t, read.Due, "an older secret's session is replaced")

	renewed, err := both.Issue(workspaceOne)
	require.NoError(t, err)
	only := newSessions(t, secretTwo, c)
	_, err = only.Verify(renewed.Token)
	require.NoError(t, err, "the newest secret signs")
	_, err = only.Verify(issued.Token)
	requireKind(t, models.KindUnauthorized, err, issued.Token)
}

func TestForgedSessionsAreRefused(t *testing.T) {
	c := newClock()
	s := newSessions(t, secretOne, c)
	good, err := s.Issue(workspaceOne)
	require.NoError(t, err)
	stranger, err := newSessions(t, secretTwo, c).Issue(workspaceOne)
	require.NoError(t, err)
	raw, err := base64.URLEncoding.DecodeString(good.Token)
	require.NoError(t, err)
	claims := map[string]any{"w": workspaceOne, "i": c.now().Unix(), "e": c.now().Add(time.Hour).Unix()}
	underived, err := securecookie.New([]byte(secretOne), nil).SetSerializer(securecookie.JSONEncoder{}).Encode("session", claims)
	require.NoError(t, err)
	tests := map[string]string{
		"empty":                      "",
		"other secret":               stranger.Token,
		"the secret as the key":      underived,
		"truncated":                  good.Token[:len(good.Token)-4],
		"only half":                  good.Token[:len(good.Token)/2],
		"extended":                   good.Token + "AAAA",
		"signature of zeros":         base64.URLEncoding.EncodeToString(append(raw[:len(raw)-32:len(raw)-32], make([]byte, 32)...)),
		"no signature":               base64.URLEncoding.EncodeToString(raw[:len(raw)-32]),
		"not base64":                 "not a token at all!",
		"separators alone":           base64.URLEncoding.EncodeToString([]byte("||")),
		"too long":                   strings.Repeat("A", 4096),
		"control characters":         good.Token[:10] + "\x00" + good.Token[11:],
		"twice":                      good.Token + good.Token,
		"claims without a signature": base64.URLEncoding.EncodeToString([]byte(`{"w":"` + workspaceOne + `","i":0,"e":99999999999}`)),
	}
	for name, token := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := s.Verify(token)
			requireKind(t, models.KindUnauthorized, err, token)
		})
	}
	t.Run("any byte changed", func(t *testing.T) {
		for i := range raw {
			changed := append([]byte(nil), raw...)
			changed[i] ^= 1
			_, err := s.Verify(base64.URLEncoding.EncodeToString(changed))
			requireKind(t, models.KindUnauthorized, err)
		}
	})
}

func FuzzSession(f *testing.F) {
	c := newClock()
	s := newSessions(f, secretTwo+","+secretOne, c)
	good, err := s.Issue(workspaceOne)
	require.NoError(f, err)
	older, err := newSessions(f, secretOne, c).Issue(workspaceOne)
	require.NoError(f, err)
	for _, seed := range []string{good.Token, older.Token, "", "MTc3MjQ0MjAwMHw=", "||", good.Token[:40]} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		read, err := s.Verify(token)
		if err != nil {
			requireKind(t, models.KindUnauthorized, err)
			return
		}
		require.Equal(t, workspaceOne, read.WorkspaceID, "only what was signed is read")
		require.Equal(t, good.ExpiresAt, read.ExpiresAt)
	})
}
