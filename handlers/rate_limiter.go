package handlers

import (
	"container/list"
	"sync"
	"time"
)

// maxRateClients bounds the memory of a limiter to about 2 MB; beyond it the oldest windows are forgotten.
const maxRateClients = 10_000

// rateLimiter counts the requests of each client in a window that starts with its first one. A fixed window rather than a
// token bucket, because only then Remaining and Reset tell the client exactly what it may still do.
type rateLimiter struct {
	// class names the limit in the metrics.
	class  string
	limit  int
	window time.Duration
	now    func() time.Time

	mu      sync.Mutex
	clients map[string]*list.Element
	// windows holds the clients' windows, the one that ends first in front: all are equally long.
	windows list.List
}

type rateWindow struct {
	client string
	ends   time.Time
	used   int
}

// allowance is what a limiter leaves a client.
type allowance struct {
	class string
	limit int
	// remaining is how many more requests the client may send, -1 if this one was one too many.
	remaining int
	// ends is when the window does.
	ends time.Time
}

func newRateLimiter(class string, limit int, window time.Duration) *rateLimiter {
	return &rateLimiter{class: class, limit: limit, window: window, now: time.Now, clients: map[string]*list.Element{}}
}

// take counts one request.
func (l *rateLimiter) take(client string) allowance {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for front := l.windows.Front(); front != nil; front = l.windows.Front() {
		oldest := front.Value.(*rateWindow)
		if _, known := l.clients[client]; oldest.ends.After(now) && (known || l.windows.Len() < maxRateClients) {
			break
		}
		delete(l.clients, oldest.client)
		l.windows.Remove(front)
	}
	element, known := l.clients[client]
	if !known {
		element = l.windows.PushBack(&rateWindow{client: client, ends: now.Add(l.window)})
		l.clients[client] = element
	}
	w := element.Value.(*rateWindow)
	if w.used >= l.limit {
		return allowance{l.class, l.limit, -1, w.ends}
	}
	w.used++
	return allowance{l.class, l.limit, l.limit - w.used, w.ends}
}

// spent tells whether the next request would be one too many, without counting one.
func (l *rateLimiter) spent(client string) (allowance, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	element, known := l.clients[client]
	if !known {
		return allowance{}, false
	}
	w := element.Value.(*rateWindow)
	return allowance{l.class, l.limit, -1, w.ends}, w.used >= l.limit && w.ends.After(l.now())
}
