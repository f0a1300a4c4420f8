// Package program runs the built server as a process of its own, for what can only be tried from outside: kills,
// frozen processes, many connections.
package program

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const (
	// probePause is the wait between two looks whether the server answers.
	probePause = 5 * time.Millisecond
	// probeTimeout bounds one of them.
	probeTimeout = 2 * time.Second
)

// Build compiles the program of the module into a folder and returns its path.
func Build(ctx context.Context, folder string) (string, error) {
	path := filepath.Join(folder, "resume-matcher")
	build := exec.CommandContext(ctx, "go", "build", "-o", path, "resume-matcher")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	return path, build.Run()
}

// Options tell how to start a server.
type Options struct {
	// Path is the program.
	Path string
	// Folder is where it runs, and where it writes its log.
	Folder string
	Port   int
	// Env holds its configuration as NAME=value; nothing else but PATH and HOME is passed on.
	Env []string
}

// LogName is the file in Options.Folder that the log is appended to.
const LogName = "server.log"

// Server is a running process.
type Server struct {
	cmd    *exec.Cmd
	url    string
	began  time.Time
	exited chan struct{}
	err    error
}

// Servers listen on ports from firstPort on, below those that systems give to clients: one of these could be the port of a
// server that is to be started again.
const (
	firstPort = 20_000
	ports     = 12_000
	portTries = 100
)

// FreePorts returns some different ports of this machine that nobody listens on.
func FreePorts(n int) ([]int, error) {
	var found []int
	for range portTries {
		l, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(firstPort+rand.IntN(ports)))
		if err != nil {
			continue
		}
		defer l.Close() // taken until all are found
		if found = append(found, l.Addr().(*net.TCPAddr).Port); len(found) == n {
			return found, nil
		}
	}
	return nil, errors.New("no free port was found")
}

// Start starts a server without waiting for it.
func Start(o Options) (*Server, error) {
	log, err := os.OpenFile(filepath.Join(o.Folder, LogName), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(o.Path, "serve")
	cmd.Dir, cmd.Stdout, cmd.Stderr = o.Folder, log, log
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "PORT=" + strconv.Itoa(o.Port)}, o.Env...)
	s := &Server{cmd: cmd, url: fmt.Sprintf("http://127.0.0.1:%d", o.Port), began: time.Now(), exited: make(chan struct{})}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		s.err = cmd.Wait()
		close(s.exited)
	}()
	return s, nil
}

// URL is the address of the server without a path.
func (s *Server) URL() string { return s.url }

// PID is the number of the process.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Ready waits until the server and its database answer, and returns how long after its start that was.
func (s *Server) Ready(ctx context.Context) (time.Duration, error) {
	client := http.Client{Timeout: probeTimeout, Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		if s.healthy(ctx, &client) {
			return time.Since(s.began), nil
		}
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("the server does not answer: %w", ctx.Err())
		case <-s.exited:
			return 0, fmt.Errorf("the server ended: %w", errors.Join(s.err, errors.New("see "+LogName)))
		case <-time.After(probePause):
		}
	}
}

func (s *Server) healthy(ctx context.Context, client *http.Client) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/healthz", nil)
	if err != nil {
		return false
	}
	answer, err := client.Do(request)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// Kill ends the process at once, as the kernel does when memory is short, and waits for its end.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill()
	<-s.exited
}

// Stop asks the process to end, as a deployment does, and waits for it; an error tells that it took too long or failed.
func (s *Server) Stop(timeout time.Duration) error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-s.exited:
		return s.err
	case <-time.After(timeout):
		s.Kill()
		return errors.New("the server did not stop in time")
	}
}

// Signal sends the process a signal.
func (s *Server) Signal(signal os.Signal) error { return s.cmd.Process.Signal(signal) }
