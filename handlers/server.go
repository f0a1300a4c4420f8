package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/services/telemetry"
)

// Options is what the HTTP side needs to know; its zero values turn limits off.
type Options struct {
	Version string
	Logger  *slog.Logger
	// AllowedOrigins lists origins, patterns such as https://*.vercel.app, or "*".
	AllowedOrigins []string
	// RateLimit requests are allowed per client in RateWindow; 0 means no limit. Of them RateLimitUploads may be uploads and
	// RateLimitModelCalls requests that a language model can be asked for; 0 means no limit of their own.
	RateLimit           int
	RateLimitUploads    int
	RateLimitModelCalls int
	// RateLimitAddress is of all clients of one address together, RateLimitSessions how many of them may start a session.
	RateLimitAddress  int
	RateLimitSessions int
	RateWindow        time.Duration
	// UploadConcurrency uploads are read and processed at the same time while UploadQueue wait; 0 means no bound.
	UploadConcurrency int
	UploadQueue       int
	// Pace is how slow clients may be; its zero value is a pace for everyone.
	Pace Pace
	// TrustedProxies may say for whom they ask.
	TrustedProxies []netip.Prefix
	// MaxJSONBytes and MaxUploadBytes limit bodies while they are read.
	MaxJSONBytes   int64
	MaxUploadBytes int64
	// Heartbeat is the time between two comments of an event stream.
	Heartbeat time.Duration
	// Pools are the connection pools whose statistics /metrics shows.
	Pools []models.WatchedPool
	// WorkMetrics are shown by /metrics too, if not nil.
	WorkMetrics *WorkMetrics
	// LogKey keys the hashes that stand for workspaces in the log; without one they differ from process to process.
	LogKey []byte
	// Tracing and Reporter tell others what happens; nil tells nobody.
	Tracing  *telemetry.Tracing
	Reporter *telemetry.Reporter
	// Ping asks the database for a sign of life.
	Ping func(context.Context) error
	// Access tells whose requests are; without an Authenticator all but the public endpoints answer 401.
	Access AccessOptions
	// Services are the use cases behind the endpoints.
	Services services.Services
	// Drift watches the schema; nil means nobody does.
	Drift *services.Drift
}

// Server answers the REST API, the docs page and the metrics.
type Server struct {
	engine *gin.Engine
	api    *API
	// metrics answers what /metrics does, to whoever may call it.
	metrics http.Handler
}

// New builds the server; it opens nothing and starts nothing. Whoever serves it ends its streams with Shutdown.
func New(o Options) (*Server, error) {
	return newServer(o, func(a *API, m *metrics) { registerRoutes(a, o, m) })
}

func newServer(o Options, routes func(*API, *metrics)) (*Server, error) {
	measured, err := newMetrics(o)
	if err != nil {
		return nil, err
	}
	engine, err := newEngine()
	if err != nil {
		return nil, err
	}
	f := failures{log: o.Logger, reporter: o.Reporter}
	guard, err := newAccessGuard(o.Access, o.AllowedOrigins, f)
	if err != nil {
		return nil, err
	}
	api := &API{
		router:    engine,
		failures:  f,
		binder:    newBinder(o.MaxJSONBytes, o.MaxUploadBytes),
		document:  newDocument(o.Version),
		heartbeat: o.Heartbeat,
		runs:      newRuns(defaultRunLimits()),
		unlimited: map[string]bool{},
		guard:     guard,
		slots:     newUploadSlots(o.UploadConcurrency, o.UploadQueue),
	}
	api.limits = newRateLimits(o, api.unlimited, guard.cookie, measured.limited, f)
	guard.limits = api.limits
	if err := measured.register(api.slots.collectors()...); err != nil {
		return nil, err
	}
	from := proxies(o.TrustedProxies)
	engine.Use(o.Pace.orDefault().limit, from.locate)
	// The order matters: ids first, so that every answer has one; the log and the metrics see what recovery answers;
	// CORS before all that refuses, so that a page can read why and preflights cost nothing.
	requests := newAccessLog(o.Logger, o.LogKey)
	requests.quiet = api.unlimited
	engine.Use(identify, requests.write)
	if o.Tracing != nil {
		engine.Use(traceRequests(o.Tracing))
	}
	engine.Use(
		measured.measure,
		recoverPanics(f),
		from.secureHeaders,
		allowOrigins(o.AllowedOrigins, f),
		api.limits.byAddress,
		requireSchema(o.Drift, api.unlimited, f),
		guard.authenticate,
		api.limits.byClient,
	)
	engine.NoRoute(func(c *gin.Context) {
		f.write(c, models.NewError(models.KindNotFound, "There is nothing at this address. GET /docs lists what there is."))
	})
	engine.NoMethod(func(c *gin.Context) {
		f.write(c, models.NewError(models.KindMethodNotAllowed, "This address does not take this method. The Allow header lists those it takes."))
	})
	routes(api, measured)
	return &Server{engine: engine, api: api, metrics: measured.page()}, registerDocs(api)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.engine.ServeHTTP(w, r) }

// Shutdown refuses new streams, lets those that are listened to finish for half of timeout, then cancels them and tells their
// clients. It fails if their work still goes on when timeout is over.
func (s *Server) Shutdown(timeout time.Duration) error { return s.api.runs.shutdown(timeout) }

// Metrics answers with the metrics whoever asks: it is for an address that operators alone reach.
func (s *Server) Metrics() http.Handler { return s.metrics }

// API returns the registered endpoints with their OpenAPI document.
func (s *Server) API() *API { return s.api }

func newEngine() (*gin.Engine, error) {
	// Gin's debug mode prints a banner and every route to standard output at each start, past the program's logger.
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	// A redirect of "/path/" to "/path" loses the body of a POST in some clients; an unknown address is a 404.
	engine.RedirectTrailingSlash = false
	// Gin reads the first of several forwarded headers, which anyone can write; see proxies.
	return engine, engine.SetTrustedProxies(nil)
}
