package llm

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/openai"
)

// openAIProtocol speaks chat completions, with OpenAI and the many servers that took the format over.
// See https://platform.openai.com/docs/api-reference/chat
type openAIProtocol struct {
	url, key string
	// own tells OpenAI itself from a compatible server.
	own bool
}

func (p openAIProtocol) model(client *http.Client) (llms.Model, error) {
	// The options that are not set would be read from the environment.
	return openai.New(openai.WithBaseURL(p.url), openai.WithToken(p.key), openai.WithModel(keyPlaceholder),
		openai.WithOrganization(""), openai.WithHTTPClient(client))
}

func (p openAIProtocol) adjust(body members, _ http.Header, x *exchange) {
	if x.schema != nil && !x.without.has(featureSchema) {
		body.set("response_format", map[string]any{"type": "json_schema", "json_schema": map[string]any{
			"name": x.schema.Name, "strict": true, "schema": x.schema.JSON,
		}})
	}
	if x.without.has(featureTemperature) {
		delete(body, "temperature")
	}
	if x.stream {
		body.set("stream", true)
		if !x.without.has(featureStreamUsage) {
			body.set("stream_options", map[string]bool{"include_usage": true})
		}
	}
	delete(body, "max_tokens")
	delete(body, "max_completion_tokens")
	if x.maxTokens > 0 {
		body.set(p.lengthMember(x.without), x.maxTokens)
	}
}

// lengthMember names the largest length of an answer: OpenAI replaced max_tokens, its followers mostly did not.
func (p openAIProtocol) lengthMember(without features) string {
	if p.own != without.has(featureLengthName) {
		return "max_completion_tokens"
	}
	return "max_tokens"
}

func (openAIProtocol) wording(f features) []string {
	switch f {
	case featureSchema:
		return []string{"response_format", "response format", "schema", "structured output"}
	case featureTemperature:
		return []string{"temperature"}
	case featureLengthName:
		return []string{"max_tokens", "max_completion_tokens"}
	case featureStreamUsage:
		return []string{"stream_options"}
	}
	return nil
}

// openAIChunk is a whole answer, with a message, or an event of a stream, with a delta.
type openAIChunk struct {
	Choices []struct {
		Index        int           `json:"index"`
		Message      openAIMessage `json:"message"`
		Delta        openAIMessage `json:"delta"`
		FinishReason string        `json:"finish_reason"`
	} `json:"choices"`
	Usage struct {
		PromptTokens     int64 `json:"prompt_tokens"`
		CompletionTokens int64 `json:"completion_tokens"`
	} `json:"usage"`
	Error json.RawMessage `json:"error"`
}

type openAIMessage struct {
	Content string `json:"content"`
	Refusal string `json:"refusal"`
}

func (p openAIProtocol) read(r *source, a *answer) error {
	whole, err := startsJSON(r)
	if err != nil {
		return err
	}
	if whole {
		body, err := readAll(r, a)
		if err != nil {
			return err
		}
		return p.take(body, a)
	}
	return readEvents(r, func(name string, data []byte) (bool, error) {
		switch {
		case string(data) == "[DONE]":
			return true, nil
		case name == "error":
			return true, openAIError(data)
		}
		return false, p.take(data, a)
	})
}

// take adds a whole answer or an event to a.
func (openAIProtocol) take(data []byte, a *answer) error {
	var chunk openAIChunk
	if err := json.Unmarshal(data, &chunk); err != nil {
		return syntaxError(err)
	}
	if len(chunk.Error) > 0 && string(chunk.Error) != "null" {
		return openAIError(chunk.Error)
	}
	if chunk.Usage.PromptTokens > 0 || chunk.Usage.CompletionTokens > 0 {
		a.usage = Usage{PromptTokens: chunk.Usage.PromptTokens, CompletionTokens: chunk.Usage.CompletionTokens}
	}
	for _, choice := range chunk.Choices {
		if choice.Index != 0 {
			continue
		}
		if err := a.add(choice.Message.Content + choice.Delta.Content); err != nil {
			return err
		}
		if choice.Message.Refusal != "" || choice.Delta.Refusal != "" {
			a.end("refusal")
		}
		if choice.FinishReason == "error" {
			return statusError(http.StatusBadGateway, nil, nil)
		}
		a.end(choice.FinishReason)
	}
	return nil
}

// openAIError classifies an error that came with status 200; routers put the status that they got in its code.
func openAIError(data []byte) *Error {
	var wrapped struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(data, &wrapped) == nil && len(wrapped.Error) > 0 {
		data = wrapped.Error
	}
	var detail struct {
		Code any    `json:"code"`
		Type string `json:"type"`
	}
	_ = json.Unmarshal(data, &detail)
	status := http.StatusBadGateway
	switch code := detail.Code.(type) {
	case float64:
		status = int(code)
	case string:
		if number, err := strconv.Atoi(code); err == nil {
			status = number
		} else if code == "rate_limit_exceeded" {
			status = http.StatusTooManyRequests
		}
	}
	if detail.Type == "invalid_request_error" {
		status = http.StatusBadRequest
	}
	if status < http.StatusBadRequest || status > 599 {
		status = http.StatusBadGateway
	}
	return statusError(status, nil, data)
}

func (openAIProtocol) body(a *answer) []byte {
	message := members{}
	message.set("choices", []map[string]any{{
		"index": 0, "finish_reason": "stop", "message": map[string]string{"role": "assistant", "content": a.text.String()},
	}})
	body, _ := json.Marshal(message)
	return body
}
