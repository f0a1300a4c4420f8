package llm

import (
	"encoding/json"
	"net/http"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/anthropic"
)

// anthropicProtocol speaks Anthropic's messages. An answer with a schema is asked for as the input of a tool that the
// model is forced to call, which every model with tools does; the input's pieces are the streamed text.
// See https://docs.anthropic.com/en/api/messages
type anthropicProtocol struct{ url, key string }

func (p anthropicProtocol) model(client *http.Client) (llms.Model, error) {
	return anthropic.New(anthropic.WithBaseURL(p.url), anthropic.WithToken(p.key), anthropic.WithModel(keyPlaceholder),
		anthropic.WithHTTPClient(client))
}

func (anthropicProtocol) adjust(body members, _ http.Header, x *exchange) {
	if x.schema != nil && !x.without.has(featureSchema) {
		body.set("tools", []map[string]any{{
			"name": x.schema.Name, "description": "Takes the answer.", "input_schema": x.schema.JSON,
		}})
		// langchaingo drops the choice.
		body.set("tool_choice", map[string]any{"type": "tool", "name": x.schema.Name, "disable_parallel_tool_use": true})
	}
	if x.without.has(featureTemperature) {
		delete(body, "temperature")
	}
	if x.stream {
		body.set("stream", true)
	}
}

func (anthropicProtocol) wording(f features) []string {
	switch f {
	case featureSchema:
		return []string{"tool", "schema"}
	case featureTemperature:
		return []string{"temperature"}
	}
	return nil
}

type anthropicUsage struct {
	Input         int64 `json:"input_tokens"`
	CacheCreation int64 `json:"cache_creation_input_tokens"`
	CacheRead     int64 `json:"cache_read_input_tokens"`
	Output        int64 `json:"output_tokens"`
}

type anthropicBlock struct {
	Type  string          `json:"type"`
	Text  string          `json:"text"`
	Input json.RawMessage `json:"input"`
}

type anthropicMessage struct {
	Type       string           `json:"type"`
	Content    []anthropicBlock `json:"content"`
	StopReason string           `json:"stop_reason"`
	Usage      anthropicUsage   `json:"usage"`
	Error      anthropicError   `json:"error"`
}

type anthropicEvent struct {
	Type    string           `json:"type"`
	Message anthropicMessage `json:"message"`
	Delta   struct {
		Type        string `json:"type"`
		Text        string `json:"text"`
		PartialJSON string `json:"partial_json"`
		StopReason  string `json:"stop_reason"`
	} `json:"delta"`
	Usage anthropicUsage `json:"usage"`
	Error anthropicError `json:"error"`
}

func (p anthropicProtocol) read(r *source, a *answer) error {
	whole, err := startsJSON(r)
	if err != nil {
		return err
	}
	if whole {
		body, err := readAll(r, a)
		if err != nil {
			return err
		}
		return p.takeWhole(body, a)
	}
	return readEvents(r, func(_ string, data []byte) (bool, error) { return p.takeEvent(data, a) })
}

func (anthropicProtocol) takeWhole(body []byte, a *answer) error {
	var message anthropicMessage
	if err := json.Unmarshal(body, &message); err != nil {
		return syntaxError(err)
	}
	if message.Type == "error" {
		return message.Error.failure()
	}
	message.Usage.addTo(&a.usage)
	var text, input string
	for _, block := range message.Content {
		switch block.Type {
		case "text":
			text += block.Text
		case "tool_use":
			input += string(block.Input)
		}
	}
	// A forced tool's input is the answer, and text beside it is chat.
	if input != "" {
		text = input
	}
	a.end(message.StopReason)
	return a.add(text)
}

func (anthropicProtocol) takeEvent(data []byte, a *answer) (done bool, err error) {
	var event anthropicEvent
	if err := json.Unmarshal(data, &event); err != nil {
		return true, syntaxError(err)
	}
	switch event.Type {
	case "message_start":
		event.Message.Usage.addTo(&a.usage)
	case "content_block_delta":
		// An event has only one of them.
		return false, a.add(event.Delta.Text + event.Delta.PartialJSON)
	case "message_delta":
		event.Usage.addTo(&a.usage)
		a.end(event.Delta.StopReason)
	case "message_stop":
		return true, nil
	case "error":
		return true, event.Error.failure()
	}
	return false, nil
}

// addTo replaces what was counted before: the counts of later events are totals.
func (u anthropicUsage) addTo(total *Usage) {
	if prompt := u.Input + u.CacheCreation + u.CacheRead; prompt > 0 {
		total.PromptTokens = prompt
	}
	if u.Output > 0 {
		total.CompletionTokens = u.Output
	}
}

type anthropicError struct {
	Type string `json:"type"`
}

// failure classifies an error that came with status 200, by the statuses it has elsewhere.
// See https://docs.anthropic.com/en/api/errors
func (e anthropicError) failure() *Error {
	statuses := map[string]int{
		"invalid_request_error": http.StatusBadRequest, "authentication_error": http.StatusUnauthorized,
		"permission_error": http.StatusForbidden, "not_found_error": http.StatusNotFound,
		"request_too_large": http.StatusRequestEntityTooLarge, "rate_limit_error": http.StatusTooManyRequests,
		"timeout_error": http.StatusGatewayTimeout, "overloaded_error": statusOverloaded,
	}
	status, known := statuses[e.Type]
	if !known {
		status = http.StatusInternalServerError
	}
	return statusError(status, nil, nil)
}

// statusOverloaded is Anthropic's own status of a service that is overloaded as a whole.
const statusOverloaded = 529

func (anthropicProtocol) body(a *answer) []byte {
	message := members{}
	message.set("type", "message")
	message.set("role", "assistant")
	message.set("stop_reason", "end_turn")
	message.set("content", []map[string]string{{"type": "text", "text": a.text.String()}})
	body, _ := json.Marshal(message)
	return body
}
