package llmtest

import (
	"encoding/json"
	"net/http"
	"time"

	"resume-matcher/services/llm"
)

// Ending says how an answer ends.
type Ending int

// The endings of an answer.
const (
	// Finish sends all of it.
	Finish Ending = iota
	// Drop breaks the connection.
	Drop
	// EndEarly ends a stream in good order, but without its reason to stop; a whole answer has no such reason.
	EndEarly
	// ErrorEvent sends the provider's error in place of the rest, with status 200.
	ErrorEvent
	// Hold waits until Reply.Release is closed, the client leaves or the test ends, and then finishes.
	Hold
)

// Reply is what the server says to one request.
type Reply struct {
	// Text is the answer. Streamed, it is cut into Pieces, or into pieces of a few characters when there are none.
	Text   string
	Pieces []string
	// Delay is the pause before each streamed piece, and before a whole answer.
	Delay time.Duration
	// Then says what happens after After pieces of a stream; a whole answer with After 0 ends before its first byte,
	// else after the first half.
	Then    Ending
	After   int
	Release <-chan struct{}
	// Stop is the reason to stop: "stop" when empty, "length" or "content_filter".
	Stop string
	// Refusal is what a model says that declines.
	Refusal string
	// Usage is 11 prompt and 7 completion tokens when nil; NoUsage leaves it out.
	Usage   *llm.Usage
	NoUsage bool

	// Status, if not 0, is answered with Body in place of an answer; RetryAfter and Location fill these headers.
	Status     int
	RetryAfter string
	Location   string
	// Body is sent word for word, with status 200 when Status is 0.
	Body string

	// Vectors answer an embedding request.
	Vectors [][]float32
}

// Text replies with an answer.
func Text(text string) Reply { return Reply{Text: text} }

// JSON replies with a value as JSON.
func JSON(value any) Reply {
	text, err := json.Marshal(value)
	if err != nil {
		return Reply{Status: http.StatusInternalServerError, Body: "the scripted value is no JSON"}
	}
	return Reply{Text: string(text)}
}

// Pieces replies with an answer that is streamed in these pieces.
func Pieces(pieces ...string) Reply { return Reply{Pieces: pieces} }

// Failure replies with an HTTP status; retryAfter is left out when empty.
func Failure(status int, retryAfter string) Reply {
	return Reply{Status: status, RetryAfter: retryAfter, Body: `{"error":{"type":"server_error","message":"scripted failure"}}`}
}

// Unsupported replies as a server that does not know a member of the request.
func Unsupported(member string) Reply {
	return Reply{Status: http.StatusBadRequest, Body: `{"error":{"type":"invalid_request_error","param":"` + member +
		`","message":"Unsupported parameter: '` + member + `' is not supported with this model."}}`}
}

// pieceLength is how many characters a streamed piece has when a test does not say.
const pieceLength = 12

// pieces cuts the answer as it is streamed.
func (r Reply) pieces() []string {
	if r.Pieces != nil {
		return r.Pieces
	}
	var pieces []string
	for rest := []rune(r.Text); len(rest) > 0; {
		n := min(pieceLength, len(rest))
		pieces = append(pieces, string(rest[:n]))
		rest = rest[n:]
	}
	return pieces
}

// text is the whole answer.
func (r Reply) text() string {
	if r.Pieces == nil {
		return r.Text
	}
	whole := ""
	for _, piece := range r.Pieces {
		whole += piece
	}
	return whole
}

func (r Reply) usage() llm.Usage {
	if r.Usage != nil {
		return *r.Usage
	}
	return llm.Usage{PromptTokens: 11, CompletionTokens: 7}
}

func (r Reply) stop() string {
	if r.Stop == "" {
		return "stop"
	}
	return r.Stop
}
