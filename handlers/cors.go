package handlers

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gin-contrib/cors"
	"github.com/gin-gonic/gin"

	"resume-matcher/models"
)

// allowOrigins answers pages of the given origins: exact ones ("https://app.example.com"), patterns whose * stands for one
// label of a host or a port ("https://*.vercel.app"), or "*" for every other page, which then may send no credentials.
func allowOrigins(origins []string, f failures) gin.HandlerFunc {
	named := originPattern(namedOrigins(origins))
	everyone := slices.Contains(origins, "*")
	known, stranger := corsAnswer(true), corsAnswer(false)
	return func(c *gin.Context) {
		// Also where there is no origin: a cache must not give that answer to a page, which needs the CORS headers.
		c.Header("Vary", "Origin")
		origin := c.GetHeader("Origin")
		switch {
		case named.MatchString(origin):
			known(c)
			return
		case origin == "" || everyone:
			stranger(c)
			return
		}
		// The middleware would refuse these without a body, and with them a frontend's proxy that passes its page's origin on.
		// Without the CORS headers a browser keeps the answer from the page.
		if c.Request.Method == http.MethodOptions && c.GetHeader("Access-Control-Request-Method") != "" {
			f.write(c, models.NewError(models.KindForbidden, "This origin is not allowed. Add it to ALLOWED_ORIGINS."))
			return
		}
		c.Next()
	}
}

// corsAnswer gives the page that asks the headers of CORS.
func corsAnswer(credentials bool) gin.HandlerFunc {
	return cors.New(cors.Config{
		AllowOriginFunc:  func(string) bool { return true },
		AllowCredentials: credentials,
		AllowMethods:     []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions},
		AllowHeaders:     []string{"Authorization", "Content-Type", "Last-Event-ID", headerRequestID, headerCorrelationID},
		ExposeHeaders: []string{
			headerRequestID, headerCorrelationID, headerRateLimit, headerRateRemaining, headerRateReset, "Retry-After",
			"Content-Disposition",
		},
		MaxAge: time.Hour,
	})
}

// namedOrigins leaves out the one that stands for every page.
func namedOrigins(origins []string) []string {
	return slices.DeleteFunc(slices.Clone(origins), func(origin string) bool { return origin == "*" })
}

// originPattern compiles the origins once; with none of them it matches nothing.
func originPattern(origins []string) *regexp.Regexp {
	exact := make([]string, 0, len(origins))
	for _, origin := range origins {
		if origin = strings.TrimSuffix(strings.TrimSpace(origin), "/"); origin != "" {
			exact = append(exact, strings.ReplaceAll(regexp.QuoteMeta(origin), `\*`, `[a-z0-9-]+`))
		}
	}
	if len(exact) == 0 {
		return regexp.MustCompile(`[^\s\S]`)
	}
	return regexp.MustCompile(`^(?i:` + strings.Join(exact, "|") + `)$`)
}
