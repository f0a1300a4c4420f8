package handlers

import (
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"resume-matcher/services"
	"resume-matcher/services/schema"
)

const driftPath = v1 + "/schema/drift"

// drift answers what is known of the schema.
type drift struct{ service *services.Drift }

// DriftInput asks for the drift report.
type DriftInput struct {
	Refresh bool `form:"refresh" doc:"Check now instead of answering with the last report."`
}

// DriftAnswer is the report, flat as the command line prints it and as data.
type DriftAnswer struct {
	Envelope[schema.Report]
	schema.Report
}

func (h drift) get(c *gin.Context, in DriftInput) (DriftAnswer, error) {
	report, err := h.service.Report(c.Request.Context(), in.Refresh)
	if err != nil {
		return DriftAnswer{}, err
	}
	return DriftAnswer{Envelope: Data(report), Report: report}, nil
}

// requireSchema answers SCHEMA_NOT_READY to all but probes, docs, metrics and the drift report while ready fails.
func requireSchema(service *services.Drift, unlimited map[string]bool, f failures) gin.HandlerFunc {
	return func(c *gin.Context) {
		path := c.FullPath()
		if path == "" || path == driftPath || unlimited[path] {
			return
		}
		if err := service.Ready(); err != nil {
			f.write(c, err)
			c.Abort()
		}
	}
}

// driftMetrics shows the last report to Prometheus.
type driftMetrics struct {
	service  *services.Drift
	findings *prometheus.Desc
	checked  *prometheus.Desc
}

func newDriftMetrics(service *services.Drift) driftMetrics {
	return driftMetrics{
		service:  service,
		findings: prometheus.NewDesc("schema_drift_findings", "Findings of the last schema check, by kind.", []string{"kind"}, nil),
		checked:  prometheus.NewDesc("schema_drift_last_check_timestamp_seconds", "When the schema was last checked.", nil, nil),
	}
}

// Describe names the metrics.
func (m driftMetrics) Describe(out chan<- *prometheus.Desc) {
	out <- m.findings
	out <- m.checked
}

// Collect reads the last report; before the first check there is nothing to show.
func (m driftMetrics) Collect(out chan<- prometheus.Metric) {
	report, ok := m.service.Last()
	if !ok {
		return
	}
	counts := map[schema.Kind]int{}
	for _, f := range report.Findings {
		counts[f.Kind]++
	}
	for _, kind := range schema.Kinds() {
		out <- prometheus.MustNewConstMetric(m.findings, prometheus.GaugeValue, float64(counts[kind]), string(kind))
	}
	out <- prometheus.MustNewConstMetric(m.checked, prometheus.GaugeValue, float64(report.CheckedAt.Unix()))
}
