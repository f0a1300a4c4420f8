package handlers

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
	"resume-matcher/services/access"
)

const identityKey = "handlers.identity"

// Access is what an endpoint asks of who calls it.
type Access int

// The levels. The zero value is closed, so that a forgotten endpoint gives nothing away.
const (
	// AccessWorkspace needs a workspace, and the scope read for GET and HEAD or write for other methods.
	AccessWorkspace Access = iota
	// AccessAdmin needs the scope admin.
	AccessAdmin
	// AccessOptional takes a credential if there is a good one.
	AccessOptional
	// AccessPublic looks at no credential.
	AccessPublic
)

// accessRules holds what each endpoint asks, by method and template ("GET /docs").
type accessRules map[string]Access

// AccessOptions tell how requests prove whose they are.
type AccessOptions struct {
	Authenticator *access.Authenticator
	// Cookie is CookieSameSite if empty.
	Cookie CookieMode
	// LoopbackOnly refuses requests without a credential whose Host is not this machine, as a page of another site could
	// have its own name resolve to it, and those that a proxy passes on for another machine.
	LoopbackOnly bool
}

// accessGuard finds out whose a request is.
type accessGuard struct {
	authenticator *access.Authenticator
	cookie        sessionCookie
	crossOrigin   *http.CrossOriginProtection
	trusted       *regexp.Regexp
	// open means that every page may call an API that needs no credential.
	open         bool
	loopbackOnly bool
	rules        accessRules
	limits       *rateLimits
	failures     failures
}

// newAccessGuard trusts pages of the given origins to send a session's cookie, as they may call the API.
func newAccessGuard(o AccessOptions, origins []string, f failures) (*accessGuard, error) {
	cookie, err := newSessionCookie(o.Cookie)
	if err != nil {
		return nil, err
	}
	if o.Authenticator == nil {
		if o.Authenticator, err = access.New(access.Options{}); err != nil {
			return nil, err
		}
	}
	named := namedOrigins(origins)
	return &accessGuard{
		authenticator: o.Authenticator, cookie: cookie, crossOrigin: http.NewCrossOriginProtection(),
		trusted: originPattern(named), open: len(named) < len(origins), loopbackOnly: o.LoopbackOnly,
		rules: accessRules{}, failures: f,
	}, nil
}

// identityOf returns who sends a request; an endpoint with AccessOptional must check ok.
func identityOf(c *gin.Context) (identity access.Identity, ok bool) {
	value, _ := c.Get(identityKey)
	identity, ok = value.(access.Identity)
	return identity, ok
}

// authenticate refuses requests that don't have what their endpoint asks for.
func (g *accessGuard) authenticate(c *gin.Context) {
	level := g.rules[c.Request.Method+" "+c.FullPath()]
	// At an unknown address there is nothing to guard, and its 404 helps who made a typing error.
	if c.FullPath() == "" || level == AccessPublic {
		c.Next()
		return
	}
	identity, err := g.identify(c, level)
	if level == AccessOptional && isUnauthorized(err) {
		c.Next()
		return
	}
	if err == nil {
		// The log tells whose request it was, also of one that asks for too much.
		c.Set(identityKey, identity)
		err = checkScope(identity, level, c.Request.Method)
	}
	if err != nil {
		g.refuse(c, err)
		return
	}
	c.Next()
}

// identify looks at the Authorization header first. Whoever sends one means it, so nothing else is tried if it is wrong, and
// no page of another site can send it unnoticed. Cookies and a place in the network are what such a page could use.
func (g *accessGuard) identify(c *gin.Context, level Access) (access.Identity, error) {
	token, found, err := bearerToken(c.Request.Header)
	switch {
	case err != nil:
		return access.Identity{}, err
	case found:
		return g.authenticator.Bearer(c.Request.Context(), token)
	}
	identity, local := g.authenticator.Local()
	if err := g.checkOrigin(c.Request, local); err != nil {
		return access.Identity{}, err
	}
	if !local {
		return g.fromCookie(c, level)
	}
	if g.loopbackOnly && (!isLoopback(c.Request.Host) || forwarded(c.Request.Header)) {
		return access.Identity{}, models.NewError(models.KindForbidden,
			"This server answers requests to localhost only. Its operator can set SESSION_SECRET_KEY, or AUTH_MODE=local if something else guards it.")
	}
	g.authenticator.VisitLocal(c.Request.Context())
	return identity, nil
}

// checkOrigin refuses requests that change something and come from a page of a site that is not trusted.
func (g *accessGuard) checkOrigin(r *http.Request, local bool) error {
	if g.crossOrigin.Check(r) == nil || (local && g.open) || g.trusted.MatchString(r.Header.Get("Origin")) {
		return nil
	}
	return models.NewError(models.KindForbidden, "This request comes from a page of another site. Add its origin to ALLOWED_ORIGINS if it may send it.")
}

// fromCookie reads the session of the first cookie that holds one: a browser can send several of a name, one of them old.
func (g *accessGuard) fromCookie(c *gin.Context, level Access) (access.Identity, error) {
	failure := error(g.noCredential(level))
	for i, token := range g.cookie.read(c.Request) {
		identity, session, err := g.authenticator.Session(c.Request.Context(), token)
		if err == nil && session.Due {
			session, err = g.authenticator.Renew(identity)
			if err == nil {
				g.cookie.write(c.Writer, session)
			}
		}
		if err == nil || !isUnauthorized(err) {
			return identity, err
		}
		if i == 0 {
			failure = err
		}
	}
	return access.Identity{}, failure
}

// cookieAdvice is for who started a session and wonders why it is not known: browsers drop and withhold cookies silently.
const cookieAdvice = "browsers keep the cookie over HTTPS or on localhost, send it to another origin with credentials: 'include', " +
	"and to another site if SESSION_COOKIE is cross-site"

func (g *accessGuard) noCredential(level Access) *models.Error {
	switch {
	case level == AccessAdmin: // which no session is enough for
		return models.NewError(models.KindUnauthorized, "This request needs a token with the scope admin. Send one as Authorization: Bearer.")
	case g.authenticator.HasSessions():
		return &models.Error{
			Kind:    models.KindUnauthorized,
			Message: "This request needs a session. POST /api/v1/session starts one; send its cookie, or its token as Authorization: Bearer.",
			Fields:  []string{cookieAdvice},
		}
	}
	return models.NewError(models.KindUnauthorized, "This request needs a token. Send one as Authorization: Bearer.")
}

// refuse adds what RFC 6750 asks for. A session of a workspace that is gone is taken away; one that is wrong for another
// reason is kept, as it may be good again once an operator has set the right secret.
func (g *accessGuard) refuse(c *gin.Context, err error) {
	if errors.Is(err, access.ErrGone) && c.GetHeader("Authorization") == "" {
		g.cookie.clear(c.Writer)
	}
	switch {
	case isUnauthorized(err) && g.limits.refuseGuess(c):
		return
	case isUnauthorized(err):
		c.Header("WWW-Authenticate", "Bearer")
	case errors.Is(err, errScope):
		c.Header("WWW-Authenticate", `Bearer error="insufficient_scope"`)
	}
	g.failures.write(c, err)
}

var errScope = errors.New("handlers: the scope is too weak")

func checkScope(i access.Identity, level Access, method string) error {
	if level == AccessOptional {
		return nil
	}
	needed := models.ScopeWrite
	switch {
	case level == AccessAdmin:
		needed = models.ScopeAdmin
	case method == http.MethodGet || method == http.MethodHead:
		needed = models.ScopeRead
	}
	if i.Allows(needed) {
		return nil
	}
	return models.WrapError(models.KindForbidden, "This request needs a token with the scope "+string(needed)+".", errScope)
}

func isUnauthorized(err error) bool {
	known, ok := errors.AsType[*models.Error](err)
	return ok && known.Kind == models.KindUnauthorized
}

// forwarded tells whether a proxy says that it asks for another machine.
func forwarded(h http.Header) bool {
	for _, name := range []string{"X-Forwarded-For", "X-Real-Ip"} {
		for _, value := range h.Values(name) {
			for item := range strings.SplitSeq(value, ",") {
				if ip, err := netip.ParseAddr(strings.TrimSpace(item)); err != nil || !ip.Unmap().IsLoopback() {
					return true
				}
			}
		}
	}
	return h.Get("Forwarded") != ""
}

// isLoopback tells whether a Host header names this machine in a way no other site's name can.
func isLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	return err == nil && ip.Unmap().IsLoopback()
}
