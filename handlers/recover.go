package handlers

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"resume-matcher/services/telemetry"
)

// recoverPanics answers a panic as any other internal error. Once bytes are sent it can only cut the connection, so that the
// client doesn't take half an answer for a whole one.
func recoverPanics(f failures) gin.HandlerFunc {
	return func(c *gin.Context) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			err := telemetry.Recovered(v)
			if c.Writer.Written() {
				_ = f.public(c, err) // logged; there is no answer left to write it to
				panic(http.ErrAbortHandler)
			}
			f.write(c, err)
		}()
		c.Next()
	}
}
