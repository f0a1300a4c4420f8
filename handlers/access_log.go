package handlers

import (
	"log/slog"
	"time"

	"github.com/gin-gonic/gin"
)

// unmatched stands for the route of a request that has none, in logs and metrics.
const unmatched = "unmatched"

// logAccess writes one line a request. It names the route's template and neither path, query nor address, which can be personal.
func logAccess(log *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := time.Now()
		defer func() { // also when a panic passes by
			log.LogAttrs(c.Request.Context(), slog.LevelInfo, "request",
				slog.String("request_id", RequestID(c)),
				slog.String("method", knownMethod(c.Request.Method)),
				slog.String("route", routeOf(c)),
				slog.Int("status", c.Writer.Status()),
				slog.Duration("duration", time.Since(start)),
				slog.Int("bytes", max(c.Writer.Size(), 0)),
			)
		}()
		c.Next()
	}
}

func routeOf(c *gin.Context) string {
	if route := c.FullPath(); route != "" {
		return route
	}
	return unmatched
}
