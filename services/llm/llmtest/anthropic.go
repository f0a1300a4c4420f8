package llmtest

import (
	"encoding/json"

	"resume-matcher/services/llm"
)

// anthropic writes messages; an answer to a forced tool is that tool's input.
type anthropic struct{}

func (anthropic) parse(body []byte) (Request, error) {
	var in struct {
		Model       string          `json:"model"`
		System      json.RawMessage `json:"system"`
		Messages    []wireMessage   `json:"messages"`
		Stream      bool            `json:"stream"`
		MaxTokens   int             `json:"max_tokens"`
		Temperature *float64        `json:"temperature"`
		Tools       []struct {
			InputSchema json.RawMessage `json:"input_schema"`
		} `json:"tools"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return Request{}, err
	}
	q := Request{
		Protocol: llm.Anthropic, Model: in.Model, Stream: in.Stream,
		MaxOutputTokens: in.MaxTokens, Temperature: in.Temperature,
		System: wireMessage{Content: in.System}.text(),
	}
	if len(in.Tools) > 0 {
		q.Schema = in.Tools[0].InputSchema
	}
	q.addMessages(in.Messages)
	return q, nil
}

func (anthropic) contentType(stream bool) string { return openAI{}.contentType(stream) }

func (anthropic) stop(q Request, r Reply) string {
	switch {
	case r.Refusal != "" || r.Stop == "content_filter":
		return "refusal"
	case r.Stop == "length":
		return "max_tokens"
	case r.Stop != "" && r.Stop != "stop":
		return r.Stop
	case q.Schema != nil:
		return "tool_use"
	default:
		return "end_turn"
	}
}

func (p anthropic) whole(q Request, r Reply, finished bool) string {
	block := object{"type": "text", "text": r.text()}
	if q.Schema != nil && json.Valid([]byte(r.text())) {
		block = object{"type": "tool_use", "id": "toolu_1", "name": "answer", "input": json.RawMessage(r.text())}
	}
	body := object{"id": "msg_1", "type": "message", "role": "assistant", "model": q.Model,
		"content": []object{block}, "stop_reason": nil}
	if finished {
		body["stop_reason"] = p.stop(q, r)
	}
	if !r.NoUsage {
		u := r.usage()
		body["usage"] = object{"input_tokens": u.PromptTokens, "output_tokens": u.CompletionTokens}
	}
	return body.String()
}

func (anthropic) event(name string, data object) string {
	data["type"] = name
	return "event: " + name + "\ndata: " + data.String() + "\n\n"
}

func (p anthropic) start(q Request, r Reply) string {
	message := object{"id": "msg_1", "type": "message", "role": "assistant", "model": q.Model, "content": []object{}}
	if !r.NoUsage {
		message["usage"] = object{"input_tokens": r.usage().PromptTokens, "output_tokens": 1}
	}
	block := object{"type": "text", "text": ""}
	if q.Schema != nil {
		block = object{"type": "tool_use", "id": "toolu_1", "name": "answer", "input": object{}}
	}
	return p.event("message_start", object{"message": message}) + p.event("ping", object{}) +
		p.event("content_block_start", object{"index": 0, "content_block": block})
}

func (p anthropic) piece(q Request, text string) string {
	delta := object{"type": "text_delta", "text": text}
	if q.Schema != nil {
		delta = object{"type": "input_json_delta", "partial_json": text}
	}
	return p.event("content_block_delta", object{"index": 0, "delta": delta})
}

func (p anthropic) end(q Request, r Reply) string {
	delta := object{"delta": object{"stop_reason": p.stop(q, r)}}
	if !r.NoUsage {
		delta["usage"] = object{"output_tokens": r.usage().CompletionTokens}
	}
	return p.event("content_block_stop", object{"index": 0}) + p.event("message_delta", delta) + p.event("message_stop", object{})
}

func (p anthropic) failure(stream bool) string {
	data := object{"type": "error", "error": object{"type": "overloaded_error", "message": "scripted failure"}}
	if stream {
		return p.event("error", data)
	}
	return data.String()
}
