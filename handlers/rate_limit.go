package handlers

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"resume-matcher/models"
	"resume-matcher/services/access"
)

const (
	headerRateLimit     = "X-RateLimit-Limit"
	headerRateRemaining = "X-RateLimit-Remaining"
	headerRateReset     = "X-RateLimit-Reset"

	allowanceKey = "handlers.allowance"
	// guessingKey marks a request whose credential must be a good one.
	guessingKey = "handlers.guessing"

	// maxFailedCredentials is how many wrong credentials an address may send in a window.
	maxFailedCredentials = 20
)

// LimitClass names the limit that an endpoint has beside that of all requests.
type LimitClass int

// The classes.
const (
	// LimitRequests is no further limit.
	LimitRequests LimitClass = iota
	// LimitUploads is for what reads documents; such requests also wait for an upload slot.
	LimitUploads
	// LimitModelCalls is for what a language model can be asked for, whether or not this request does.
	LimitModelCalls
	// LimitSessions is for what makes workspaces. It is counted by address, and only for clients that have none yet.
	LimitSessions
)

// rateLimits refuse what exceeds the limits of a window. They count in the memory of this process: several replicas
// together allow as many times as much.
type rateLimits struct {
	unlimited map[string]bool
	classes   map[string]LimitClass // by method and template ("POST /api/v1/match")
	cookie    sessionCookie
	refused   *prometheus.CounterVec // by the class of the limit
	failures  failures

	addresses, credentials, requests *rateLimiter
	special                          map[LimitClass]*rateLimiter
}

func newRateLimits(o Options, unlimited map[string]bool, cookie sessionCookie, refused *prometheus.CounterVec, f failures) *rateLimits {
	limiter := func(class string, limit int) *rateLimiter { return newRateLimiter(class, limit, o.RateWindow) }
	return &rateLimits{
		unlimited: unlimited, classes: map[string]LimitClass{}, cookie: cookie, refused: refused, failures: f,
		addresses:   limiter("address", o.RateLimitAddress),
		credentials: limiter("credentials", maxFailedCredentials),
		requests:    limiter("requests", o.RateLimit),
		special: map[LimitClass]*rateLimiter{
			LimitUploads:    limiter("uploads", o.RateLimitUploads),
			LimitModelCalls: limiter("model_calls", o.RateLimitModelCalls),
			LimitSessions:   limiter("sessions", o.RateLimitSessions),
		},
	}
}

// byAddress stands before the authentication, so that guessing is bounded. An address that sent too many wrong credentials
// hears no more of further ones than that they are too many; good ones still count, since a guess has no chance and its
// neighbours behind the same proxy must not suffer.
func (l *rateLimits) byAddress(c *gin.Context) {
	if l.requests.limit <= 0 {
		c.Next()
		return
	}
	client, presented := network(clientOf(c)), l.presentsCredential(c.Request)
	left, spent := l.credentials.spent(client)
	guessing := spent && presented
	counted := l.addresses.limit > 0 && (guessing || !l.unlimited[c.FullPath()])
	if counted && !l.admit(c, l.addresses.take(client)) {
		return
	}
	if guessing {
		c.Set(guessingKey, left)
	}
	c.Next()
	if presented && c.Writer.Status() == http.StatusUnauthorized {
		l.credentials.take(client)
	}
}

// byClient stands behind the authentication. A client is a workspace whose credential is good, otherwise an address.
func (l *rateLimits) byClient(c *gin.Context) {
	if l.requests.limit <= 0 || l.unlimited[c.FullPath()] {
		c.Next()
		return
	}
	client := network(clientOf(c))
	identity, known := identityOf(c)
	if known && identity.Method != access.MethodLocal {
		client = identity.WorkspaceID
	}
	if !l.admit(c, l.requests.take(client)) {
		return
	}
	class := l.classes[c.Request.Method+" "+c.FullPath()]
	special := l.special[class]
	if special == nil || special.limit <= 0 || (class == LimitSessions && known) || l.admit(c, special.take(client)) {
		c.Next()
	}
}

// refuseGuess answers 429 instead of 401 where too many credentials of the address were wrong.
func (l *rateLimits) refuseGuess(c *gin.Context) bool {
	left, guessing := c.Value(guessingKey).(allowance)
	return guessing && !l.admit(c, left)
}

// admit shows the client the limit it is nearest to, and answers 429 when it has reached it.
func (l *rateLimits) admit(c *gin.Context, left allowance) bool {
	if shown, ok := c.Value(allowanceKey).(allowance); !ok || left.remaining < shown.remaining {
		c.Set(allowanceKey, left)
		c.Header(headerRateLimit, strconv.Itoa(left.limit))
		c.Header(headerRateRemaining, strconv.Itoa(max(left.remaining, 0)))
		c.Header(headerRateReset, strconv.FormatInt(int64(math.Ceil(float64(left.ends.UnixMilli())/1000)), 10))
	}
	if left.remaining >= 0 {
		return true
	}
	l.refused.WithLabelValues(left.class).Inc()
	wait := int(math.Ceil(time.Until(left.ends).Seconds()))
	c.Header("Retry-After", strconv.Itoa(max(wait, 1)))
	l.failures.write(c, models.NewError(models.KindRateLimited, "Too many requests. Wait as long as Retry-After says, then try again."))
	return false
}

// presentsCredential tells whether a request has something to check. A refusal of one that has not is no failed guess.
func (l *rateLimits) presentsCredential(r *http.Request) bool {
	_, bearer, _ := bearerToken(r.Header)
	return bearer || len(l.cookie.read(r)) > 0
}
