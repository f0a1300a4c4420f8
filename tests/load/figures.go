package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"resume-matcher/tests/program"
)

// figures are what was answered.
type figures struct {
	mu     sync.Mutex
	routes map[string]*route
	// others counts, by client and outcome, what is no whole request.
	others map[string]map[string]int
}

// route is what was answered on one of them.
type route struct {
	took []time.Duration
	// outcomes counts by status and code, or by the kind of error.
	outcomes map[string]int
	// unexpected counts those that are a fault of the server.
	unexpected int
}

func newFigures() *figures {
	return &figures{routes: map[string]*route{}, others: map[string]map[string]int{}}
}

func (f *figures) note(name string, answer program.Answer, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.routes[name]
	if r == nil {
		r = &route{outcomes: map[string]int{}}
		f.routes[name] = r
	}
	switch {
	case err != nil:
		r.outcomes[errorKind(err)]++
		r.unexpected++
		return
	case answer.Status >= http.StatusBadRequest:
		r.outcomes[strconv.Itoa(answer.Status)+" "+answer.Failure().Error.Code]++
	default:
		r.outcomes[strconv.Itoa(answer.Status)]++
	}
	r.took = append(r.took, answer.Took)
	if !expected(answer.Status) {
		r.unexpected++
	}
}

// expected tells whether a server under load may answer with a status.
func expected(status int) bool {
	return status < http.StatusBadRequest || status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
}

func (f *figures) count(who, outcome string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.others[who] == nil {
		f.others[who] = map[string]int{}
	}
	f.others[who][outcome]++
}

func errorKind(err error) string {
	var network net.Error
	switch {
	case errors.As(err, &network) && network.Timeout():
		return "timeout"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "reset"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "cut off"
	}
	return "other error"
}

// print writes a line for each route: how many requests, how long they took, how they ended.
func (f *figures) print(w io.Writer, took time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	total := 0
	fmt.Fprintf(w, "%-14s %8s %8s %8s %8s %8s  %s\n", "", "requests", "p50 ms", "p90 ms", "p99 ms", "max ms", "outcomes")
	for _, name := range slices.Sorted(maps.Keys(f.routes)) {
		r := f.routes[name]
		slices.Sort(r.took)
		total += len(r.took)
		fmt.Fprintf(w, "%-14s %8d %8d %8d %8d %8d  %s\n", name, len(r.took), r.at(50).Milliseconds(), r.at(90).Milliseconds(),
			r.at(99).Milliseconds(), r.at(100).Milliseconds(), outcomes(r.outcomes))
	}
	for _, who := range slices.Sorted(maps.Keys(f.others)) {
		fmt.Fprintf(w, "%-14s %s\n", who, outcomes(f.others[who]))
	}
	fmt.Fprintf(w, "%d requests in %s: %.0f a second\n", total, took.Round(time.Second), float64(total)/took.Seconds())
}

// at returns the time within which a percentage of the sorted requests were answered.
func (r *route) at(percent int) time.Duration {
	if len(r.took) == 0 {
		return 0
	}
	return r.took[min(len(r.took)*percent/100, len(r.took)-1)]
}

func outcomes(counts map[string]int) string {
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	text := ""
	for i, name := range names {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%d × %s", counts[name], name)
	}
	return text
}

// failures names what must not happen under load.
func (f *figures) failures(o options) (found []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.routes) == 0 {
		return []string{"no request was answered"}
	}
	for _, name := range slices.Sorted(maps.Keys(f.routes)) {
		r := f.routes[name]
		if r.unexpected > 0 {
			found = append(found, fmt.Sprintf("%s: %d requests were answered other than with success, 429 or 503", name, r.unexpected))
		}
		if o.latency > 0 && r.at(99) > o.latency {
			found = append(found, fmt.Sprintf("%s: one in a hundred took over %s", name, o.latency))
		}
	}
	return found
}
