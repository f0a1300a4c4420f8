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
)

// admin serves operators what is not for the public: profiles, and the metrics without a credential.
type admin struct{ server *http.Server }

// startAdmin listens on address; without one it returns nil.
func startAdmin(ctx context.Context, address string, served *handlers.Server, log *slog.Logger) (*admin, error) {
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
		Handler: adminRoutes(served), ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
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
func adminRoutes(served *handlers.Server) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	mux.Handle("GET /metrics", served.Metrics())
	mux.Handle("GET /healthz", served)
	return mux
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
