package llm

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// The bounds of what is read from a provider, in bytes.
const (
	// maxAnswerBody holds for a whole answer, for the text of a streamed one and for each of its events. How many events
	// there are is left to the deadline: models that reason send many that hold no text.
	maxAnswerBody = 8 << 20
	maxErrorBody  = 16 << 10
)

// exchange is one request to a provider and its answer. langchaingo neither passes on what a call needs beyond its own
// options nor returns typed errors, so both travel beside it, in the context of the call.
type exchange struct {
	schema    *Schema
	stream    bool
	maxTokens int
	// promptBytes is the length of all messages.
	promptBytes int
	// without is what this request leaves out, since the server declined it.
	without features
	answer  answer
	failure *Error
	// declined is what the server's refusal of this request speaks of.
	declined features
}

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

// members are the top level of a JSON object.
type members map[string]json.RawMessage

// set writes a member; value is of a type that always has a JSON form.
func (m members) set(name string, value any) {
	m[name], _ = json.Marshal(value)
}

// transport sends the requests that langchaingo builds and hands it complete answers only.
//
// The library's own readers of streams lose errors, stop at lines over 64 kB and return partial texts as whole ones when
// a call is cancelled. Here the body is read and checked instead, its text passed on as it comes, and what langchaingo
// gets to read is one whole answer in the provider's format.
type transport struct {
	protocol protocol
	next     http.RoundTripper
}

// RoundTrip makes one attempt. A status other than 2xx is an error, so redirects, which could carry the key elsewhere,
// are never followed.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	x, ok := request.Context().Value(exchangeKey{}).(*exchange)
	if !ok {
		return nil, errLibrary
	}
	if failure := t.exchange(request, x); failure != nil {
		x.failure = failure
		return nil, failure
	}
	body := t.protocol.body(&x.answer)
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: request,
	}, nil
}

func (t *transport) exchange(request *http.Request, x *exchange) *Error {
	ctx := request.Context()
	request, err := t.adjust(request, x)
	if err != nil {
		return &Error{Failure: FailureRefused, cause: errLibrary}
	}
	response, err := t.next.RoundTrip(request)
	if err != nil {
		return connectionError(ctx, err)
	}
	defer response.Body.Close()
	if !succeeded(response) {
		body := errorBody(response)
		x.declined = declinedBy(t.protocol, response.StatusCode, body)
		return statusError(response.StatusCode, response.Header, body)
	}
	err = t.protocol.read(newSource(response.Body), &x.answer)
	return x.answer.check(ctx, err)
}

// adjust adds to a request what langchaingo can't say.
func (t *transport) adjust(request *http.Request, x *exchange) (*http.Request, error) {
	defer request.Body.Close()
	raw, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	var body members
	if err := json.Unmarshal(raw, &body); err != nil {
		return nil, err
	}
	request = request.Clone(request.Context())
	t.protocol.adjust(body, request.Header, x)
	adjusted, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	setBody(request, adjusted)
	return request, nil
}

func setBody(request *http.Request, body []byte) {
	request.ContentLength = int64(len(body))
	request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	request.Body, _ = request.GetBody()
}

func succeeded(response *http.Response) bool {
	return response.StatusCode >= 200 && response.StatusCode < 300
}

// errorBody returns the beginning of a refusal; it is looked at, and never kept.
func errorBody(response *http.Response) []byte {
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxErrorBody))
	return body
}

// limitedReader fails with errTooLarge where io.LimitedReader would pretend that the body ends.
type limitedReader struct {
	from io.Reader
	left int64
}

// source is the body of an answer.
type source struct {
	*bufio.Reader
	limit *limitedReader
}

func newSource(body io.Reader) *source {
	limit := &limitedReader{body, maxAnswerBody}
	return &source{bufio.NewReader(limit), limit}
}

// renew allows the next event its own length.
func (s *source) renew() { s.limit.left = maxAnswerBody }

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooLarge
	}
	n, err := l.from.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}

// readAll reads a whole answer and notes that it began.
func readAll(r io.Reader, a *answer) ([]byte, error) {
	body, err := io.ReadAll(r)
	a.began = a.began || len(body) > 0
	return body, err
}

// syntaxError classifies JSON that can't be read: cut off, or no JSON of this protocol at all.
func syntaxError(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && syntax.Error() == "unexpected end of JSON input" {
		return io.ErrUnexpectedEOF
	}
	return &Error{Failure: FailureRefused, cause: errProtocol}
}
