package cache

import (
	"context"
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"time"

	"gorm.io/gorm"

	"resume-matcher/models"
)

// How often a process looks at a flight of another one: at first soon, then rarely.
const (
	firstPause  = 10 * time.Millisecond
	followPause = 100 * time.Millisecond
)

// errUnled tells a follower that nobody makes the call any more.
var errUnled = errors.New("cache: the flight has no leader")

// resolve makes the call, or waits for the process that makes it.
func (s *Store) resolve(f *flight, e Entry, found Outcome, work Work) (Result, error) {
	l := lease{store: s, entry: e, owner: rand.Text()}
	for {
		leads, leader, err := l.claim(f.ctx)
		if err != nil {
			// The claim may have been committed all the same.
			return Result{}, errors.Join(err, l.release(f.ctx))
		}
		if leads {
			return s.lead(f, l, found, work)
		}
		answer, err := s.follow(f.ctx, e, leader)
		if !errors.Is(err, errUnled) {
			return Result{Answer: answer, Outcome: Shared}, err
		}
	}
}

// lead makes the call under the lease and leaves its end to everyone.
func (s *Store) lead(f *flight, l lease, found Outcome, work Work) (Result, error) {
	var ended bool
	var trouble error
	defer func() {
		if !ended {
			trouble = errors.Join(trouble, l.release(f.ctx))
		}
		if trouble != nil {
			s.log.Warn("The end of a language model call could not be recorded.", "kind", l.entry.Kind, "error", trouble)
		}
	}()
	s.mu.Lock()
	f.leading = f.waiting > 0
	s.mu.Unlock()
	// An earlier flight may have ended between this caller's first look and its claim.
	answer, again, err := s.lookup(f.ctx, l.entry)
	if err != nil {
		return Result{}, err
	}
	if again == Hit {
		return Result{Answer: answer, Outcome: Shared}, nil
	}
	stop := make(chan struct{})
	defer close(stop)
	s.flying.Go(func() { l.keep(f, stop) })
	s.count(l.entry.WorkspaceID, l.entry.Kind, found)
	if answer, err = run(f.ctx, work, f.say); err != nil {
		if f.ctx.Err() == nil {
			trouble = l.fail(f.ctx, err)
			ended = trouble == nil
		}
		return Result{}, err
	}
	ended, trouble = s.save(f.ctx, l, answer)
	return Result{Answer: answer, Outcome: found}, nil
}

// follow waits for the end of another process's call and says from time to time that it still waits.
func (s *Store) follow(ctx context.Context, e Entry, leader string) (Answer, error) {
	wantAgain := s.now().Add(s.lease / 6)
	for pause := firstPause; ; pause = min(2*pause, followPause) {
		select {
		case <-ctx.Done():
			return Answer{}, ctx.Err()
		case <-time.After(pause/2 + mathrand.N(pause/2)):
		}
		row, err := s.flightRow(ctx, e)
		now := s.now()
		switch {
		case err != nil:
			return Answer{}, err
		case leader != "" && row.FailedOwner == leader:
			return Answer{}, models.NewError(row.FailureKind, row.FailureMessage)
		case leader == "" || row.Owner != leader:
			answer, found, err := s.lookup(ctx, e)
			if err == nil && found != Hit {
				err = errUnled
			}
			return answer, err
		case !row.LeaseUntil.After(now):
			return Answer{}, errUnled
		case now.After(wantAgain):
			if err := (lease{s, e, leader}).want(ctx); err != nil {
				return Answer{}, err
			}
			wantAgain = now.Add(s.lease / 6)
		}
	}
}

// want tells the leader that another process still waits for its answer.
func (l lease) want(ctx context.Context) error {
	return models.StorageError(l.mine(ctx).UpdateColumn("wanted_until", l.store.wantedUntil(l.store.now())).Error)
}

// wantedUntil is how far ahead a waiting process asks a leader to go on: long enough to ask again before it ends.
func (s *Store) wantedUntil(now time.Time) time.Time { return now.Add(s.lease / 3) }

// flightRow returns the flight's row, which is zero if there is none.
func (s *Store) flightRow(ctx context.Context, e Entry) (models.LLMFlight, error) {
	var row models.LLMFlight
	err := s.db.WithContext(ctx).Where("cache_key = ? AND workspace_id = ?", e.Key, e.WorkspaceID).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.LLMFlight{}, nil
	}
	return row, models.StorageError(err)
}
