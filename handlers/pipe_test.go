package handlers

import (
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// pipes is a listener in memory, whose connections keep the deadlines of a synctest bubble's own clock. They hold nothing
// back: what one side writes waits until the other one reads it.
type pipes struct {
	dialed chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{dialed: make(chan net.Conn), closed: make(chan struct{})} }

// Accept waits for a client.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.dialed:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close refuses further clients.
func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// Addr is no address that anybody could dial.
func (p *pipes) Addr() net.Addr { return pipeAddress{} }

type pipeAddress struct{}

func (pipeAddress) Network() string { return "pipe" }
func (pipeAddress) String() string  { return "pipe" }

// servePipes serves handler until the test ends, and returns how to connect to it.
func servePipes(t *testing.T, handler http.Handler) (dial func() net.Conn) {
	t.Helper()
	listener, ended := newPipes(), make(chan error, 1)
	server := &http.Server{Handler: handler}
	go func() { ended <- server.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.ErrorIs(t, <-ended, http.ErrServerClosed)
	})
	return func() net.Conn {
		client, conn := net.Pipe()
		listener.dialed <- conn
		t.Cleanup(func() { client.Close() })
		return client
	}
}
