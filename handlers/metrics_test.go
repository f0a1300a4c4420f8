package handlers

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/services/documents"
	"resume-matcher/services/tasks"
	"resume-matcher/tests/testdb"
)

// watchedOptions are those of a server that shows all there is to show, on a fresh database.
func watchedOptions(t *testing.T) (o Options, enqueue func(tasks.Task), breakTasks func()) {
	t.Helper()
	db := testdb.Open(t)
	o = testOptions()
	o.WorkMetrics, o.Pools = NewWorkMetrics(), models.Pools(db)
	o.Services.Tasks = tasks.New(tasks.Options{DB: db})
	return o, func(task tasks.Task) {
			_, _, err := o.Services.Tasks.Enqueue(db, task)
			require.NoError(t, err)
		}, func() {
			require.NoError(t, db.Exec("DROP TABLE tasks").Error)
		}
}

func TestMetricsKeepToTheConventions(t *testing.T) {
	o, enqueue, _ := watchedOptions(t)
	enqueue(tasks.Task{Kind: "test.kind"})
	s := newTestServer(t, o, echoRoutes)
	exercise(o.WorkMetrics.Observer())
	s.do(t, "GET", "/nowhere", "", "")
	page := s.do(t, "GET", "/metrics", "", "").Body.Bytes()
	problems, err := promlint.New(bytes.NewReader(page)).Lint()
	require.NoError(t, err)
	assert.Empty(t, problems)
}

// exercise makes an observer hear of everything once.
func exercise(o services.Observer) {
	o.Called(services.ModelCall{Provider: "openai", Kind: "tailor", Outcome: "answered", Duration: time.Second, FirstText: time.Second})
	o.Paid(services.ModelCost{Kind: services.UsageLLM, Provider: "openai", PromptTokens: 1, CompletionTokens: 1})
	o.Cached("tailor", "hit")
	o.Judged("supported")
	o.Refused()
	o.Extracting(1)
	o.Extracted(services.Extraction{Format: documents.PDF, Outcome: "read", Duration: 300 * time.Millisecond})
	o.Extracted(services.Extraction{Outcome: "unsupported_file_type"})
	o.Uploaded("duplicate")
	o.Worked(tasks.Event{Kind: "resume.process", Outcome: tasks.Done, Took: 2 * time.Second})
	o.Worked(tasks.Event{Kind: "resume.process", Outcome: tasks.Deserted})
}

func TestWorkIsShown(t *testing.T) {
	o, _, _ := watchedOptions(t)
	s := newTestServer(t, o, echoRoutes)
	exercise(o.WorkMetrics.Observer())
	text := s.do(t, "GET", "/metrics", "", "").Body.String()
	for _, line := range []string{
		`documents_extracted_total{format="pdf",outcome="read"} 1`,
		`documents_extracted_total{format="unknown",outcome="unsupported_file_type"} 1`,
		`document_extraction_duration_seconds_bucket{format="pdf",le="0.5"} 1`,
		`documents_in_progress 1`,
		`uploads_total{outcome="duplicate"} 1`,
		`tasks_total{kind="resume.process",outcome="done"} 1`,
		`tasks_total{kind="resume.process",outcome="deserted"} 1`,
		`task_duration_seconds_count{kind="resume.process"} 1`,
		`http_requests_in_flight 1`,
		`resume_matcher_build_info{`,
		`version="test"`,
	} {
		assert.Contains(t, text, line)
	}
	for _, pool := range o.Pools {
		assert.Contains(t, text, fmt.Sprintf(`go_sql_open_connections{db_name=%q}`, pool.Name))
		assert.Contains(t, text, fmt.Sprintf(`db_pool_wait_timeouts_total{db_name=%q} 0`, pool.Name))
	}
}

func TestUnfinishedTasksAreShown(t *testing.T) {
	o, enqueue, _ := watchedOptions(t)
	due := time.Now().Add(-time.Hour).Truncate(time.Second)
	for _, runAt := range []time.Time{due.Add(time.Minute), due, due.Add(2 * time.Hour)} {
		enqueue(tasks.Task{Kind: "test.kind", RunAt: runAt})
	}
	shown := gauges(t, patientBacklog(o))
	require.Len(t, shown, 2)
	assert.InDelta(t, float64(due.Unix()), shown[0], 1e-3)
	assert.InDelta(t, 3.0, shown[1], 0)
}

// patientBacklog waits for the database for as long as it takes.
func patientBacklog(o Options) *storedMetrics {
	backlog := newBacklog(o.Services, slog.New(slog.DiscardHandler))
	backlog.timeout = time.Hour
	return backlog
}

// gauges returns the sum of each gauge that c shows, by their names.
func gauges(t *testing.T, c prometheus.Collector) (values []float64) {
	t.Helper()
	registry := prometheus.NewRegistry()
	require.NoError(t, registry.Register(c))
	families, err := registry.Gather()
	require.NoError(t, err)
	for _, family := range families {
		sum := 0.0
		for _, metric := range family.GetMetric() {
			sum += metric.GetGauge().GetValue()
		}
		values = append(values, sum)
	}
	return values
}

func TestScrapesAskTheDatabaseSeldom(t *testing.T) {
	o, enqueue, _ := watchedOptions(t)
	backlog := patientBacklog(o)
	backlog.age = time.Hour
	nothing := []float64{0}
	assert.Equal(t, nothing, gauges(t, backlog), "an empty queue is told from one that can't be read")
	enqueue(tasks.Task{Kind: "test.kind"})
	assert.Equal(t, nothing, gauges(t, backlog), "what was read a moment ago is shown again")
	backlog.age = 0
	assert.Contains(t, gauges(t, backlog), 1.0)
}

func TestAScrapeSurvivesTheDatabase(t *testing.T) {
	o, _, breakTasks := watchedOptions(t)
	breakTasks()
	s := newTestServer(t, o, echoRoutes)
	w := s.do(t, "GET", "/metrics", "", "")
	assert.Equal(t, 200, w.Code)
	assert.Contains(t, w.Body.String(), "http_requests_in_flight 1")
	assert.Contains(t, s.log.String(), "the metrics lack figures of the database")
}

func TestMadeUpRequestsMakeNoFurtherLabels(t *testing.T) {
	s := newTestServer(t, testOptions(), echoRoutes)
	request := func(method, path string) {
		s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), method, path, nil))
	}
	request("GET", "/notes/first")
	request("GET", "/nowhere")
	request("MADE-UP", "/nowhere")
	request("MADE-UP", "/notes/first")
	series := func() int {
		return strings.Count(s.do(t, "GET", "/metrics", "", "").Body.String(), "\nhttp_request")
	}
	series() // its own request is counted once it has ended
	before := series()
	for i := range 10_000 {
		request("GET", fmt.Sprintf("/notes/%d/%d?q=%d", i, i, i))
		request(fmt.Sprintf("M%d", i), fmt.Sprintf("/notes/%d", i))
	}
	assert.Equal(t, before, series())
	assert.Less(t, before, 200)
}

func TestTheLogTellsWorkspacesApartWithoutNamingThem(t *testing.T) {
	one, two := strings.Repeat("a", 32), strings.Repeat("b", 32)
	keyed := func(key string) *accessLog { return newAccessLog(nil, []byte(key)) }
	assert.Len(t, keyed(one).hash("w1"), 12)
	assert.Equal(t, keyed(one).hash("w1"), keyed(one).hash("w1"), "replicas with one key agree")
	assert.NotEqual(t, keyed(one).hash("w1"), keyed(one).hash("w2"))
	assert.NotEqual(t, keyed(one).hash("w1"), keyed(two).hash("w1"))
	assert.NotEqual(t, newAccessLog(nil, nil).hash("w1"), newAccessLog(nil, nil).hash("w1"), "without a key each process has its own")
}

func TestTheLogNamesTheFailure(t *testing.T) {
	s := newTestServer(t, testOptions(), echoRoutes)
	s.do(t, "GET", "/nowhere", "", "")
	assert.Contains(t, s.log.String(), `"code":"NOT_FOUND"`)
	assert.Contains(t, s.log.String(), `"duration_ms":`)
}
