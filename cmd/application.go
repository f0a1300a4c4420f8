package cmd

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"resume-matcher/config"
	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/services/documents"
	"resume-matcher/services/skills"
	"resume-matcher/services/tasks"
)

// application is the services over a database, for every command that does their work.
type application struct {
	*services.Services
	watch    *services.Drift
	observed *observation
}

// newApplication wires the services; the observation and the queue's logger are its own.
func newApplication(
	ctx context.Context, a *app, cfg *config.Config, log *slog.Logger, db *gorm.DB, extractor *documents.Extractor, work tasks.Options,
) (*application, error) {
	vocabulary, err := skills.Load()
	if err != nil {
		return nil, err
	}
	model, err := newModel(cfg)
	if err != nil {
		return nil, err
	}
	observed, err := newObservation(ctx, a, cfg, log, db)
	if err != nil {
		return nil, err
	}
	work.Tracing, work.Reporter = observed.tracing, observed.reporter
	watch := newWatch(cfg, log)
	out := &application{watch: watch, observed: observed, Services: services.New(services.Deps{
		DB: db, Extractor: extractor, Vocabulary: vocabulary, Logger: log, Model: model, Observer: observed.metrics.Observer(),
		Tasks: work, Maintenance: maintenanceOptions(cfg, watch),
	})}
	return out, out.Workspaces.EnsureDefault(ctx)
}

// newWatch returns the watch over the schema. Only the strict policy has every replica look again and again, since each
// answers for itself; else each looks once, and one of them from then on.
func newWatch(cfg *config.Config, log *slog.Logger) *services.Drift {
	interval := cfg.Drift.Interval
	if cfg.Background.Disabled || services.DriftPolicy(cfg.Drift.Policy) != services.DriftStrict {
		interval = 0
	}
	return services.NewDrift(services.DriftOptions{
		Policy: services.DriftPolicy(cfg.Drift.Policy), Interval: interval, Dialect: models.Dialect(cfg.Database.Dialect),
		Open:   func(ctx context.Context) (*sql.DB, error) { return openReadOnly(ctx, cfg.Database) },
		Logger: log,
	})
}

func maintenanceOptions(cfg *config.Config, watch *services.Drift) services.MaintenanceOptions {
	return services.MaintenanceOptions{
		CleanInterval: cfg.LLM.CacheCleanInterval,
		Retention:     time.Duration(cfg.Background.RetentionDays) * 24 * time.Hour,
		Drift:         watch, DriftInterval: cfg.Drift.Interval,
	}
}

// serverTasks leave running tasks less time to stop than serve lets anybody wait for the model: a task that waits for it is
// better handed to another replica.
func serverTasks(cfg *config.Config) tasks.Options {
	return tasks.Options{
		Inline: cfg.Background.Disabled, Workers: cfg.Background.Workers, Grace: cfg.Server.ShutdownTimeout * 2 / 5,
	}
}

// flush stores what was counted and lets calls of the model end that others wait for.
func (p *application) flush(ctx context.Context) error {
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTimeout)
	defer cancel()
	return errors.Join(p.Answers.Wait(ending), p.Usage.Flush(ending))
}

// withApplication gives work the services of the configured database, opened as for serving.
func withApplication(ctx context.Context, a *app, o func(*config.Config) tasks.Options,
	work func(context.Context, *config.Config, *slog.Logger, *application) error,
) error {
	cfg, err := a.load()
	if err != nil {
		return err
	}
	log := startLog(a.err, cfg)
	db, err := openReady(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer models.Close(db)
	extractor := newExtractor(cfg)
	defer extractor.Close()
	program, err := newApplication(ctx, a, cfg, log, db, extractor, o(cfg))
	if err != nil {
		return err
	}
	defer program.observed.stop(ctx, log)
	err = work(ctx, cfg, log, program)
	program.StopModel()
	return errors.Join(err, program.flush(ctx))
}
