package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"resume-matcher/tests/program"
)

const (
	// gaugePause is the wait between two looks at the server.
	gaugePause = 500 * time.Millisecond
	// quietTimeout is how long the server may take to let go of connections that have ended.
	quietTimeout = 2 * time.Minute
	// spareGoroutines may run afterwards that did not before: idle connections to the database, work behind the requests.
	spareGoroutines = 40
)

// gauge watches what the server takes.
type gauge struct {
	server *program.Server
	admin  *program.Client

	mu                 sync.Mutex
	goroutinesAt, open int
}

func newGauge(server *program.Server, admin string) *gauge {
	return &gauge{server: server, admin: program.NewClient("http://"+admin, 1, requestTimeout)}
}

// watch notes the most of everything until ctx ends.
func (g *gauge) watch(ctx context.Context) {
	for ctx.Err() == nil {
		n, files := g.goroutines(ctx), g.server.Usage().Files
		g.mu.Lock()
		g.goroutinesAt, g.open = max(g.goroutinesAt, n), max(g.open, files)
		g.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-time.After(gaugePause):
		}
	}
}

// goroutines asks the server how many it runs; 0 means that it did not say.
func (g *gauge) goroutines(ctx context.Context) int {
	answer, err := g.admin.Send(ctx, program.Request{Method: http.MethodGet, Path: "/metrics"})
	if err != nil {
		return 0
	}
	for lines := bufio.NewScanner(strings.NewReader(string(answer.Body))); lines.Scan(); {
		if text, found := strings.CutPrefix(lines.Text(), "go_goroutines "); found {
			n, _ := strconv.ParseFloat(text, 64)
			return int(n)
		}
	}
	return 0
}

// goroutinesWhenQuiet counts again once no more of them run than before, or after some time.
func (g *gauge) goroutinesWhenQuiet(ctx context.Context, before int) int {
	for end := time.Now().Add(quietTimeout); ; time.Sleep(gaugePause) {
		if n := g.goroutines(ctx); n > 0 && n <= before+spareGoroutines || time.Now().After(end) {
			return n
		}
	}
}

func (g *gauge) print(w io.Writer, before, after int) {
	used := g.server.Usage()
	fmt.Fprintf(w, "memory: %d MB at most, %d MB afterwards; goroutines: %d before, %d at most, %d afterwards; open files: %d at most, %d afterwards\n",
		used.Peak>>20, used.Resident>>20, before, g.goroutinesAt, after, g.open, used.Files)
}

func (g *gauge) failures(o options, before, after int) (found []string) {
	if peak := g.server.Usage().Peak >> 20; peak > o.memory {
		found = append(found, fmt.Sprintf("the server took %d MB, more than the %d it may", peak, o.memory))
	}
	if before == 0 || after == 0 {
		found = append(found, "the server did not tell how many goroutines it runs")
	}
	if after > before+spareGoroutines {
		found = append(found, fmt.Sprintf("%d goroutines run on after all connections have ended, %d ran before", after, before))
	}
	return found
}
