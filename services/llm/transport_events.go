package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// startsJSON tells a JSON body from a stream of events: servers name neither reliably in their headers. A web page is
// an error, since the address is another server's then.
func startsJSON(r *source) (bool, error) {
	for {
		next, err := r.Peek(1)
		if err != nil {
			return false, err
		}
		switch next[0] {
		case ' ', '\t', '\r', '\n':
			_, _ = r.Discard(1)
		case '<':
			return false, &Error{Failure: FailureRefused, cause: errProtocol}
		default:
			return next[0] == '{' || next[0] == '[', nil
		}
	}
}

// readEvents reads server-sent events with lines of any length, and hands on the name and data of each until done.
// See https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
func readEvents(r *source, each func(name string, data []byte) (done bool, err error)) error {
	var name string
	var data []byte
	for {
		line, readErr := r.ReadBytes('\n')
		ended := errors.Is(readErr, io.EOF)
		if readErr != nil && !ended {
			return readErr
		}
		line = bytes.TrimRight(line, "\r\n")
		field, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(field) {
		case "event":
			name = string(value)
		case "data":
			if data != nil {
				data = append(data, '\n')
			}
			data = append(data, value...)
		}
		// The last event may lack its empty line.
		if (len(line) == 0 || ended) && len(data) > 0 {
			if done, err := each(name, data); done || err != nil {
				return err
			}
		}
		if len(line) == 0 {
			name, data = "", nil
			r.renew()
		}
		if ended {
			return nil
		}
	}
}

// readObjects reads JSON objects one after the other, and hands on each until done.
func readObjects(r *source, each func(data []byte) (done bool, err error)) error {
	decoder := json.NewDecoder(r)
	for {
		var object json.RawMessage
		err := decoder.Decode(&object)
		var syntax *json.SyntaxError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &syntax):
			return syntaxError(err)
		case err != nil:
			return err
		}
		if done, err := each(object); done || err != nil {
			return err
		}
		r.renew()
	}
}
