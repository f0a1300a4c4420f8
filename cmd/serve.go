package cmd

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"gorm.io/gorm"

	"resume-matcher/config"
	"resume-matcher/models"
	"resume-matcher/services/documents"
	"resume-matcher/services/schema"
)

const (
	heartbeat = 15 * time.Second
	// flushTimeout bounds the last write of what was counted.
	flushTimeout = 5 * time.Second
)

func newServeCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Serve the REST API",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			log := startLog(a.err, cfg)
			if err := checkDoor(cfg); err != nil {
				return err
			}
			return serve(c.Context(), a, cfg, log)
		},
	}
}

func serve(ctx context.Context, a *app, cfg *config.Config, log *slog.Logger) error {
	db, err := openReady(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer models.Close(db)
	extractor := newExtractor(cfg)
	defer extractor.Close()
	served, err := newServer(ctx, a, cfg, log, db, extractor)
	if err != nil {
		return err
	}
	defer served.observed.stop(ctx, log)
	admin, err := startAdmin(ctx, cfg.Observe.AdminAddress, adminPages{served.handler.Metrics(), served.handler}, log)
	if err != nil {
		return err
	}
	defer admin.stop()
	listener, err := net.Listen("tcp", net.JoinHostPort(cfg.Server.Host, strconv.Itoa(cfg.Server.Port)))
	if err != nil {
		return &exitError{exitUsage, fmt.Errorf("can't listen: %w. Set PORT or HOST to a free address", err)}
	}
	log.Info("serving", "url", "http://"+listener.Addr().String(), "database", cfg.Database.Dialect, "version", a.version)
	// What runs behind the requests ends with them, before the database closes.
	ctx, stop := context.WithCancel(ctx)
	warming := warmInChild(ctx, log, extractor, cfg.Background.Disabled)
	var behind sync.WaitGroup
	for _, work := range served.behind(cfg) {
		behind.Go(func() { work(ctx) })
	}
	streaming := make(chan error, 1)
	go func() {
		<-ctx.Done()
		// Who waits for the model until then has time to be answered without it; streams have it until half time.
		time.AfterFunc(cfg.Server.ShutdownTimeout*9/20, served.StopModel)
		streaming <- served.handler.Shutdown(cfg.Server.ShutdownTimeout)
	}()
	err = serveUntilDone(ctx, listener, served.handler, cfg.Server.ShutdownTimeout, log)
	stop()
	<-warming
	behind.Wait()
	err = errors.Join(err, <-streaming)
	served.StopModel()
	// The last requests are counted too.
	return errors.Join(err, served.flush(ctx))
}

// openReady opens the configured database with its schema up to date: an SQLite file is migrated, after a copy of it
// was taken if it holds data; a Postgres database is shared, so an operator migrates it before this version serves.
func openReady(ctx context.Context, cfg *config.Config, log *slog.Logger) (*gorm.DB, error) {
	db, err := openDatabase(ctx, cfg.Database, log)
	if err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err == nil {
		err = bringUpToDate(ctx, pool, cfg.Database, log)
	}
	if err != nil {
		return nil, errors.Join(err, models.Close(db))
	}
	return db, nil
}

func bringUpToDate(ctx context.Context, pool *sql.DB, database config.Database, log *slog.Logger) error {
	if models.Dialect(database.Dialect) == models.Postgres {
		pending, err := schema.Pending(ctx, pool, models.Postgres)
		if err == nil && len(pending) > 0 {
			err = models.NewError(models.KindSchemaNotReady, fmt.Sprintf(
				"The database lacks %d migration(s), the first of them %s. Run: resume-matcher migrate up", len(pending), pending[0].Name))
		}
		return err
	}
	applied, backup, err := applyPending(ctx, pool, database)
	if backup != "" {
		log.Info("copied the database before migrating it", "copy", backup)
	}
	for _, f := range applied {
		log.Info("applied a migration", "file", f.Name)
	}
	return err
}

// serveUntilDone answers requests until ctx ends, then lets those in flight finish within timeout.
func serveUntilDone(ctx context.Context, listener net.Listener, handler http.Handler, timeout time.Duration, log *slog.Logger) error {
	server := newHTTPServer(handler, defaultPatience(), log)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping: finishing the requests in flight", "at_most", timeout.String())
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	if err := server.Shutdown(ending); err != nil {
		return errors.Join(fmt.Errorf("some requests did not finish in time: %w", err), server.Close())
	}
	log.Info("stopped")
	return nil
}

// warmInChild fills the PDF compile cache in a process of its own, whose memory is given back when it ends.
// The returned channel closes when the child is gone.
func warmInChild(ctx context.Context, log *slog.Logger, extractor *documents.Extractor, disabled bool) <-chan struct{} {
	done := make(chan struct{})
	program, err := os.Executable()
	if err != nil || disabled || extractor.Warmed() {
		close(done)
		return done
	}
	if err := extractor.CheckCache(ctx); err != nil {
		log.Warn("the first PDF will take some seconds at each start", "error", err)
		close(done)
		return done
	}
	go func() {
		defer close(done)
		child := exec.CommandContext(ctx, program, "warm", "--"+whileInputFlag)
		// The pipe is never written to: it tells the child when this process is gone, killed ones included.
		if _, err := child.StdinPipe(); err != nil {
			log.Warn("the PDF compile cache could not be filled", "error", err)
			return
		}
		if err := child.Run(); err != nil && ctx.Err() == nil {
			log.Warn("the PDF compile cache could not be filled; the first PDF will take some seconds", "error", err)
		}
	}()
	return done
}
