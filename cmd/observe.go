package cmd

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"strings"

	"gorm.io/gorm"

	"resume-matcher/config"
	"resume-matcher/handlers"
	"resume-matcher/models"
	"resume-matcher/services/telemetry"
)

// logPurpose separates the key of the log's hashes from every other one made of the same secret.
const logPurpose = "resume-matcher workspaces in the log"

// observation is where the program shows what it does, beside its log.
type observation struct {
	pools    []models.WatchedPool
	metrics  *handlers.WorkMetrics
	logKey   []byte
	tracing  *telemetry.Tracing
	reporter *telemetry.Reporter
}

func newObservation(ctx context.Context, a *app, cfg *config.Config, log *slog.Logger, db *gorm.DB) (*observation, error) {
	o := &observation{pools: models.Pools(db), metrics: handlers.NewWorkMetrics()}
	var err error
	if o.logKey, err = newLogKey(cfg.Session.SecretKey); err != nil {
		return nil, err
	}
	if o.reporter, err = telemetry.NewReporter(cfg.Observe.SentryDSN.Reveal(), a.version); err != nil {
		return nil, &exitError{exitUsage, err}
	}
	o.tracing, err = telemetry.NewTracing(ctx, telemetry.TracingOptions{
		Endpoint: cfg.Observe.OTLPEndpoint, Headers: cfg.Observe.OTLPHeaders.Reveal(), Ratio: cfg.Observe.TraceRatio,
		Version: a.version, Logger: log,
	})
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	if o.tracing != nil {
		err = telemetry.TraceStatements(db)
	}
	return o, err
}

// newLogKey makes the hashes of all replicas that share the newest secret alike; without one it returns none.
func newLogKey(secrets config.Secret) ([]byte, error) {
	newest, _, _ := strings.Cut(secrets.Reveal(), ",")
	if newest = strings.TrimSpace(newest); newest == "" {
		return nil, nil
	}
	key, err := hkdf.Key(sha256.New, []byte(newest), nil, logPurpose, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive the log's key: %w", err)
	}
	return key, nil
}

// stop sends what is still to be sent, for a moment at most.
func (o *observation) stop(ctx context.Context, log *slog.Logger) {
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTimeout)
	defer cancel()
	o.reporter.Flush(ending)
	if err := o.tracing.Shutdown(ending); err != nil {
		log.Warn("the last traces were not sent", "error", err)
	}
}
