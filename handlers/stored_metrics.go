package handlers

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"resume-matcher/services"
)

const (
	// backlogAge and cacheSizeAge are how old figures of the database may be: however often it is scraped, it is asked
	// seldom, and more seldom for what takes longer.
	backlogAge   = 5 * time.Second
	cacheSizeAge = time.Minute
	// storedTimeout keeps a slow database from making a scrape fail.
	storedTimeout = 2 * time.Second
)

// storedMetrics are figures that stand in the database, hence are those of all replicas.
type storedMetrics struct {
	described []*prometheus.Desc
	read      func(context.Context) ([]prometheus.Metric, error)
	age       time.Duration
	timeout   time.Duration
	log       *slog.Logger

	mu      sync.Mutex
	last    []prometheus.Metric
	readAt  time.Time
	failing bool
}

// newStoredMetrics shows the services' tasks and cached answers.
func newStoredMetrics(s services.Services, log *slog.Logger) []prometheus.Collector {
	var all []prometheus.Collector
	if s.Tasks != nil {
		all = append(all, newBacklog(s, log))
	}
	if s.Answers != nil {
		all = append(all, newCacheSize(s, log))
	}
	return all
}

func newBacklog(s services.Services, log *slog.Logger) *storedMetrics {
	unfinished := prometheus.NewDesc("tasks_unfinished", "Tasks of all replicas that are queued or running.", []string{"kind", "status"}, nil)
	oldest := prometheus.NewDesc("tasks_oldest_due_timestamp_seconds",
		"When the task that is overdue longest was due, in Unix time; absent while none is due.", nil, nil)
	return &storedMetrics{
		described: []*prometheus.Desc{unfinished, oldest}, age: backlogAge, timeout: storedTimeout, log: log,
		read: func(ctx context.Context) ([]prometheus.Metric, error) {
			depths, err := s.Tasks.Depths(ctx)
			due, found, dueErr := s.Tasks.OldestDue(ctx)
			var metrics []prometheus.Metric
			for _, d := range depths {
				metrics = append(metrics, prometheus.MustNewConstMetric(unfinished, prometheus.GaugeValue, float64(d.Count), d.Kind, string(d.Status)))
			}
			if found {
				metrics = append(metrics, prometheus.MustNewConstMetric(oldest, prometheus.GaugeValue, float64(due.UnixMilli())/1000))
			}
			return metrics, errors.Join(err, dueErr)
		},
	}
}

func newCacheSize(s services.Services, log *slog.Logger) *storedMetrics {
	entries := prometheus.NewDesc("llm_cache_entries", "Answers of language models that are cached, those that expired and are not removed yet included.", nil, nil)
	return &storedMetrics{
		described: []*prometheus.Desc{entries}, age: cacheSizeAge, timeout: storedTimeout, log: log,
		read: func(ctx context.Context) ([]prometheus.Metric, error) {
			n, err := s.Answers.Entries(ctx)
			return []prometheus.Metric{prometheus.MustNewConstMetric(entries, prometheus.GaugeValue, float64(n))}, err
		},
	}
}

// Describe names the metrics.
func (m *storedMetrics) Describe(descriptions chan<- *prometheus.Desc) {
	for _, d := range m.described {
		descriptions <- d
	}
}

// Collect sends the figures, and none while the database does not tell them: old ones would pass for a queue that stands.
func (m *storedMetrics) Collect(metrics chan<- prometheus.Metric) {
	for _, metric := range m.current() {
		metrics <- metric
	}
}

func (m *storedMetrics) current() []prometheus.Metric {
	m.mu.Lock()
	defer m.mu.Unlock()
	if time.Since(m.readAt) < m.age {
		return m.last
	}
	ctx, cancel := context.WithTimeout(context.Background(), m.timeout)
	defer cancel()
	read, err := m.read(ctx)
	if err != nil {
		read = nil
		if !m.failing {
			m.log.Warn("the metrics lack figures of the database until it tells them", "error", err)
		}
	}
	m.last, m.readAt, m.failing = read, time.Now(), err != nil
	return m.last
}
