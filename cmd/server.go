package cmd

import (
	"context"
	"database/sql"
	"log/slog"

	"gorm.io/gorm"

	"resume-matcher/config"
	"resume-matcher/handlers"
	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/services/documents"
	"resume-matcher/services/skills"
	"resume-matcher/services/tasks"
)

// server is the wired application.
type server struct {
	handler  *handlers.Server
	watch    *services.Drift
	app      *services.Services
	observed *observation
}

// newServer wires the application: the same for the program and for the tests of the command.
func newServer(ctx context.Context, a *app, cfg *config.Config, log *slog.Logger, db *gorm.DB, extractor *documents.Extractor) (*server, error) {
	vocabulary, err := skills.Load()
	if err != nil {
		return nil, err
	}
	model, err := newModel(cfg)
	if err != nil {
		return nil, err
	}
	access, err := newAccess(cfg, db, log)
	if err != nil {
		return nil, err
	}
	observed, err := newObservation(ctx, a, cfg, log, db)
	if err != nil {
		return nil, err
	}
	app := services.New(services.Deps{
		DB: db, Extractor: extractor, Vocabulary: vocabulary, Logger: log, Model: model, Observer: observed.metrics.Observer(),
		Tasks: taskOptions(cfg, observed),
	})
	if err := app.Workspaces.EnsureDefault(ctx); err != nil {
		return nil, err
	}
	interval := cfg.Drift.Interval
	if cfg.Background.Disabled {
		interval = 0
	}
	watch := services.NewDrift(services.DriftOptions{
		Policy: services.DriftPolicy(cfg.Drift.Policy), Interval: interval, Dialect: models.Dialect(cfg.Database.Dialect),
		Open:   func(ctx context.Context) (*sql.DB, error) { return openReadOnly(ctx, cfg.Database) },
		Logger: log,
	})
	options := handlers.Options{
		Version: a.version, Logger: log, AllowedOrigins: cfg.CORS.AllowedOrigins,
		RateWindow: cfg.RateLimit.Window, MaxJSONBytes: cfg.Limits.JSONBytes, MaxUploadBytes: cfg.Limits.UploadBytes,
		Heartbeat: heartbeat, Access: access, Ping: app.Status.Ping, Services: *app, Drift: watch,
		Pools: models.Pools(db), WorkMetrics: observed.metrics, LogKey: observed.logKey,
		Tracing: observed.tracing, Reporter: observed.reporter,
	}
	if cfg.RateLimit.Enabled {
		options.RateLimit = cfg.RateLimit.Requests
	}
	handler, err := handlers.New(options)
	return &server{handler, watch, app, observed}, err
}

// taskOptions leave running tasks half of the time to stop, so that those which don't end can be handed back in the rest.
func taskOptions(cfg *config.Config, o *observation) tasks.Options {
	return tasks.Options{
		Inline: cfg.Background.Disabled, Workers: cfg.Background.Workers, Grace: cfg.Server.ShutdownTimeout / 2,
		Tracing: o.tracing, Reporter: o.reporter,
	}
}

// behind returns the work that goes on behind the requests until its context ends. The use of the language model is
// counted in any case: that is part of the requests.
func (s *server) behind(cfg *config.Config) []func(context.Context) {
	works := []func(context.Context){s.watch.Watch, s.app.Usage.Run}
	if cfg.Background.Disabled {
		return works
	}
	every := cfg.LLM.CacheCleanInterval
	return append(works, s.app.Health.Run, s.app.Tasks.Run,
		func(ctx context.Context) { s.app.Answers.Run(ctx, every) },
		func(ctx context.Context) { s.app.Tailoring.RunPreviews(ctx, every) })
}
