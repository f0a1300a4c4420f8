package handlers

import (
	"container/list"
	"math"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
)

const (
	headerRateLimit     = "X-RateLimit-Limit"
	headerRateRemaining = "X-RateLimit-Remaining"
	headerRateReset     = "X-RateLimit-Reset"

	// maxRateClients bounds the memory of the limiter to about 2 MB; beyond it the oldest windows are forgotten.
	maxRateClients = 10_000
)

// rateLimiter counts the requests of each client in a window that starts with its first one. A fixed window rather than a
// token bucket, because only then Remaining and Reset tell the client exactly what it may still do.
type rateLimiter struct {
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

func newRateLimiter(limit int, window time.Duration) *rateLimiter {
	return &rateLimiter{limit: limit, window: window, now: time.Now, clients: map[string]*list.Element{}}
}

// take counts one request and returns how many are left, -1 if it is one too many, and when the window ends.
func (l *rateLimiter) take(client string) (remaining int, ends time.Time) {
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
		return -1, w.ends
	}
	w.used++
	return l.limit - w.used, w.ends
}

// limitRate refuses what exceeds the limit; 0 means no limit. Routes in unlimited, by their template, are not counted.
func limitRate(l *rateLimiter, unlimited map[string]bool, f failures) gin.HandlerFunc {
	return func(c *gin.Context) {
		if l.limit <= 0 || unlimited[c.FullPath()] {
			c.Next()
			return
		}
		remaining, ends := l.take(clientKey(c.RemoteIP()))
		c.Header(headerRateLimit, strconv.Itoa(l.limit))
		c.Header(headerRateRemaining, strconv.Itoa(max(remaining, 0)))
		c.Header(headerRateReset, strconv.FormatInt(int64(math.Ceil(float64(ends.UnixMilli())/1000)), 10))
		if remaining < 0 {
			wait := int(math.Ceil(ends.Sub(l.now()).Seconds()))
			c.Header("Retry-After", strconv.Itoa(max(wait, 1)))
			f.write(c, models.NewError(models.KindRateLimited, "Too many requests. Wait as long as Retry-After says, then try again."))
			return
		}
		c.Next()
	}
}

// clientKey counts an IPv6 network as one client, since each of its hosts has addresses without end.
func clientKey(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	if addr = addr.Unmap(); addr.Is4() {
		return addr.String()
	}
	network, err := addr.WithZone("").Prefix(64)
	if err != nil {
		return ip
	}
	return network.String()
}
