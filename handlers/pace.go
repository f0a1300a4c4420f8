package handlers

import (
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

const (
	// maxDrained is how much of a body is read that nobody wants: a file somebody takes for a résumé is hardly larger.
	maxDrained = 64 << 20
	// maxLeftToServer is below what net/http reads of a body before it gives the connection up.
	maxLeftToServer = 128 << 10
)

// Pace is how slow a client may be before its connection is cut.
type Pace struct {
	// Grace is what a client has for sending its body, or for taking an answer or one event of a stream, on top of the time
	// that its size takes at MinRate bytes a second.
	Grace   time.Duration
	MinRate int64
}

// orDefault gives a large upload over a slow line its time, and hardly any to a client that sends nothing.
func (p Pace) orDefault() Pace {
	if p == (Pace{}) {
		return Pace{Grace: 15 * time.Second, MinRate: 64 << 10}
	}
	return p
}

// limit sets the deadlines of a request as its bytes go by, rather than once: a deadline for the whole of a large upload
// would let a client that sends nothing hold the place of others for as long.
func (p Pace) limit(c *gin.Context) {
	control := http.NewResponseController(c.Writer)
	w := &pacedWriter{ResponseWriter: c.Writer, control: control, pace: p}
	c.Writer = w
	// The server sends what it has buffered after the handlers are done.
	defer w.allow(0)
	if c.Request.Body == nil || c.Request.Body == http.NoBody {
		c.Next()
		return
	}
	request := c.Request
	body := &pacedBody{ReadCloser: request.Body, control: control, pace: p}
	request.Body = body
	w.unread = func() bool { return body.lingers(request) }
	c.Next()
	if w.unread() {
		// The answer goes out at once: a proxy may have cut the body short, and waits for it as we would for the rest.
		_ = control.EnableFullDuplex() // only HTTP/1 needs to be told
		w.Flush()
		_, _ = io.CopyN(io.Discard, body, maxDrained) // what can't be read is as good as gone
	}
	request.Body = body.ReadCloser // which the server knows, and so what is left of it
}

// time returns what a client has for n bytes.
func (p Pace) time(n int64) time.Duration {
	return p.Grace + time.Duration(float64(n)/float64(p.MinRate)*float64(time.Second))
}

// pacedBody fails once the client has sent less than its pace asks for, counted from when somebody began to read.
type pacedBody struct {
	io.ReadCloser
	control *http.ResponseController
	pace    Pace
	began   time.Time
	read    int64
	ended   bool
}

// Read sets no deadline after the end: the server then reads on its own, to learn that the client left, and would take the
// deadline for that.
func (b *pacedBody) Read(p []byte) (int, error) {
	if b.began.IsZero() {
		b.began = time.Now()
	}
	if !b.ended {
		_ = b.control.SetReadDeadline(b.began.Add(b.pace.time(b.read))) // what can't have a deadline is no connection
	}
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	b.ended = b.ended || err != nil
	return n, err
}

// lingers tells whether what the handlers left of a body, and refused, is to be read after the answer. Browsers look at no
// answer before they have sent everything: the server would close the connection meanwhile, and some of their systems then
// drop the answer that had arrived. A little the server reads itself, and a client that waits to hear whether it should send
// has sent nothing.
func (b *pacedBody) lingers(r *http.Request) bool {
	left := r.ContentLength - b.read
	little := left >= 0 && left <= maxLeftToServer
	waits := b.began.IsZero() && r.Header.Get("Expect") != ""
	return !b.ended && !little && !waits && left <= maxDrained
}

// pacedWriter gives the client time for each piece of an answer when it is written.
type pacedWriter struct {
	gin.ResponseWriter
	control *http.ResponseController
	pace    Pace
	// unread tells whether the answer precedes a part of the request's body; nil if there is none.
	unread func() bool
}

// begin announces that the connection ends with this answer where it comes early: a client may leave out what the body lacks,
// and the server would then take its next request for that.
func (w *pacedWriter) begin() {
	if !w.Written() && w.unread != nil && w.unread() {
		w.Header().Set("Connection", "close")
	}
}

func (w *pacedWriter) allow(n int) {
	_ = w.control.SetWriteDeadline(time.Now().Add(w.pace.time(int64(n)))) // what can't have a deadline is no connection
}

// Write writes a piece of the answer.
func (w *pacedWriter) Write(p []byte) (int, error) {
	w.begin()
	w.allow(len(p))
	return w.ResponseWriter.Write(p)
}

// WriteString writes a piece of the answer.
func (w *pacedWriter) WriteString(s string) (int, error) {
	w.begin()
	w.allow(len(s))
	return w.ResponseWriter.WriteString(s)
}

// WriteHeaderNow begins an answer without a body.
func (w *pacedWriter) WriteHeaderNow() {
	w.begin()
	w.ResponseWriter.WriteHeaderNow()
}

// Flush sends what is buffered.
func (w *pacedWriter) Flush() {
	w.begin()
	w.allow(0)
	w.ResponseWriter.Flush()
}

// Unwrap lets an http.ResponseController reach the connection.
func (w *pacedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
