package llmtest

import (
	"encoding/json"
	"net/http"
	"strings"

	"resume-matcher/services/llm"
)

// Request is what the server was asked, whatever the protocol.
type Request struct {
	// Number counts the requests of the server from 1.
	Number int
	// Protocol is llm.OpenAI, llm.Anthropic or llm.Ollama.
	Protocol string
	Path     string
	Model    string
	// System is the text of the system messages, Messages the others.
	System   string
	Messages []llm.Message
	Stream   bool
	// Schema is the JSON Schema the answer must keep, nil when none is asked.
	Schema          json.RawMessage
	MaxOutputTokens int
	// Temperature is nil when none is sent.
	Temperature *float64
	// Input holds the texts of an embedding request.
	Input  []string
	Header http.Header
	Body   []byte
}

// Text joins all messages but the system's, a blank line between them.
func (r Request) Text() string {
	texts := make([]string, len(r.Messages))
	for i, m := range r.Messages {
		texts[i] = m.Text
	}
	return strings.Join(texts, "\n\n")
}

// wireMessage is a message of any of the protocols; content is a text or a list of parts.
type wireMessage struct {
	Role    string          `json:"role"`
	Content json.RawMessage `json:"content"`
}

func (m wireMessage) text() string {
	var text string
	if json.Unmarshal(m.Content, &text) == nil {
		return text
	}
	var parts []struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(m.Content, &parts) != nil {
		return ""
	}
	for _, part := range parts {
		text += part.Text
	}
	return text
}

// addMessages sorts messages into the system's and the others.
func (r *Request) addMessages(messages []wireMessage) {
	for _, m := range messages {
		if m.Role == string(llm.System) {
			r.System = strings.TrimPrefix(r.System+"\n\n"+m.text(), "\n\n")
			continue
		}
		r.Messages = append(r.Messages, llm.Message{Role: llm.Role(m.Role), Text: m.text()})
	}
}
