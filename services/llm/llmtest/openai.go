package llmtest

import (
	"encoding/json"

	"resume-matcher/services/llm"
)

// openAI writes chat completions.
type openAI struct{}

// object is a JSON object of a protocol.
type object map[string]any

func (o object) String() string {
	// Everything put in here is a text, a number, a list or raw JSON that was checked.
	text, _ := json.Marshal(o)
	return string(text)
}

func (openAI) parse(body []byte) (Request, error) {
	var in struct {
		Model               string          `json:"model"`
		Messages            []wireMessage   `json:"messages"`
		Stream              bool            `json:"stream"`
		MaxTokens           int             `json:"max_tokens"`
		MaxCompletionTokens int             `json:"max_completion_tokens"`
		Temperature         *float64        `json:"temperature"`
		Input               json.RawMessage `json:"input"`
		ResponseFormat      struct {
			JSONSchema struct {
				Schema json.RawMessage `json:"schema"`
			} `json:"json_schema"`
		} `json:"response_format"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return Request{}, err
	}
	q := Request{
		Protocol: llm.OpenAI, Model: in.Model, Stream: in.Stream, Schema: in.ResponseFormat.JSONSchema.Schema,
		MaxOutputTokens: max(in.MaxTokens, in.MaxCompletionTokens), Temperature: in.Temperature, Input: texts(in.Input),
	}
	q.addMessages(in.Messages)
	return q, nil
}

func (openAI) contentType(stream bool) string {
	if stream {
		return "text/event-stream"
	}
	return "application/json"
}

func (openAI) usage(r Reply) object {
	u := r.usage()
	return object{"prompt_tokens": u.PromptTokens, "completion_tokens": u.CompletionTokens, "total_tokens": u.PromptTokens + u.CompletionTokens}
}

func (p openAI) whole(q Request, r Reply, finished bool) string {
	message := object{"role": "assistant", "content": r.text()}
	if r.Refusal != "" {
		message["content"], message["refusal"] = nil, r.Refusal
	}
	choice := object{"index": 0, "message": message, "finish_reason": nil}
	if finished {
		choice["finish_reason"] = r.stop()
	}
	body := object{"id": "chatcmpl-1", "object": "chat.completion", "model": q.Model, "choices": []object{choice}}
	if !r.NoUsage {
		body["usage"] = p.usage(r)
	}
	return body.String()
}

func (p openAI) event(q Request, delta object, stop any) string {
	return "data: " + object{"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": q.Model,
		"choices": []object{{"index": 0, "delta": delta, "finish_reason": stop}}}.String() + "\n\n"
}

func (p openAI) start(q Request, _ Reply) string {
	return ": comment that clients skip\n\n" + p.event(q, object{"role": "assistant", "content": ""}, nil)
}

func (p openAI) piece(q Request, text string) string { return p.event(q, object{"content": text}, nil) }

func (p openAI) end(q Request, r Reply) string {
	end := ""
	if r.Refusal != "" {
		end = p.event(q, object{"refusal": r.Refusal}, nil)
	}
	end += p.event(q, object{}, r.stop())
	if !r.NoUsage {
		end += "data: " + object{"id": "chatcmpl-1", "model": q.Model, "choices": []object{}, "usage": p.usage(r)}.String() + "\n\n"
	}
	return end + "data: [DONE]\n\n"
}

func (openAI) failure(stream bool) string {
	body := object{"error": object{"message": "scripted failure", "type": "server_error", "code": 502}}.String()
	if stream {
		return "data: " + body + "\n\n"
	}
	return body
}
