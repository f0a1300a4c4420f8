package transfer_test

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

// BenchmarkCopy copies COPY_ROWS rows (20,000 if unset) in a process of its own, comparison included, and reports
// the rows of a second, and that process's greatest resident memory and processor time. scripts/measure_copy runs it for a million rows.
func BenchmarkCopy(b *testing.B) {
	rows := 20_000
	if text := os.Getenv("COPY_ROWS"); text != "" {
		var err error
		rows, err = strconv.Atoi(text)
		require.NoError(b, err)
	}
	source := newDatabase(b, models.SQLite)
	use(b, source, func(db *gorm.DB) { generate(b, db, rows/10) })
	if testdb.Dialect() == models.SQLite {
		b.Run("SQLite to SQLite", func(b *testing.B) { measure(b, source, newDatabase(b, models.SQLite), rows) })
		return
	}
	there, back := newDatabase(b, models.Postgres), newDatabase(b, models.SQLite)
	b.Run("SQLite to Postgres", func(b *testing.B) { measure(b, source, there, rows) })
	b.Run("Postgres to SQLite", func(b *testing.B) { measure(b, there, back, rows) })
}

// measure copies once: what a second time would find there already.
func measure(b *testing.B, source, target models.OpenOptions, rows int) {
	if b.N > 1 {
		b.Skip("run it with -benchtime 1x")
	}
	child := process(b, source, target, 0, 0)
	start := time.Now()
	require.NoError(b, child.Run())
	b.ReportMetric(float64(rows)/time.Since(start).Seconds(), "rows/s")
	usage, ok := child.ProcessState.SysUsage().(*syscall.Rusage)
	require.True(b, ok)
	b.ReportMetric(float64(usage.Maxrss)/1024, "peak-MB")
	b.ReportMetric((child.ProcessState.UserTime() + child.ProcessState.SystemTime()).Seconds(), "cpu-s")
}

// generate makes n rows in each of ten tables, with texts as long as real ones.
func generate(b *testing.B, db *gorm.DB, n int) {
	bullet := "Moved the billing service to Go and cut its answers' time from 900 to 120 ms; wrote the runbook and trained 4 people. "
	data := models.ResumeData{Summary: strings.Repeat(bullet, 2)}
	data.PersonalInfo.Name = "Mira Halvorsen"
	for range 4 {
		data.WorkExperience = append(data.WorkExperience, models.Experience{Title: "Engineer", Company: "Example Works", Description: []string{bullet, bullet}})
	}
	document, err := json.Marshal(data)
	require.NoError(b, err)
	content := strings.Repeat("- "+bullet+"\n", 12)
	const from = " FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < @n) SELECT n, printf('0198aaaa-%04x-7000-8000-%012x', n / 50, n) AS id FROM c)"
	for _, statement := range []string{
		"INSERT INTO workspaces SELECT @w, 'Bench', @t, @t",
		`INSERT INTO resumes (id, workspace_id, parent_id, origin, is_master, content, content_hash, content_type, file_hash, filename,
			title, language, processing_status, processing_error, upload_count, version, created_at, updated_at)
			SELECT id, @w, CASE WHEN n % 2 = 0 THEN printf('0198aaaa-%04x-7000-8000-%012x', (n - 1) / 50, n - 1) END, 'upload', 0,
			'# Résumé ' || n || @c, printf('%064x', n), 'text/markdown', printf('%064x', n), 'résumé.pdf', 'Engineer', 'en', 'ready', '', 1, 1, @t, @t` + from,
		"INSERT INTO processed_resumes (id, workspace_id, resume_id, data, sources, structure_version, processed_at) SELECT id, @w, id, @d, '[]', '1', @t" + from,
		"INSERT INTO jobs (id, workspace_id, resume_id, content, content_hash, language, created_at) SELECT id, @w, id, @c, printf('%064x', n), 'en', @t" + from,
		"INSERT INTO processed_jobs (id, workspace_id, job_id, data, sources, structure_version, processed_at) SELECT id, @w, id, @d, '[]', '1', @t" + from,
		"INSERT INTO job_resume (job_id, resume_id, workspace_id, relation, created_at) SELECT id, id, @w, 'uploaded_with', @t" + from,
		`INSERT INTO improvements (id, workspace_id, resume_id, job_id, status, prompt_id, resume_version, result, created_at, expires_at)
			SELECT id, @w, id, id, 'saved', '', 1, @d, @t, @t` + from,
		`INSERT INTO llm_cache (cache_key, workspace_id, kind, provider, model, prompt_version, response, prompt_tokens, completion_tokens, created_at, ttl_seconds)
			SELECT printf('%016x', n * 7919 % 1000000007) || id, @w, 'llm', '', '', '', @d, 1, 1, @t, 60` + from,
		"INSERT INTO llm_cache_index (cache_key, entity_type, entity_id) SELECT printf('%016x', n * 7919 % 1000000007) || id, 'resume', id" + from,
		`INSERT INTO tasks (id, workspace_id, kind, args, status, run_at, attempt, max_attempts, worker, last_error, progress, created_at)
			SELECT id, @w, 'upload', '{"a": 1}', 'done', @t, 1, 3, '', '', 100, @t` + from,
	} {
		require.NoError(b, db.Exec(statement, map[string]any{"n": n, "w": id(0), "t": noon, "c": content, "d": string(document)}).Error)
	}
}
