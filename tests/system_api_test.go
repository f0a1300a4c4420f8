package tests

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

func TestSystemRoutes(t *testing.T) {
	s := Start(t)
	s.Run(t, []Scenario{
		{Name: "healthz", Method: "GET", Path: "/healthz", Status: 200, Contains: []string{`{"status":"ok"}`}},
		{Name: "healthz alias", Method: "GET", Path: "/api/v1/health/healthz", Status: 200, Contains: []string{`{"status":"ok"}`}},
		{Name: "ping", Method: "GET", Path: "/api/v1/health/ping", Status: 200, Contains: []string{`{"message":"pong"}`}},
		{Name: "ping alias", Method: "GET", Path: "/api/v1/ping", Status: 200, Contains: []string{`{"message":"pong"}`}},
		{Name: "health", Method: "GET", Path: "/api/v1/health", Status: 200, Contains: []string{`{"status":"healthy"}`}},
		{Name: "status", Method: "GET", Path: "/api/v1/status", Status: 200, Contains: []string{`"status":"setup_required"`, `"llm_configured":false`}},
		{Name: "llm metrics", Method: "GET", Path: "/metrics/llm", Status: 200, Contains: []string{`"hit_ratio":0`, `"grand_total":0`, `"last_at":null`}},
		{Name: "metrics", Method: "GET", Path: "/metrics", Status: 200, Contains: []string{"# TYPE"}},
		{Name: "document", Method: "GET", Path: "/openapi.json", Status: 200, Contains: []string{`"openapi"`}},
		{Name: "docs", Method: "GET", Path: "/docs", Status: 200, Contains: []string{"<html"}, NotContains: []string{"cdn", "https://unpkg"}},
		{Name: "unknown cache type", Method: "DELETE", Path: "/api/v1/cache/entity/person/" + unknownID, Status: 422, Code: "VALIDATION_ERROR"},
		{Name: "malformed cache key", Method: "DELETE", Path: "/api/v1/cache/key/short", Status: 422, Code: "VALIDATION_ERROR"},
	})
}

func TestDatabaseDownIsUnavailable(t *testing.T) {
	s := Start(t)
	require.NoError(t, models.Close(s.DB))
	r := s.Get(t, "/healthz")
	assert.Equal(t, http.StatusServiceUnavailable, r.Status)
	assert.Equal(t, "unavailable", r.JSON(t)["status"])
}

func TestCacheEntriesAreRemoved(t *testing.T) {
	s := Start(t)
	resume := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	key := func(c string) string { return strings.Repeat(c, 64) }
	add := func(workspace, cacheKey, entity string) {
		require.NoError(t, s.DB.Create(&models.LLMCache{
			CacheKey: cacheKey, WorkspaceID: workspace, Kind: "match", Provider: "p", Model: "m", PromptVersion: "1",
			Response: "{}", CreatedAt: time.Now().UTC(), TTLSeconds: 60,
		}).Error)
		require.NoError(t, s.DB.Create(&models.LLMCacheIndex{Key: cacheKey, EntityType: "resume", EntityID: entity}).Error)
	}
	other := models.Workspace{Name: "other", LastUsedAt: time.Now().UTC()}
	require.NoError(t, s.DB.Create(&other).Error)
	add(models.DefaultWorkspaceID, key("a"), resume)
	add(models.DefaultWorkspaceID, key("b"), resume)
	add(models.DefaultWorkspaceID, key("c"), resume)
	add(other.ID, key("d"), resume)

	r := s.Do(t, "DELETE", "/api/v1/cache/key/"+key("a"), "", nil)
	assert.EqualValues(t, 1, r.JSON(t)["deleted"])
	r = s.Do(t, "DELETE", "/api/v1/cache/key/"+key("d"), "", nil)
	assert.EqualValues(t, 0, r.JSON(t)["deleted"], "another workspace's entry stays")
	r = s.Do(t, "DELETE", "/api/v1/cache/entity/resume/"+resume, "", nil)
	assert.Equal(t, []any{key("b"), key("c")}, r.JSON(t)["cache_keys"])

	var left []string
	require.NoError(t, s.DB.Model(&models.LLMCache{}).Pluck("cache_key", &left).Error)
	assert.Equal(t, []string{key("d")}, left)
	metrics := s.Get(t, "/metrics/llm").JSON(t)
	assert.EqualValues(t, 3, metrics["invalidation"].(map[string]any)["deleted"])
	assert.NotNil(t, metrics["invalidation"].(map[string]any)["last_at"])
}

func TestDeletingAResumeRemovesWhatWasCachedForIt(t *testing.T) {
	s := Start(t)
	resume := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	cacheKey := strings.Repeat("e", 64)
	require.NoError(t, s.DB.Create(&models.LLMCache{CacheKey: cacheKey, WorkspaceID: models.DefaultWorkspaceID, CreatedAt: time.Now().UTC()}).Error)
	require.NoError(t, s.DB.Create(&models.LLMCacheIndex{Key: cacheKey, EntityType: "resume", EntityID: resume}).Error)
	require.Equal(t, http.StatusOK, s.Do(t, "DELETE", "/api/v1/resumes/"+resume, "", nil).Status)
	assert.Zero(t, s.count(t, &models.LLMCache{}))
	assert.Zero(t, s.count(t, &models.LLMCacheIndex{}))
}
