package services

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// How often the database is asked for all that is listened to: more seldom the longer nothing changes.
const (
	watchPause    = 100 * time.Millisecond
	watchMaxPause = 2 * time.Second
	// watchTimeout bounds one look; after watchFailures that failed in a row the listeners are told.
	watchTimeout  = 5 * time.Second
	watchFailures = 5
)

// progressWatch asks the database once for all who listen, because the replica that works tells only the database. It asks
// while somebody listens.
type progressWatch struct {
	read func(context.Context, []progressKey) (map[progressKey]ResumeProgress, error)

	mu        sync.Mutex // guards what follows
	listeners map[*progressListener]struct{}
	stop      context.CancelFunc
	joined    chan struct{}
}

// progressListener hears the newest state of one résumé; what it was too slow for is passed over.
type progressListener struct {
	key  progressKey
	news chan progressNews
}

type progressNews struct {
	ResumeProgress
	err error
}

func newProgressWatch(read func(context.Context, []progressKey) (map[progressKey]ResumeProgress, error)) *progressWatch {
	return &progressWatch{read: read, listeners: map[*progressListener]struct{}{}, joined: make(chan struct{}, 1)}
}

// join adds a listener, who must leave; the first one starts the looking.
func (w *progressWatch) join(ctx context.Context, key progressKey) *progressListener {
	l := &progressListener{key: key, news: make(chan progressNews, 1)}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listeners[l] = struct{}{}
	if len(w.listeners) == 1 {
		ctx, w.stop = context.WithCancel(context.WithoutCancel(ctx))
		go w.look(ctx)
	}
	select {
	case w.joined <- struct{}{}:
	default:
	}
	return l
}

// leave takes a listener away; after the last one nobody looks.
func (w *progressWatch) leave(l *progressListener) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.listeners, l)
	if len(w.listeners) == 0 {
		w.stop()
	}
}

// look asks again and again, at once for who has just joined, until ctx ends.
func (w *progressWatch) look(ctx context.Context) {
	pause, failures := watchPause, 0
	last := map[progressKey]ResumeProgress{}
	for {
		if !w.rest(ctx, pause) {
			return
		}
		keys := w.keys()
		asking, cancel := context.WithTimeout(ctx, watchTimeout)
		found, err := w.read(asking, keys)
		cancel()
		if err != nil {
			if failures++; failures == watchFailures {
				w.tell(ctx, func(progressKey) progressNews { return progressNews{err: errNoNews(err)} })
			}
			pause = min(2*pause, watchMaxPause)
			continue
		}
		failures = 0
		pause = min(pause+pause/2, watchMaxPause)
		if !maps.EqualFunc(last, found, ResumeProgress.same) {
			pause = watchPause
		}
		last = found
		w.tell(ctx, func(k progressKey) progressNews {
			if p, ok := found[k]; ok {
				return progressNews{ResumeProgress: p}
			}
			if !slices.Contains(keys, k) {
				return progressNews{}
			}
			return progressNews{err: resumeNotFound()}
		})
	}
}

// rest waits for a time, less if somebody joins; false means that ctx has ended.
func (w *progressWatch) rest(ctx context.Context, pause time.Duration) bool {
	if ctx.Err() != nil {
		return false // who joins now is looked for by another
	}
	least := time.After(watchPause)
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pause):
		return true
	case <-w.joined:
	}
	select {
	case <-ctx.Done():
		return false
	case <-least:
		return true
	}
}

func (w *progressWatch) keys() []progressKey {
	w.mu.Lock()
	defer w.mu.Unlock()
	distinct := map[progressKey]struct{}{}
	for l := range w.listeners {
		distinct[l.key] = struct{}{}
	}
	return slices.Collect(maps.Keys(distinct))
}

// tell gives each listener the news of its résumé, in place of news it has not heard yet. It tells nothing once ctx has
// ended: whoever listens then hears from a later look, which this one must not contradict.
func (w *progressWatch) tell(ctx context.Context, of func(progressKey) progressNews) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	for l := range w.listeners {
		news := of(l.key)
		if news.err == nil && news.ResumeID == "" {
			continue // it joined after the look
		}
		select {
		case <-l.news:
		default:
		}
		l.news <- news
	}
}
