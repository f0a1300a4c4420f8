// Package access finds out who sends a request: a signed session, an API token or a person an identity provider
// vouches for, and which workspace and scope they have.
package access

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"resume-matcher/models"
)

// MaxTokenBytes is the length of the longest credential that is looked at; providers' tokens with many claims reach 4 KB.
const MaxTokenBytes = 8 << 10

// Method tells how a request proved its identity.
type Method string

// The methods.
const (
	// MethodLocal is no proof at all, where the program serves one person on one machine.
	MethodLocal    Method = "local"
	MethodSession  Method = "session"
	MethodAPIToken Method = "api_token"
	MethodProvider Method = "identity_provider"
)

// Identity is whose request it is and what it may do.
type Identity struct {
	WorkspaceID string
	Scope       models.TokenScope
	Method      Method
	// ExpiresAt is when the credential ends; zero if it doesn't.
	ExpiresAt time.Time
}

// Allows tells whether the identity has the scope or a stronger one.
func (i Identity) Allows(scope models.TokenScope) bool {
	order := []models.TokenScope{models.ScopeRead, models.ScopeWrite, models.ScopeAdmin}
	needed := slices.Index(order, scope)
	return needed >= 0 && slices.Index(order, i.Scope) >= needed
}

// Options tell which credentials count.
type Options struct {
	DB *gorm.DB
	// SessionSecrets signs sessions: a comma list, newest first. Without it there are no sessions.
	SessionSecrets string
	// Provider is an identity provider; its zero value means there is none.
	Provider ProviderOptions
	// Local gives requests without a credential the default workspace; sessions and a provider exclude it.
	Local bool
	// Logger hears of failures that stop no request.
	Logger *slog.Logger
	// Now is the clock; nil means the system's.
	Now func() time.Time
}

// Authenticator checks credentials; it is safe for concurrent use.
type Authenticator struct {
	db       *gorm.DB
	sessions *Sessions // nil without a secret
	tokens   *Tokens
	provider *provider // nil without one
	visits   *visits
	local    bool
	log      *slog.Logger
	now      func() time.Time
}

// New checks the options; its errors name the variable that is wrong and never its value.
func New(o Options) (*Authenticator, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Now = databaseClock(o.Now)
	if o.Local && (o.SessionSecrets != "" || o.Provider != (ProviderOptions{})) {
		return nil, models.NewError(models.KindValidation,
			"AUTH_MODE=local lets everyone in: unset it, or unset SESSION_SECRET_KEY and the AUTH_ variables of the identity provider.")
	}
	a := &Authenticator{
		db: o.DB, tokens: NewTokens(o.DB, o.Now), visits: newVisits(o.DB, o.Now), local: o.Local, log: o.Logger, now: o.Now,
	}
	var err error
	if o.SessionSecrets != "" {
		if a.sessions, err = NewSessions(o.SessionSecrets, o.Now); err != nil {
			return nil, err
		}
	}
	if o.Provider != (ProviderOptions{}) {
		if a.provider, err = newProvider(o.Provider, o.Logger, o.Now); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// Local returns the identity of a request without a credential, if there is one.
func (a *Authenticator) Local() (Identity, bool) {
	return Identity{WorkspaceID: models.DefaultWorkspaceID, Scope: models.ScopeAdmin, Method: MethodLocal}, a.local
}

// VisitLocal notes that the workspace of Local is used, if there is a database to note it in.
func (a *Authenticator) VisitLocal(ctx context.Context) {
	if a.db == nil {
		return
	}
	if err := a.visits.note(ctx, models.DefaultWorkspaceID); err != nil {
		a.warn(ctx, "could not note the use of the local workspace", err)
	}
}

// HasSessions tells whether sessions can be started.
func (a *Authenticator) HasSessions() bool { return a.sessions != nil }

// Bearer checks the token of an Authorization header: its form tells which kind it is. It fails with KindUnauthorized,
// or with KindUnavailable if what is needed to check it can't be reached.
func (a *Authenticator) Bearer(ctx context.Context, token string) (Identity, error) {
	switch {
	case token == "" || len(token) > MaxTokenBytes:
		return Identity{}, errInvalid()
	case strings.HasPrefix(token, TokenPrefix):
		return a.apiToken(ctx, token)
	case strings.Contains(token, "."):
		return a.providerToken(ctx, token)
	}
	identity, _, err := a.Session(ctx, token)
	return identity, err
}

// Session checks a session's token, of a cookie or a header, and returns the session too, as it may be due for renewal.
func (a *Authenticator) Session(ctx context.Context, token string) (Identity, Session, error) {
	if a.sessions == nil {
		return Identity{}, Session{}, errInvalid()
	}
	s, err := a.sessions.Verify(token)
	if err == nil {
		err = a.visit(ctx, s.WorkspaceID)
	}
	if err != nil {
		return Identity{}, Session{}, err
	}
	return Identity{WorkspaceID: s.WorkspaceID, Scope: models.ScopeWrite, Method: MethodSession, ExpiresAt: s.ExpiresAt}, s, nil
}

// Start makes an anonymous workspace and a session for it.
func (a *Authenticator) Start(ctx context.Context) (Session, error) {
	if a.sessions == nil {
		return Session{}, errNoSessions()
	}
	row := models.Workspace{Name: "anonymous", CreatedAt: a.now(), LastUsedAt: a.now()}
	if err := a.db.WithContext(ctx).Create(&row).Error; err != nil {
		return Session{}, models.StorageError(err)
	}
	return a.sessions.Issue(row.ID)
}

// Renew returns a session for the workspace of an older one. Other credentials can't be exchanged for a session: it would
// outlive them, and may do more than a token that only reads.
func (a *Authenticator) Renew(i Identity) (Session, error) {
	switch {
	case a.sessions == nil:
		return Session{}, errNoSessions()
	case i.Method != MethodSession:
		return Session{}, models.NewError(models.KindForbidden, "Only a session can be renewed. Send this request without a token to start a new one.")
	}
	return a.sessions.Issue(i.WorkspaceID)
}

// Forget makes the next request of a deleted workspace notice that it is gone; other replicas notice within a minute.
func (a *Authenticator) Forget(workspaceID string) { a.visits.forget(workspaceID) }

func (a *Authenticator) apiToken(ctx context.Context, token string) (Identity, error) {
	row, err := a.tokens.Verify(ctx, token)
	if err != nil {
		return Identity{}, err
	}
	if err := a.tokens.noteUse(ctx, row); err != nil {
		a.warn(ctx, "could not note the use of an API token", err)
	}
	identity := Identity{WorkspaceID: row.WorkspaceID, Scope: row.Scope, Method: MethodAPIToken}
	if row.ExpiresAt != nil {
		identity.ExpiresAt = *row.ExpiresAt
	}
	return identity, a.visit(ctx, row.WorkspaceID)
}

func (a *Authenticator) providerToken(ctx context.Context, token string) (Identity, error) {
	if a.provider == nil {
		return Identity{}, errInvalid()
	}
	person, err := a.provider.verify(ctx, token)
	if err != nil {
		return Identity{}, err
	}
	workspaceID, err := workspaceFor(ctx, a.db, person.hash, a.now())
	if err != nil {
		return Identity{}, err
	}
	identity := Identity{WorkspaceID: workspaceID, Scope: models.ScopeWrite, Method: MethodProvider, ExpiresAt: person.expires}
	return identity, a.visit(ctx, workspaceID)
}

// visit refuses a workspace that is gone. A database that can't write now may still be able to answer the request.
func (a *Authenticator) visit(ctx context.Context, workspaceID string) error {
	err := a.visits.note(ctx, workspaceID)
	if err == nil || errors.Is(err, ErrGone) || ctx.Err() != nil {
		return err
	}
	a.warn(ctx, "could not note the use of a workspace", err)
	return nil
}

func (a *Authenticator) warn(ctx context.Context, message string, err error) {
	if ctx.Err() == nil {
		a.log.WarnContext(ctx, message, "error", err)
	}
}

// databaseClock gives times as the database returns them: UTC, in microseconds.
func databaseClock(now func() time.Time) func() time.Time {
	return func() time.Time { return now().UTC().Truncate(time.Microsecond) }
}
