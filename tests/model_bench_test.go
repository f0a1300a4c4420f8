package tests

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
)

// BenchmarkHTTPCachedAnswer measures tailorings and letters whose model answer is cached, over real HTTP, the client's
// work included.
func BenchmarkHTTPCachedAnswer(b *testing.B) {
	provider := llmtest.New(b)
	NewScript(provider, map[string]llmtest.Reply{
		llm.KindTailor:      proposal(edit("replace", bulletPath, ownBullet, honestBullet)),
		llm.KindCoverLetter: llmtest.JSON(llm.LetterAnswer{Content: modelLetter}),
	})
	s := Start(b, WithModel(b, provider, llm.OpenAI))
	resume := s.UploadResume(b, "mira.md", Testdata(b, "developer.md"))
	job := s.UploadJob(b, string(Testdata(b, "backend-job.txt")))
	body, err := json.Marshal(pair(resume, job))
	require.NoError(b, err)
	client := benchClient()
	for name, path := range map[string]string{
		"preview": "/api/v1/resumes/improve/preview", "cover-letter": "/api/v1/resumes/" + resume + "/generate-cover-letter",
	} {
		b.Run(name, func(b *testing.B) {
			send(b, client, s.URL+path, "application/json", body)
			calls := provider.Calls()
			for b.Loop() {
				send(b, client, s.URL+path, "application/json", body)
			}
			require.Equal(b, calls, provider.Calls(), "every answer came from the cache")
		})
	}
}

// BenchmarkHTTPFirstEvent measures the time from the provider's first token to the first event that tells of it, with
// the millisecond and more that the provider waits before that token.
func BenchmarkHTTPFirstEvent(b *testing.B) {
	var wrote atomic.Int64
	provider := llmtest.New(b)
	answer, err := json.Marshal(llm.TailoringAnswer{Changes: []llm.ProposedChange{edit("replace", bulletPath, ownBullet, honestBullet)}})
	require.NoError(b, err)
	provider.Reply(func(r llmtest.Request) llmtest.Reply {
		if kindOf(r) != llm.KindTailor {
			return empty(llm.JobAnswer{})
		}
		wrote.Store(time.Now().UnixNano())
		return llmtest.Reply{Text: string(answer), Delay: time.Millisecond}
	})
	s := Start(b, WithModel(b, provider, llm.OpenAI))
	resume := s.UploadResume(b, "mira.md", Testdata(b, "developer.md"))
	body, err := json.Marshal(map[string]string{"resume_id": resume, "job_id": "JOB", "prompt_id": "nudge"})
	require.NoError(b, err)
	var waited time.Duration
	rounds := 0
	for b.Loop() {
		// Another posting each time, so that nothing comes from the cache.
		job := s.UploadJob(b, strings.Repeat("Go developer wanted. ", rounds%50+1)+time.Now().String())
		resp, err := http.Post(s.URL+"/api/v1/resumes/improve/preview?stream=true", "application/json", //nolint:noctx // a benchmark has no deadline
			bytes.NewReader(bytes.Replace(body, []byte("JOB"), []byte(job), 1)))
		require.NoError(b, err)
		lines := bufio.NewScanner(resp.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if lines.Text() == `data: {"status":"improving"}` {
				waited += time.Duration(time.Now().UnixNano() - wrote.Load())
				rounds++
				break
			}
		}
		resp.Body.Close()
	}
	b.ReportMetric(float64(waited.Microseconds())/float64(max(rounds, 1)), "µs/first-event")
}
