package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"resume-matcher/models"
)

// eventLog keeps the events of one run, in the bytes that go over the wire, for any number of readers at their own pace.
// Beyond its bounds it forgets the oldest: what they told is told again by the last, which carries the result.
type eventLog struct {
	run                 string
	maxEvents, maxBytes int

	mu     sync.Mutex // guards what follows
	frames []string
	bytes  int
	last   int // the number of the newest event, counted from 1
	ended  bool
	// failure is why a run ended without an event.
	failure *models.Error
	changed chan struct{} // closed and replaced with each change
}

func newEventLog(run string, limits runLimits) *eventLog {
	return &eventLog{run: run, maxEvents: limits.events, maxBytes: limits.bytes, changed: make(chan struct{})}
}

// add appends an event; it fails once the run has ended.
func (l *eventLog) add(event any) error {
	data, err := json.Marshal(event)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return errors.New("handlers: an event after the end of its stream")
	}
	l.last++
	frame := fmt.Sprintf("id: %s-%d\ndata: %s\n\n", l.run, l.last, data)
	l.frames = append(l.frames, frame)
	l.bytes += len(frame)
	for len(l.frames) > 1 && (len(l.frames) > l.maxEvents || l.bytes > l.maxBytes) {
		l.bytes -= len(l.frames[0])
		l.frames[0] = "" // the array behind the slice would keep it
		l.frames = l.frames[1:]
	}
	l.notify()
	return nil
}

// end tells the readers that no event follows; failure counts only where there was none.
func (l *eventLog) end(failure *models.Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	if l.last == 0 {
		l.failure = failure
	}
	l.notify()
}

// notify needs the lock.
func (l *eventLog) notify() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// next returns the oldest event kept that has a number above after. Where there is none, the number is 0 and changed closes
// when it is worth asking again; changed is nil when none will follow.
func (l *eventLog) next(after int) (number int, frame string, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if after < l.last {
		i := max(0, after-(l.last-len(l.frames)))
		return l.last - len(l.frames) + i + 1, l.frames[i], nil
	}
	if l.ended {
		return 0, "", nil
	}
	return 0, "", l.changed
}

// reached tells the number of the newest event and how many bytes are kept.
func (l *eventLog) reached() (last, bytes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last, l.bytes
}

// outcome is why a run ended without an event, nil if it did not.
func (l *eventLog) outcome() *models.Error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failure
}
