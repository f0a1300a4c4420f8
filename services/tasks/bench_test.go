package tasks_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"resume-matcher/services/tasks"
)

func BenchmarkEnqueue(b *testing.B) {
	w := newWorld(b)
	q := w.queue()
	for b.Loop() {
		_, _, err := q.Enqueue(w.db, tasks.Task{Kind: kind})
		require.NoError(b, err)
	}
}

// BenchmarkRun does tasks that cost nothing, by two runners with the same number of workers each.
func BenchmarkRun(b *testing.B) {
	for _, workers := range []int{2, 8} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			w := newWorld(b)
			var done atomic.Int64
			all := make(chan struct{})
			queues := make([]*tasks.Queue, 2)
			for i := range queues {
				queues[i] = w.queue(func(o *tasks.Options) { o.Workers = workers })
				queues[i].Handle(kind, func(context.Context, *tasks.Job) error {
					if done.Add(1) == int64(b.N) {
						close(all)
					}
					return nil
				})
			}
			w.addMany(queues[0], b.N)
			b.ResetTimer()
			for _, q := range queues {
				w.run(q)
			}
			<-all
		})
	}
}

// BenchmarkIdlePoll is a look for work, with many finished tasks in the table and nothing due.
func BenchmarkIdlePoll(b *testing.B) {
	w := newWorld(b)
	q := w.queue(func(o *tasks.Options) { o.Workers = 8 })
	q.Handle(kind, nothing)
	w.addMany(q, 5000)
	for n := 1; n > 0; {
		var err error
		n, err = q.RunOnce(b.Context())
		require.NoError(b, err)
	}
	for b.Loop() {
		_, err := q.RunOnce(b.Context())
		require.NoError(b, err)
	}
}
