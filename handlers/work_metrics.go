package handlers

import (
	"cmp"

	"github.com/prometheus/client_golang/prometheus"

	"resume-matcher/services"
	"resume-matcher/services/tasks"
)

// WorkMetrics count what this process's services do, for Prometheus. The labels are names in the program, never a
// workspace or anything a client sent.
type WorkMetrics struct {
	models      *modelMetrics
	extracted   *prometheus.CounterVec
	extraction  *prometheus.HistogramVec
	extracting  prometheus.Gauge
	uploads     *prometheus.CounterVec
	tasks       *prometheus.CounterVec
	taskSeconds *prometheus.HistogramVec
}

// NewWorkMetrics returns counters at zero. Give Observer to the services and the metrics to the server.
func NewWorkMetrics() *WorkMetrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	seconds := func(name, help, label string, buckets ...float64) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, []string{label})
	}
	return &WorkMetrics{
		models:    newModelMetrics(),
		extracted: counter("documents_extracted_total", "Documents read, by format and how that ended.", "format", "outcome"),
		extraction: seconds("document_extraction_duration_seconds", "Time to read a document, the wait for a worker included.", "format",
			0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
		extracting: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "documents_in_progress", Help: "Documents being read or waiting for a worker.",
		}),
		uploads: counter("uploads_total", "Résumés uploaded: stored, deferred, a duplicate of one there already, or refused.", "outcome"),
		tasks:   counter("tasks_total", "Attempts at tasks of this process, by how they ended.", "kind", "outcome"),
		taskSeconds: seconds("task_duration_seconds", "Time of an attempt at a task.", "kind",
			0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900),
	}
}

// Observer returns what counts; it is safe for concurrent use.
func (m *WorkMetrics) Observer() services.Observer {
	o := m.models.observer()
	o.Extracting = func(change int) { m.extracting.Add(float64(change)) }
	o.Extracted = func(e services.Extraction) {
		format := cmp.Or(string(e.Format), "unknown")
		m.extracted.WithLabelValues(format, e.Outcome).Inc()
		m.extraction.WithLabelValues(format).Observe(e.Duration.Seconds())
	}
	o.Uploaded = func(outcome string) { m.uploads.WithLabelValues(outcome).Inc() }
	o.Worked = func(e tasks.Event) {
		m.tasks.WithLabelValues(e.Kind, string(e.Outcome)).Inc()
		if e.Took > 0 { // else its worker is gone, and nobody knows
			m.taskSeconds.WithLabelValues(e.Kind).Observe(e.Took.Seconds())
		}
	}
	return o
}

// collectors returns what to register; none where nothing is counted.
func (m *WorkMetrics) collectors() []prometheus.Collector {
	if m == nil {
		return nil
	}
	return append(m.models.collectors(), m.extracted, m.extraction, m.extracting, m.uploads, m.tasks, m.taskSeconds)
}
