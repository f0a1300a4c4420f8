package access

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"resume-matcher/models"
)

const (
	// providerLeeway is how far the provider's clock may be from ours.
	providerLeeway = 30 * time.Second
	// maxSubjectBytes is what OpenID Connect allows.
	maxSubjectBytes = 255
	maxKeyIDBytes   = 256
	// strayPause is the time between two warnings of tokens for others, however many are sent.
	strayPause = time.Minute
)

// ProviderOptions name an identity provider and what its tokens must say; all of them are needed.
type ProviderOptions struct {
	// JWKSURL is where it publishes its keys: https, or http on this machine.
	JWKSURL string
	// Issuer and Audience are the claims iss and aud.
	Issuer, Audience string
}

// provider checks the tokens of an identity provider: signed with RS256 or ES256 by one of its published keys.
type provider struct {
	issuer, audience string
	keys             *keySet
	parser           *jwt.Parser
	log              *slog.Logger
	now              func() time.Time
	// warned is when warnOfStray last did, in nanoseconds of Unix time.
	warned atomic.Int64
}

// person is whom a token is about.
type person struct {
	hash    string // see identityHash
	expires time.Time
}

func newProvider(o ProviderOptions, log *slog.Logger, now func() time.Time) (*provider, error) {
	if o.JWKSURL == "" || o.Issuer == "" || o.Audience == "" {
		return nil, models.NewError(models.KindValidation, "AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE belong together: set all three or none.")
	}
	if !trustworthy(o.JWKSURL) {
		return nil, models.NewError(models.KindValidation,
			"AUTH_JWKS_URL must be an https:// address without user and password; http:// is for this machine only.")
	}
	return &provider{
		issuer: o.Issuer, audience: o.Audience, log: log, now: now,
		keys: newKeySet(o.JWKSURL, log, now),
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{algRS256, algES256}), jwt.WithIssuer(o.Issuer), jwt.WithAudience(o.Audience),
			jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(providerLeeway), jwt.WithTimeFunc(now), jwt.WithStrictDecoding(),
		),
	}, nil
}

// trustworthy tells whether nobody between here and the address can change what it answers.
func trustworthy(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())
	return u.Scheme == "https" || (u.Scheme == "http" && local)
}

// verify returns the person a token is about. The library checks the algorithm before it asks for a key, and the claims
// after the signature.
func (p *provider) verify(ctx context.Context, token string) (person, error) {
	var claims jwt.RegisteredClaims
	var unreadable error
	_, err := p.parser.ParseWithClaims(token, &claims, func(t *jwt.Token) (any, error) {
		id, err := keyOf(t)
		if err != nil {
			return nil, err
		}
		key, err := p.keys.find(ctx, id)
		unreadable = err
		return key, err
	})
	switch {
	case unreadable != nil:
		return person{}, unreadable
	case errors.Is(err, jwt.ErrTokenExpired):
		return person{}, errExpired()
	case err != nil || claims.Subject == "" || len(claims.Subject) > maxSubjectBytes:
		p.warnOfStray(ctx, claims, err)
		return person{}, errInvalid()
	}
	return person{identityHash(p.issuer, claims.Subject), claims.ExpiresAt.UTC()}, nil
}

// warnOfStray tells the operator of a token that the provider did sign, but for others: where every token is one, the
// configuration is wrong, and the answers must not say how.
func (p *provider) warnOfStray(ctx context.Context, claims jwt.RegisteredClaims, err error) {
	// The library looks at the claims only once it has found the signature good.
	if !errors.Is(err, jwt.ErrTokenInvalidClaims) {
		return
	}
	variable, names := "AUTH_AUDIENCE", strings.Join(claims.Audience, " ")
	switch {
	case claims.Issuer != p.issuer:
		variable, names = "AUTH_ISSUER", claims.Issuer
	case slices.Contains(claims.Audience, p.audience):
		return
	}
	last, now := p.warned.Load(), p.now()
	if now.Sub(time.Unix(0, last)) < strayPause || !p.warned.CompareAndSwap(last, now.UnixNano()) {
		return
	}
	p.log.WarnContext(ctx, "refused a token that the identity provider signed for others; if it was meant for this server, change the variable",
		"variable", variable, "token_names", names)
}

// keyOf reads which published key a token claims to be signed with; keys and addresses inside the token count for nothing.
func keyOf(t *jwt.Token) (keyID, error) {
	// What crit lists must be understood, and nothing that could stand there is.
	if _, critical := t.Header["crit"]; critical {
		return keyID{}, errInvalid()
	}
	kid, ok := t.Header["kid"].(string)
	if !ok || kid == "" || len(kid) > maxKeyIDBytes {
		return keyID{}, errInvalid()
	}
	return keyID{kid: kid, algorithm: t.Method.Alg()}, nil
}
