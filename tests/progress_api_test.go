package tests

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
	"resume-matcher/models"
)

// follow reads a progress stream to its end.
func (s *Server) follow(t testing.TB, id string) []handlers.ProgressEvent {
	t.Helper()
	r := s.Get(t, "/api/v1/resumes/"+id+"/progress?stream=true")
	if !assert.Equal(t, http.StatusOK, r.Status, "%s", r.Body) {
		return nil
	}
	var events []handlers.ProgressEvent
	for line := range strings.Lines(string(r.Body)) {
		if data, found := strings.CutPrefix(line, "data: "); found {
			var e handlers.ProgressEvent
			assert.NoError(t, json.Unmarshal([]byte(data), &e))
			events = append(events, e)
		}
	}
	return events
}

func TestProgressIsStreamedFromAnyReplica(t *testing.T) {
	s := Start(t, WithWorkers(0))
	other := Start(t, ReplicaOf(s), WithWorkers(0))
	up := s.deferUpload(t, "mira.md", Testdata(t, "developer.md"))
	blank := s.deferUpload(t, "blank.md", []byte(blank))
	var wg sync.WaitGroup
	streams := make([][]handlers.ProgressEvent, 40)
	for i := range streams {
		wg.Go(func() {
			id := up.ResumeID
			if i%2 == 1 {
				id = blank.ResumeID
			}
			streams[i] = other.follow(t, id)
		})
	}
	s.work(t)
	wg.Wait()
	for i, events := range streams {
		require.NotEmpty(t, events)
		last := events[len(events)-1]
		assert.Equal(t, 100, last.Progress)
		for j := range events[1:] {
			assert.NotEqual(t, events[j], events[j+1], "only changes are told")
		}
		if i%2 == 1 {
			assert.Equal(t, models.StatusFailed, last.Status)
			assert.NotNil(t, last.Error)
			continue
		}
		assert.Equal(t, models.StatusReady, last.Status)
	}
	assert.Equal(t, []handlers.ProgressEvent{{Status: models.StatusReady, Progress: 100}}, other.follow(t, up.ResumeID), "what has ended is told at once")
}

func TestProgressOfWhatIsNotTheirsIsNotFound(t *testing.T) {
	s := Start(t, WithSessions(t), WithWorkers(0))
	owner, _ := s.NewSession(t)
	stranger, _ := s.NewSession(t)
	up := s.As(owner).deferUpload(t, "mira.md", Testdata(t, "developer.md"))
	for _, id := range []string{up.ResumeID, unknownID} {
		for _, query := range []string{"", "?stream=true"} {
			r := s.As(stranger).Get(t, "/api/v1/resumes/"+id+"/progress"+query)
			assert.Equal(t, http.StatusNotFound, r.Status)
			assert.Contains(t, r.Header.Get("Content-Type"), "application/json")
			checkFailure(t, r, "RESUME_NOT_FOUND")
		}
		r := s.As(stranger).Post(t, "/api/v1/resumes/"+id+"/retry-processing?defer=true", nil)
		checkFailure(t, r, "RESUME_NOT_FOUND")
	}
	assert.Len(t, s.structureTasks(t), 1)
	assert.False(t, s.As(stranger).deferUpload(t, "mira.md", Testdata(t, "developer.md")).Data.Duplicate)
}
