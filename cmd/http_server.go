package cmd

import (
	"container/list"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// maxHeaderBytes is ample for a session, a token and what proxies add.
	maxHeaderBytes = 64 << 10
	// idleTimeout is longer than proxies keep connections, so that it is they who close one that is not used.
	idleTimeout = 2 * time.Minute
)

// patience bounds what clients may hold without doing anything. A request's body, once a handler reads it, and its answer
// are paced by the handlers.
type patience struct {
	// header, unread and idle are how long a client may take to send a header, a body that nobody reads, and its next request.
	header, unread, idle time.Duration
	// connections is how many there may be; each takes about 25 KB.
	connections int
}

func defaultPatience() patience {
	return patience{header: 10 * time.Second, unread: 30 * time.Second, idle: idleTimeout, connections: 4096}
}

func newHTTPServer(handler http.Handler, p patience, log *slog.Logger) *http.Server {
	open := &connections{most: p.connections, open: map[net.Conn]*list.Element{}}
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: p.header, ReadTimeout: p.unread, IdleTimeout: p.idle,
		MaxHeaderBytes: maxHeaderBytes, ConnState: open.changed, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// connections makes room for a new connection by closing the one that was idle longest. If none is idle the new one is
// closed: left in the system's queue, it would wait for as long as those who hold the others like.
type connections struct {
	most int

	mu   sync.Mutex
	open map[net.Conn]*list.Element // its place in idle, or nil
	idle list.List                  // of net.Conn, the one that is idle longest in front
}

func (o *connections) changed(conn net.Conn, state http.ConnState) {
	if surplus := o.note(conn, state); surplus != nil {
		_ = surplus.Close() // whether or not it could say goodbye
	}
}

// note returns the connection to close, if any.
func (o *connections) note(conn net.Conn, state http.ConnState) net.Conn {
	o.mu.Lock()
	defer o.mu.Unlock()
	if element := o.open[conn]; element != nil {
		o.idle.Remove(element)
		o.open[conn] = nil
	}
	switch state {
	case http.StateNew:
		o.open[conn] = nil
		return o.surplus(conn)
	case http.StateIdle:
		if _, known := o.open[conn]; known {
			o.open[conn] = o.idle.PushBack(conn)
		}
	case http.StateClosed, http.StateHijacked:
		delete(o.open, conn)
	case http.StateActive:
	}
	return nil
}

func (o *connections) surplus(newest net.Conn) net.Conn {
	if len(o.open) <= o.most {
		return nil
	}
	conn := newest
	if longest := o.idle.Front(); longest != nil {
		conn = longest.Value.(net.Conn)
		o.idle.Remove(longest)
	}
	delete(o.open, conn)
	return conn
}
