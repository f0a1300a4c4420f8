package handlers

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"resume-matcher/services/tasks"
)

const (
	// backlogAge is how old the numbers of tasks may be: however often it is scraped, the database is asked seldom.
	backlogAge = 5 * time.Second
	// backlogTimeout keeps a slow database from making a scrape fail.
	backlogTimeout = 2 * time.Second
)

// backlog shows the unfinished tasks, those of all replicas.
type backlog struct {
	queue  *tasks.Queue
	log    *slog.Logger
	queued *prometheus.Desc
	oldest *prometheus.Desc

	mu      sync.Mutex
	last    []prometheus.Metric
	readAt  time.Time
	failing bool
}

func newBacklog(queue *tasks.Queue, log *slog.Logger) *backlog {
	return &backlog{
		queue: queue, log: log,
		queued: prometheus.NewDesc("tasks_queued", "Unfinished tasks of all replicas, queued or running.", []string{"kind", "status"}, nil),
		oldest: prometheus.NewDesc("tasks_oldest_due_timestamp_seconds",
			"When the task that is overdue longest was due, in Unix time; absent while none is due.", nil, nil),
	}
}

// Describe names the metrics.
func (b *backlog) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- b.queued
	descriptions <- b.oldest
}

// Collect sends the numbers, and none while the database does not tell them: old ones would pass for a queue that stands.
func (b *backlog) Collect(metrics chan<- prometheus.Metric) {
	for _, metric := range b.metrics() {
		metrics <- metric
	}
}

func (b *backlog) metrics() []prometheus.Metric {
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.readAt) < backlogAge {
		return b.last
	}
	read, err := b.read()
	if err != nil && !b.failing {
		b.log.Warn("the metrics lack the number of tasks until the database tells it", "error", err)
	}
	b.last, b.readAt, b.failing = read, time.Now(), err != nil
	return b.last
}

func (b *backlog) read() ([]prometheus.Metric, error) {
	ctx, cancel := context.WithTimeout(context.Background(), backlogTimeout)
	defer cancel()
	depths, err := b.queue.Depths(ctx)
	due, found, dueErr := b.queue.OldestDue(ctx)
	if err = errors.Join(err, dueErr); err != nil {
		return nil, err
	}
	var metrics []prometheus.Metric
	for _, d := range depths {
		metrics = append(metrics, prometheus.MustNewConstMetric(b.queued, prometheus.GaugeValue, float64(d.Count), d.Kind, string(d.Status)))
	}
	if found {
		metrics = append(metrics, prometheus.MustNewConstMetric(b.oldest, prometheus.GaugeValue, float64(due.UnixMilli())/1000))
	}
	return metrics, nil
}
