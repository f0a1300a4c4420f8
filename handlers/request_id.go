package handlers

import (
	"regexp"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
)

const (
	headerRequestID     = "X-Request-ID"
	headerCorrelationID = "X-Correlation-ID"
	requestIDKey        = "handlers.request_id"
)

// wellFormedID admits the ids of common proxies and tracers, and nothing that could forge a line of a log.
var wellFormedID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,128}$`)

// RequestID returns the id of the request, as X-Request-ID tells it to the client.
func RequestID(c *gin.Context) string { return c.GetString(requestIDKey) }

// identify gives each request its ids before anything else can fail.
func identify(c *gin.Context) {
	id := c.GetHeader(headerRequestID)
	if !wellFormedID.MatchString(id) {
		id = uuid.NewString()
	}
	correlation := c.GetHeader(headerCorrelationID)
	if !wellFormedID.MatchString(correlation) {
		correlation = id
	}
	c.Set(requestIDKey, id)
	c.Header(headerRequestID, id)
	c.Header(headerCorrelationID, correlation)
	c.Next()
}
