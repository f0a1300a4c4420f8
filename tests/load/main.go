// Command load starts the server and puts it under the load of many connections, some of them idle or slow. It prints
// what was answered and fails if anything but success, 429 and 503 was, or if the server took more memory than it may.
//
//	go run ./tests/load -connections 1000 -for 60s
//
// It runs on SQLite, or on the Postgres of DATABASE_URL, whose schema it brings up to date.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"resume-matcher/tests/program"
)

type options struct {
	connections int
	length      time.Duration
	rateLimit   bool
	program     string
	// memory is the bound of the resident memory in MB.
	memory int64
	// latency, if positive, is the most that 99 of 100 requests may take.
	latency time.Duration
}

func main() {
	var o options
	flag.IntVar(&o.connections, "connections", 1000, "connections held at the same time")
	flag.DurationVar(&o.length, "for", time.Minute, "how long the load lasts")
	flag.BoolVar(&o.rateLimit, "rate-limit", false, "leave the rate limit on, with an address for each connection")
	flag.StringVar(&o.program, "program", "", "the program to try; built if empty")
	flag.Int64Var(&o.memory, "max-memory", 512, "most resident memory the server may take, in MB")
	flag.DurationVar(&o.latency, "max-latency", 0, "most that 99 of 100 requests may take; 0 for no bound")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

const (
	startTimeout = 2 * time.Minute
	stopTimeout  = time.Minute
	// requestTimeout is when a request counts as unanswered.
	requestTimeout = time.Minute
)

func run(ctx context.Context, o options) error {
	folder, err := os.MkdirTemp("", "load")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	server, admin, err := start(ctx, o, folder)
	if err != nil {
		return err
	}
	defer server.Kill()
	seen := newGauge(server, admin)
	before := seen.goroutines(ctx)
	figures := newFigures()
	began := time.Now()
	press(ctx, o, server.URL(), figures, seen)
	took := time.Since(began)
	after := seen.goroutinesWhenQuiet(ctx, before)
	figures.print(os.Stdout, took)
	seen.print(os.Stdout, before, after)
	failures := figures.failures(o)
	failures = append(failures, seen.failures(o, before, after)...)
	if err := server.Stop(stopTimeout); err != nil {
		failures = append(failures, fmt.Sprintf("the server did not stop cleanly: %v", err))
	}
	if len(failures) > 0 {
		return errors.New(strings.Join(failures, "\n      "))
	}
	return nil
}

// start starts the server; admin is where it shows its own figures.
func start(ctx context.Context, o options, folder string) (server *program.Server, admin string, err error) {
	if o.program == "" {
		if o.program, err = program.Build(ctx, folder); err != nil {
			return nil, "", fmt.Errorf("can't build the program: %w", err)
		}
	}
	ports, err := program.FreePorts(2)
	if err != nil {
		return nil, "", err
	}
	admin = fmt.Sprintf("127.0.0.1:%d", ports[1])
	database := os.Getenv("DATABASE_URL")
	if !strings.HasPrefix(database, "postgres") {
		database = "sqlite:///" + filepath.Join(folder, "app.db")
	}
	env := []string{
		"DATABASE_URL=" + database, "SESSION_SECRET_KEY=" + rand.Text() + rand.Text(), "TRUSTED_PROXIES=127.0.0.1",
		"ADMIN_ADDRESS=" + admin, "LOG_LEVEL=error", fmt.Sprintf("RATE_LIMIT_ENABLED=%t", o.rateLimit),
	}
	migrate := exec.CommandContext(ctx, o.program, "migrate", "up")
	migrate.Dir, migrate.Env = folder, append(os.Environ(), "DATABASE_URL="+database)
	if out, err := migrate.CombinedOutput(); err != nil {
		return nil, "", fmt.Errorf("can't migrate: %w: %s", err, out)
	}
	server, err = program.Start(program.Options{Path: o.program, Folder: folder, Port: ports[0], Env: env})
	if err != nil {
		return nil, "", err
	}
	ready, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if _, err := server.Ready(ready); err != nil {
		log, _ := os.ReadFile(filepath.Join(folder, program.LogName))
		server.Kill()
		return nil, "", fmt.Errorf("%w\n%s", err, log)
	}
	return server, admin, nil
}

// press holds the connections until the time is over: nine of ten send one request after another, the others are idle
// or slow.
func press(ctx context.Context, o options, url string, figures *figures, seen *gauge) {
	ctx, cancel := context.WithTimeout(ctx, o.length)
	defer cancel()
	var wg sync.WaitGroup
	for i := range o.connections {
		wg.Go(func() {
			switch i % 20 {
			case 0:
				holdIdle(ctx, url, figures)
			case 1:
				sendSlowly(ctx, url, i, figures)
			default:
				newVisitor(url, i, figures).visit(ctx)
			}
		})
	}
	wg.Go(func() { seen.watch(ctx) })
	wg.Wait()
}
