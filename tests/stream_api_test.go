package tests

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
	"resume-matcher/models"
)

// streamed asks for a stream and returns its events in their wire format.
func (s *Server) streamed(t *testing.T, path, lastEventID string, v any) []string {
	t.Helper()
	body, err := json.Marshal(v)
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path+"?stream=true", strings.NewReader(string(body)))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	if lastEventID != "" {
		req.Header.Set("Last-Event-ID", lastEventID)
	}
	r := s.Send(t, req)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	require.Equal(t, "text/event-stream", r.Header.Get("Content-Type"))
	return strings.SplitAfter(strings.TrimSuffix(string(r.Body), "\n\n"), "\n\n")
}

func TestReconnectingToAnImprovementSavesItOnce(t *testing.T) {
	s, resume, job := startPair(t)
	const path = "/api/v1/resumes/improve"
	events := s.streamed(t, path, "", pair(resume, job))
	require.Greater(t, len(events), 2)
	id, _, _ := strings.Cut(strings.TrimPrefix(events[0], "id: "), "\n")
	assert.Equal(t, events[1:], s.streamed(t, path, id, pair(resume, job)))
	assert.EqualValues(t, 2, s.count(t, &models.Resume{}), "the résumé and its tailored version")

	anew := s.streamed(t, path, "unknown-1", pair(resume, job))
	assert.NotEqual(t, events, anew)
	assert.EqualValues(t, 3, s.count(t, &models.Resume{}))
}

func TestPreviewDoesNotFollowAnImprovement(t *testing.T) {
	s, resume, job := startPair(t)
	events := s.streamed(t, "/api/v1/resumes/improve", "", pair(resume, job))
	id, _, _ := strings.Cut(strings.TrimPrefix(events[0], "id: "), "\n")
	preview := s.streamed(t, "/api/v1/resumes/improve/preview", id, pair(resume, job))
	_, data, _ := strings.Cut(preview[len(preview)-1], "data: ")
	var last handlers.ImproveEvent
	require.NoError(t, json.Unmarshal([]byte(data), &last))
	require.NotNil(t, last.Result)
	assert.Nil(t, last.Result.ResumeID)
}
