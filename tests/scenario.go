package tests

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Scenario is one request and what its answer must and must not hold.
type Scenario struct {
	Name         string
	Method, Path string
	ContentType  string
	Body         string
	Status       int
	// Code is the expected error code, "" for a success.
	Code        string
	Contains    []string
	NotContains []string
}

// Run sends each scenario's request to the same server, in order.
func (s *Server) Run(t *testing.T, scenarios []Scenario) {
	t.Helper()
	for _, sc := range scenarios {
		t.Run(sc.Name, func(t *testing.T) {
			contentType := sc.ContentType
			if contentType == "" && sc.Body != "" {
				contentType = "application/json"
			}
			var body io.Reader
			if sc.Body != "" {
				body = strings.NewReader(sc.Body)
			}
			r := s.Do(t, sc.Method, sc.Path, contentType, body)
			assert.Equal(t, sc.Status, r.Status, "%s", r.Body)
			assert.NotEmpty(t, r.Header.Get("X-Request-ID"))
			if sc.Code != "" {
				checkFailure(t, r, sc.Code)
			}
			for _, want := range sc.Contains {
				assert.Contains(t, string(r.Body), want)
			}
			for _, banned := range sc.NotContains {
				assert.NotContains(t, string(r.Body), banned)
			}
		})
	}
}

// checkFailure asserts the one shape of every failure.
func checkFailure(t *testing.T, r Response, code string) {
	t.Helper()
	var body struct {
		RequestID string `json:"request_id"`
		Error     struct{ Code, Message string }
		Detail    string `json:"detail"`
	}
	r.Decode(t, &body)
	assert.Equal(t, code, body.Error.Code)
	assert.NotEmpty(t, body.Error.Message)
	assert.Equal(t, body.Error.Message, body.Detail)
	assert.Equal(t, r.Header.Get("X-Request-ID"), body.RequestID)
}
