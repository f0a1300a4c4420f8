package handlers

import (
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"resume-matcher/models"
)

// metrics is the process's own registry: the default one is a global that any import may write to.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	inFlight prometheus.Gauge
	limited  *prometheus.CounterVec
}

// NewMetricsPage answers with the metrics of a program that serves no requests of the API, such as a worker.
func NewMetricsPage(o Options) (http.Handler, error) {
	m, err := newMetrics(o)
	if err != nil {
		return nil, err
	}
	return m.page(), nil
}

// newMetrics registers what the runtime, the schema, the pools, the tasks and the services have to tell, beside the requests.
func newMetrics(o Options) (*metrics, error) {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_requests_total", Help: "Requests answered, by route template.",
		}, []string{"method", "route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_request_duration_seconds", Help: "Time to answer a request, by route template.",
			// Those that wait for a language model take longest.
			Buckets: []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"method", "route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "http_requests_in_flight", Help: "Requests being answered, streams included.",
		}),
		limited: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_rate_limited_requests_total", Help: "Requests refused by a rate limit, by the limit's class.",
		}, []string{"class"}),
	}
	all := slices.Concat([]prometheus.Collector{
		m.requests, m.duration, m.inFlight, m.limited,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		newDriftMetrics(o.Drift), newBuildInfo(o.Version, o.Pools),
	}, o.WorkMetrics.collectors(), poolCollectors(o.Pools), newStoredMetrics(o.Services, o.Logger))
	return m, m.register(all...)
}

func (m *metrics) register(all ...prometheus.Collector) error {
	for _, c := range all {
		if err := m.registry.Register(c); err != nil {
			return fmt.Errorf("handlers: register metrics: %w", err)
		}
	}
	return nil
}

// poolCollectors returns the statistics of each pool, by its name.
func poolCollectors(pools []models.WatchedPool) []prometheus.Collector {
	var all []prometheus.Collector
	for _, pool := range pools {
		all = append(all, collectors.NewDBStatsCollector(pool.DB, pool.Name), prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "db_pool_wait_timeouts_total", Help: "Waits for a connection that ended without one.",
			ConstLabels: prometheus.Labels{"db_name": pool.Name},
		}, func() float64 { return float64(pool.Timeouts()) }))
	}
	return all
}

// newBuildInfo tells by its labels what runs; its value is always 1.
func newBuildInfo(version string, pools []models.WatchedPool) prometheus.Collector {
	var dialect string
	if len(pools) > 0 {
		dialect, _, _ = strings.Cut(pools[0].Name, "_")
	}
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "resume_matcher_build_info", Help: "What runs, by its labels; always 1.",
		ConstLabels: prometheus.Labels{"version": version, "go_version": runtime.Version(), "dialect": dialect},
	})
	info.Set(1)
	return info
}

func (m *metrics) measure(c *gin.Context) {
	start := time.Now()
	m.inFlight.Inc()
	defer func() {
		m.inFlight.Dec()
		method, route := knownMethod(c.Request.Method), routeOf(c)
		m.requests.WithLabelValues(method, route, strconv.Itoa(c.Writer.Status())).Inc()
		m.duration.WithLabelValues(method, route).Observe(time.Since(start).Seconds())
	}()
	c.Next()
}

func (m *metrics) page() http.Handler { return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}) }

func (m *metrics) handler() gin.HandlerFunc { return gin.WrapH(m.page()) }

// knownMethod keeps made-up methods from becoming labels without end.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}
