package handlers

import (
	"github.com/gin-gonic/gin"

	"resume-matcher/services/telemetry"
)

// traceRequests gives each request a span, which those of its statements and calls belong to.
func traceRequests(t *telemetry.Tracing) gin.HandlerFunc {
	return func(c *gin.Context) {
		ctx, end := t.Request(c.Request.Context(), c.Request.Header, knownMethod(c.Request.Method), routeOf(c))
		c.Request = c.Request.WithContext(ctx)
		defer func() { end(c.Writer.Status()) }() // also when a panic passes by
		c.Next()
	}
}
