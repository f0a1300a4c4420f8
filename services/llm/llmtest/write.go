package llmtest

import (
	"io"
	"net/http"
	"time"
)

// protocol writes answers the way one provider does.
type protocol interface {
	parse(body []byte) (Request, error)
	contentType(stream bool) string
	// whole is the body of an answer that is not streamed; finished says whether it holds a reason to stop.
	whole(q Request, r Reply, finished bool) string
	// start, piece and end are the parts of a stream.
	start(q Request, r Reply) string
	piece(q Request, text string) string
	end(q Request, r Reply) string
	// failure is an error, in a stream or as the whole body.
	failure(stream bool) string
}

// write sends a reply and says whether the client stayed to its end.
func (s *Server) write(w http.ResponseWriter, r *http.Request, p protocol, q Request, reply Reply) bool {
	switch {
	case reply.Status != 0 || reply.Body != "":
		return s.writeRaw(w, r, reply)
	case q.Stream:
		return s.writeStream(w, r, p, q, reply)
	default:
		return s.writeWhole(w, r, p, q, reply)
	}
}

func (s *Server) writeRaw(w http.ResponseWriter, r *http.Request, reply Reply) bool {
	if !s.pause(r, reply.Delay) {
		return false
	}
	if reply.RetryAfter != "" {
		w.Header().Set("Retry-After", reply.RetryAfter)
	}
	if reply.Location != "" {
		w.Header().Set("Location", reply.Location)
	}
	w.Header().Set("Content-Type", "application/json")
	if reply.Status != 0 {
		w.WriteHeader(reply.Status)
	}
	_, err := io.WriteString(w, reply.Body)
	return err == nil
}

func (s *Server) writeWhole(w http.ResponseWriter, r *http.Request, p protocol, q Request, reply Reply) bool {
	if !s.pause(r, reply.Delay) {
		return false
	}
	if reply.Then == Hold && !s.hold(r, reply) {
		return false
	}
	w.Header().Set("Content-Type", p.contentType(false))
	body := p.whole(q, reply, reply.Then != EndEarly)
	switch {
	case reply.Then == ErrorEvent:
		body = p.failure(false)
	case reply.Then == Drop && reply.After == 0:
		panic(http.ErrAbortHandler)
	case reply.Then == Drop:
		_, _ = io.WriteString(w, body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, err := io.WriteString(w, body)
	return err == nil
}

func (s *Server) writeStream(w http.ResponseWriter, r *http.Request, p protocol, q Request, reply Reply) bool {
	w.Header().Set("Content-Type", p.contentType(true))
	send := func(text string) bool {
		if _, err := io.WriteString(w, text); err != nil {
			return false
		}
		return http.NewResponseController(w).Flush() == nil && r.Context().Err() == nil
	}
	pieces := reply.pieces()
	if !send(p.start(q, reply)) {
		return false
	}
	for i := 0; i <= len(pieces); i++ {
		if reply.Then != Finish && i == min(reply.After, len(pieces)) {
			if goOn, stayed := s.interrupt(r, p, reply, send); !goOn {
				return stayed
			}
		}
		if i == len(pieces) {
			break
		}
		if !s.pause(r, reply.Delay) || !send(p.piece(q, pieces[i])) {
			return false
		}
	}
	return send(p.end(q, reply))
}

// interrupt does what Reply.Then asks in the middle of a stream, and says whether the stream goes on.
func (s *Server) interrupt(r *http.Request, p protocol, reply Reply, send func(string) bool) (goOn, stayed bool) {
	switch reply.Then {
	case Drop:
		panic(http.ErrAbortHandler)
	case ErrorEvent:
		return false, send(p.failure(true))
	case Hold:
		stayed = s.hold(r, reply)
		return stayed, stayed
	default:
		return false, true
	}
}

// hold waits for Reply.Release, and says whether the client stayed.
func (s *Server) hold(r *http.Request, reply Reply) bool {
	select {
	case <-reply.Release:
		return true
	case <-s.stopped:
		return true
	case <-r.Context().Done():
		return false
	}
}

// pause waits, and says whether the client stayed.
func (s *Server) pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.stopped:
		return true
	case <-r.Context().Done():
		return false
	}
}
