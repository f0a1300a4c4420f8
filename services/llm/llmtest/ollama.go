package llmtest

import (
	"encoding/json"

	"resume-matcher/services/llm"
)

// ollama writes one JSON object a line.
type ollama struct{}

func (ollama) parse(body []byte) (Request, error) {
	var in struct {
		Model    string          `json:"model"`
		Messages []wireMessage   `json:"messages"`
		Stream   *bool           `json:"stream"`
		Format   json.RawMessage `json:"format"`
		Input    json.RawMessage `json:"input"`
		Options  struct {
			NumPredict  int      `json:"num_predict"`
			Temperature *float64 `json:"temperature"`
		} `json:"options"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return Request{}, err
	}
	q := Request{
		// Ollama streams unless it is told not to.
		Protocol: llm.Ollama, Model: in.Model, Stream: in.Stream == nil || *in.Stream,
		MaxOutputTokens: in.Options.NumPredict, Temperature: in.Options.Temperature, Input: texts(in.Input),
	}
	if len(in.Format) > 0 && in.Format[0] == '{' {
		q.Schema = in.Format
	}
	q.addMessages(in.Messages)
	return q, nil
}

func (ollama) contentType(stream bool) string {
	if stream {
		return "application/x-ndjson"
	}
	return "application/json"
}

func (ollama) line(q Request, text string) object {
	return object{"model": q.Model, "created_at": "2024-01-01T00:00:00Z", "done": false,
		"message": object{"role": "assistant", "content": text}}
}

func (p ollama) last(q Request, r Reply, text string) object {
	line := p.line(q, text)
	line["done"], line["done_reason"] = true, r.stop()
	if !r.NoUsage {
		line["prompt_eval_count"], line["eval_count"] = r.usage().PromptTokens, r.usage().CompletionTokens
	}
	return line
}

func (p ollama) whole(q Request, r Reply, finished bool) string {
	text := r.text() + r.Refusal
	if !finished {
		return p.line(q, text).String() + "\n"
	}
	return p.last(q, r, text).String() + "\n"
}

func (ollama) start(Request, Reply) string { return "" }

func (p ollama) piece(q Request, text string) string { return p.line(q, text).String() + "\n" }

func (p ollama) end(q Request, r Reply) string { return p.last(q, r, r.Refusal).String() + "\n" }

func (ollama) failure(bool) string { return object{"error": "scripted failure"}.String() + "\n" }
