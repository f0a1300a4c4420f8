package handlers

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
	"resume-matcher/services/telemetry"
)

const (
	// unmatched stands for the route of a request that has none, in logs and metrics.
	unmatched = "unmatched"

	failureCodeKey = "handlers.failure_code"
	// workspaceHashBytes is enough to tell the workspaces of one log apart.
	workspaceHashBytes = 6
)

// accessLog writes one line a request: request_id, method, route, status, duration_ms (milliseconds), bytes of the answer's
// body, and where there are such code (of the failure), auth (how the client proved who it is), workspace and trace_id.
// It names the route's template and neither path, query, address nor user agent, which can be personal.
type accessLog struct {
	log *slog.Logger
	// key makes a workspace's hash worthless to who has the ids but not the key.
	key []byte
	// quiet holds the templates of what monitors ask all day long: what goes well there is only told at the level debug.
	quiet map[string]bool
}

// newAccessLog returns a log whose hashes of workspaces compare between programs with the same key; without one they
// compare within this process only.
func newAccessLog(log *slog.Logger, key []byte) *accessLog {
	if len(key) == 0 {
		key = make([]byte, sha256.Size)
		_, _ = rand.Read(key) // it never fails
	}
	return &accessLog{log: log, key: key}
}

func (l *accessLog) write(c *gin.Context) {
	start := time.Now()
	defer func() { // also when a panic passes by
		level := slog.LevelInfo
		if l.quiet[c.FullPath()] && c.Writer.Status() < http.StatusBadRequest {
			level = slog.LevelDebug
		}
		l.log.LogAttrs(c.Request.Context(), level, "request", l.describe(c, time.Since(start))...)
	}()
	c.Next()
}

func (l *accessLog) describe(c *gin.Context, took time.Duration) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("request_id", RequestID(c)),
		slog.String("method", knownMethod(c.Request.Method)),
		slog.String("route", routeOf(c)),
		slog.Int("status", c.Writer.Status()),
		slog.Float64("duration_ms", float64(took.Microseconds())/1000),
		slog.Int("bytes", max(c.Writer.Size(), 0)),
	}
	if code, ok := c.Value(failureCodeKey).(models.Kind); ok {
		attrs = append(attrs, slog.String("code", string(code)))
	}
	if identity, ok := identityOf(c); ok {
		attrs = append(attrs, slog.String("auth", string(identity.Method)), slog.String("workspace", l.hash(identity.WorkspaceID)))
	}
	if id := telemetry.TraceID(c.Request.Context()); id != "" {
		attrs = append(attrs, slog.String("trace_id", id))
	}
	return attrs
}

// hash returns twelve hex digits that stand for a workspace.
func (l *accessLog) hash(workspaceID string) string {
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte(workspaceID))
	return hex.EncodeToString(mac.Sum(nil)[:workspaceHashBytes])
}

func routeOf(c *gin.Context) string {
	if route := c.FullPath(); route != "" {
		return route
	}
	return unmatched
}
