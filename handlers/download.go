package handlers

import (
	"io"
	"net/http"
	"reflect"

	"github.com/gin-gonic/gin"
)

// Download registers an endpoint without input that answers with a JSON file of the shape Out, which fn writes piece by
// piece. An error before the first piece is answered as any other; after it the connection is cut, so that nobody takes
// the beginning of a file for a whole one.
func Download[Out any](a *API, r Route, filename string, fn func(*gin.Context, io.Writer) error) {
	a.register(r, reflect.TypeFor[struct{}](), contents{mimeJSON: reflect.TypeFor[Out]()}, func(c *gin.Context) {
		file := &download{c: c, filename: filename}
		err := fn(c, file)
		switch {
		case err == nil:
			return
		case !file.begun:
			a.failures.write(c, err)
			return
		case !file.lost && !clientGone(c, err):
			_ = a.failures.public(c, err) // logged; there is no answer left to write it to
		}
		panic(http.ErrAbortHandler)
	})
}

// download is the body of an answer whose header is written with its first piece.
type download struct {
	c           *gin.Context
	filename    string
	begun, lost bool
}

// Write sends a piece, and fails when the client does not take it in time.
func (d *download) Write(piece []byte) (int, error) {
	if !d.begun {
		d.begun = true
		d.c.Header("Content-Type", mimeJSON+"; charset=utf-8")
		d.c.Header("Content-Disposition", `attachment; filename="`+d.filename+`"`)
		d.c.Status(http.StatusOK)
	}
	n, err := d.c.Writer.Write(piece)
	d.lost = err != nil
	return n, err
}
