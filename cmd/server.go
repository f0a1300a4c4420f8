package cmd

import (
	"context"
	"log/slog"

	"gorm.io/gorm"

	"resume-matcher/config"
	"resume-matcher/handlers"
	"resume-matcher/services/documents"
)

// server is the wired application.
type server struct {
	handler *handlers.Server
	*application
}

// newServer wires the application: the same for the program and for the tests of the command.
func newServer(ctx context.Context, a *app, cfg *config.Config, log *slog.Logger, db *gorm.DB, extractor *documents.Extractor) (*server, error) {
	access, err := newAccess(cfg, db, log)
	if err != nil {
		return nil, err
	}
	program, err := newApplication(ctx, a, cfg, log, db, extractor, serverTasks(cfg))
	if err != nil {
		return nil, err
	}
	observed := program.observed
	options := handlers.Options{
		Version: a.version, Logger: log, AllowedOrigins: cfg.CORS.AllowedOrigins,
		RateWindow: cfg.RateLimit.Window, MaxJSONBytes: cfg.Limits.JSONBytes, MaxUploadBytes: cfg.Limits.UploadBytes,
		Heartbeat: heartbeat, Access: access, Ping: program.Status.Ping, Services: *program.Services, Drift: program.watch,
		Pools: observed.pools, WorkMetrics: observed.metrics, LogKey: observed.logKey,
		Tracing: observed.tracing, Reporter: observed.reporter,
	}
	limitRequests(&options, cfg)
	handler, err := handlers.New(options)
	return &server{handler, program}, err
}

// limitRequests bounds what clients may ask for. Without a model nothing is a model call.
func limitRequests(o *handlers.Options, cfg *config.Config) {
	o.TrustedProxies = cfg.Server.TrustedProxies
	o.UploadConcurrency, o.UploadQueue = cfg.Limits.UploadConcurrency, cfg.Limits.UploadQueue
	if !cfg.RateLimit.Enabled {
		return
	}
	o.RateLimit, o.RateLimitUploads = cfg.RateLimit.Requests, cfg.RateLimit.Uploads
	o.RateLimitAddress, o.RateLimitSessions = cfg.RateLimit.Address, cfg.RateLimit.Sessions
	if cfg.LLM.Provider != config.NoModel || cfg.Embedding.Provider != config.NoModel {
		o.RateLimitModelCalls = cfg.RateLimit.ModelCalls
	}
}

// behind returns the work that goes on behind the requests until its context ends. The use of the language model is
// counted in any case: that is part of the requests.
func (s *server) behind(cfg *config.Config) []func(context.Context) {
	works := []func(context.Context){s.watch.Watch, s.Usage.Run}
	if cfg.Background.Disabled {
		return works
	}
	return append(works, s.Health.Run, s.Tasks.Run)
}
