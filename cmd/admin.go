package cmd

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"resume-matcher/handlers"
)

const (
	// adminWriteTimeout leaves time for a profile or trace of several minutes.
	adminWriteTimeout = 10 * time.Minute
	adminReadTimeout  = 10 * time.Second
	// adminStopTimeout is what a scrape gets to finish; a profile is cut off.
	adminStopTimeout = time.Second
	// healthTimeout is how long a worker's database may take to answer.
	healthTimeout = 2 * time.Second
)

// admin serves operators what is not for the public: profiles, and the metrics without a credential.
type admin struct{ server *http.Server }

// adminPages are what an admin answers with beside profiles.
type adminPages struct{ metrics, health http.Handler }

// startAdmin listens on address; without one it returns nil.
func startAdmin(ctx context.Context, address string, pages adminPages, log *slog.Logger) (*admin, error) {
	if address == "" {
		return nil, nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, &exitError{exitUsage, fmt.Errorf("can't listen on ADMIN_ADDRESS: %w. Set it to a free address, such as 127.0.0.1:6060", err)}
	}
	if tcp, ok := listener.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		log.Warn("ADMIN_ADDRESS can be reached from other machines, and asks nobody for a credential", "address", listener.Addr().String())
	}
	a := &admin{&http.Server{
		Handler: adminRoutes(pages), ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: adminReadTimeout, ReadTimeout: adminReadTimeout, WriteTimeout: adminWriteTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: 16 << 10,
		// A profile under way ends with the program.
		BaseContext: func(net.Listener) context.Context { return ctx },
	}}
	log.Info("serving operators", "address", listener.Addr().String())
	go func() { _ = a.server.Serve(listener) }() // it ends by stop
	return a, nil
}

// adminRoutes names the handlers of pprof one by one: its own registration is on a mux that anyone may serve.
func adminRoutes(pages adminPages) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	mux.Handle("GET /metrics", pages.metrics)
	mux.Handle("GET /healthz", pages.health)
	return mux
}

// workerPages are those of a program that serves no API.
func (p *application) workerPages(version string, log *slog.Logger) (adminPages, error) {
	metrics, err := handlers.NewMetricsPage(handlers.Options{
		Version: version, Logger: log, Pools: p.observed.pools, WorkMetrics: p.observed.metrics, Drift: p.watch, Services: *p.Services,
	})
	return adminPages{metrics, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), healthTimeout)
		defer cancel()
		if p.Status.Ping(ctx) != nil {
			http.Error(w, "unavailable", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})}, err
}

// stop ends what is left within a moment.
func (a *admin) stop() {
	if a == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), adminStopTimeout)
	defer cancel()
	if a.server.Shutdown(ctx) != nil {
		_ = a.server.Close()
	}
}
