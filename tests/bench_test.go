package tests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// benchClient keeps enough connections open that the benchmark measures the server and not the dialling.
func benchClient() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConns: 64, MaxIdleConnsPerHost: 64}}
}

func send(b *testing.B, client *http.Client, url, contentType string, body []byte) {
	resp, err := client.Post(url, contentType, bytes.NewReader(body)) //nolint:noctx // a benchmark has no deadline
	if err != nil {
		b.Error(err)
		return
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	if resp.StatusCode != http.StatusOK {
		b.Errorf("status %d", resp.StatusCode)
	}
}

func perSecond(b *testing.B, name string) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), name+"/s")
}

// BenchmarkHTTPMatch measures explained matches of stored documents over real HTTP, the client's work included.
func BenchmarkHTTPMatch(b *testing.B) {
	s := Start(b)
	resume := s.UploadResume(b, "mira.md", Testdata(b, "developer.md"))
	job := s.UploadJob(b, string(Testdata(b, "backend-job.txt")))
	body, err := json.Marshal(map[string]string{"resume_id": resume, "job_id": job})
	require.NoError(b, err)
	client := benchClient()
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			send(b, client, s.URL+"/api/v1/match", "application/json", body)
		}
	})
	perSecond(b, "matches")
}

// BenchmarkHTTPUploadText measures uploads of different Markdown résumés over real HTTP.
func BenchmarkHTTPUploadText(b *testing.B) {
	s := Start(b)
	content := Testdata(b, "developer.md")
	client := benchClient()
	var number atomic.Int64
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			different := fmt.Appendf(bytes.Clone(content), "\nReference %d\n", number.Add(1))
			contentType, body := Form(b, "mira.md", different)
			send(b, client, s.URL+"/api/v1/resumes/upload", contentType, body.Bytes())
		}
	})
	perSecond(b, "uploads")
}

// BenchmarkHTTPUploadJob measures uploads of postings over real HTTP.
func BenchmarkHTTPUploadJob(b *testing.B) {
	s := Start(b)
	body, err := json.Marshal(map[string]any{"job_descriptions": []string{string(Testdata(b, "backend-job.txt"))}})
	require.NoError(b, err)
	client := benchClient()
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			send(b, client, s.URL+"/api/v1/jobs/upload", "application/json", body)
		}
	})
	perSecond(b, "jobs")
}
