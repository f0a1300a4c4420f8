package access

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gorilla/securecookie"

	"resume-matcher/models"
)

const (
	// sessionLifetime is long because an anonymous workspace can't be entered again without its session.
	sessionLifetime = 180 * 24 * time.Hour
	// renewAfter is the age from which a session is due for renewal, so that only an unused one ends.
	renewAfter = 24 * time.Hour
	// clockSkew is how far the clocks of two replicas may be apart.
	clockSkew = time.Minute

	minSecretLength = 32
	maxSecrets      = 8
	maxSessionBytes = 512

	// The purpose is part of the key and the name part of the signature: nothing else signed with the same secret is a session.
	sessionPurpose = "resume-matcher session v1"
	sessionName    = "session"
)

// Session is a signed right to act in a workspace.
type Session struct {
	Token               string
	WorkspaceID         string
	IssuedAt, ExpiresAt time.Time
	// Due tells that a new session should replace this one: it is older than a day, or signed with an older secret.
	Due bool
}

// Sessions signs and checks sessions; it stores nothing.
type Sessions struct {
	keys []*securecookie.SecureCookie // newest first
	now  func() time.Time
}

// sessionClaims is what a session's token carries; times are Unix seconds. securecookie's own timestamp is not used, as it
// knows neither an end nor another clock.
type sessionClaims struct {
	WorkspaceID string `json:"w"`
	Issued      int64  `json:"i"`
	Expires     int64  `json:"e"`
}

// NewSessions derives a key from each secret of a comma list, newest first: the first signs, all of them check.
func NewSessions(secrets string, now func() time.Time) (*Sessions, error) {
	s := &Sessions{now: now}
	for secret := range strings.SplitSeq(secrets, ",") {
		secret = strings.TrimSpace(secret)
		if utf8.RuneCountInString(secret) < minSecretLength || len(s.keys) == maxSecrets {
			return nil, models.NewError(models.KindValidation, fmt.Sprintf(
				"SESSION_SECRET_KEY must be one random text of at least %d characters, or up to %d of them between commas, newest first. "+
					"Make one with: openssl rand -hex 32", minSecretLength, maxSecrets))
		}
		key, err := hkdf.Key(sha256.New, []byte(secret), nil, sessionPurpose, sha256.Size)
		if err != nil {
			return nil, fmt.Errorf("derive the session key: %w", err)
		}
		codec := securecookie.New(key, nil).MaxAge(0).MaxLength(maxSessionBytes).SetSerializer(securecookie.JSONEncoder{})
		s.keys = append(s.keys, codec)
	}
	return s, nil
}

// Issue signs a session for a workspace.
func (s *Sessions) Issue(workspaceID string) (Session, error) {
	issued := s.now().Truncate(time.Second)
	session := Session{WorkspaceID: workspaceID, IssuedAt: issued, ExpiresAt: issued.Add(sessionLifetime)}
	var err error
	session.Token, err = s.keys[0].Encode(sessionName, sessionClaims{workspaceID, session.IssuedAt.Unix(), session.ExpiresAt.Unix()})
	if err != nil {
		return Session{}, models.WrapError(models.KindInternal, "The session could not be signed. Try again.", err)
	}
	return session, nil
}

// Verify returns the session a token stands for, or KindUnauthorized.
func (s *Sessions) Verify(token string) (Session, error) {
	var claims sessionClaims
	for i, key := range s.keys {
		if err := key.Decode(sessionName, token, &claims); err != nil {
			continue
		}
		session := Session{
			Token: token, WorkspaceID: claims.WorkspaceID,
			IssuedAt: time.Unix(claims.Issued, 0).UTC(), ExpiresAt: time.Unix(claims.Expires, 0).UTC(),
		}
		now := s.now()
		switch {
		case session.WorkspaceID == "" || session.IssuedAt.After(now.Add(clockSkew)):
			return Session{}, errInvalid()
		case !session.ExpiresAt.After(now):
			return Session{}, errExpired()
		}
		session.Due = i > 0 || now.Sub(session.IssuedAt) >= renewAfter
		return session, nil
	}
	return Session{}, errInvalid()
}
