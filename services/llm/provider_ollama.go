package llm

import (
	"bytes"
	"encoding/json"
	"net/http"
	"unicode/utf8"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/ollama"
)

// ollamaProtocol speaks Ollama's own chat, one JSON object a line.
// See https://github.com/ollama/ollama/blob/main/docs/api.md
type ollamaProtocol struct{ url, key string }

func (p ollamaProtocol) model(client *http.Client) (llms.Model, error) {
	return ollama.New(ollama.WithServerURL(p.url), ollama.WithModel(keyPlaceholder), ollama.WithHTTPClient(client))
}

func (p ollamaProtocol) adjust(body members, header http.Header, x *exchange) {
	// The server streams unless it is told not to, which langchaingo leaves out.
	body.set("stream", x.stream)
	delete(body, "format")
	if x.schema != nil && !x.without.has(featureSchema) {
		body.set("format", x.schema.JSON)
	}
	if window := contextWindow(x); window > 0 {
		var options members
		if json.Unmarshal(body["options"], &options) == nil && options != nil {
			options.set("num_ctx", window)
			body.set("options", options)
		}
	}
	if p.key != "" {
		header.Set("Authorization", "Bearer "+p.key)
	}
}

// The context window that every server has, and the largest one to ask for, in tokens.
const (
	defaultWindow = 4096
	maxWindow     = 128 << 10
)

// contextWindow returns the window a call needs where that is more than the default, in steps that seldom make the
// server load its model again: of a prompt that is longer than its window Ollama silently drops the beginning.
func contextWindow(x *exchange) int {
	// Three bytes a token leave room for other languages than English.
	need := x.promptBytes/3 + x.maxTokens
	if need <= defaultWindow {
		return 0
	}
	window := defaultWindow
	for window < need && window < maxWindow {
		window *= 2
	}
	return window
}

func (ollamaProtocol) wording(f features) []string {
	if f == featureSchema {
		return []string{"format", "schema"}
	}
	return nil
}

func (ollamaProtocol) read(r *source, a *answer) error {
	if _, err := r.Peek(1); err == nil {
		a.began = true
	}
	return readObjects(r, func(data []byte) (bool, error) {
		var line struct {
			Message struct {
				Content string `json:"content"`
			} `json:"message"`
			Done            bool   `json:"done"`
			DoneReason      string `json:"done_reason"`
			PromptEvalCount int64  `json:"prompt_eval_count"`
			EvalCount       int64  `json:"eval_count"`
			Error           string `json:"error"`
		}
		if err := json.Unmarshal(data, &line); err != nil {
			return true, syntaxError(err)
		}
		if line.Error != "" {
			return true, statusError(http.StatusInternalServerError, nil, nil)
		}
		if err := a.add(line.Message.Content); err != nil {
			return true, err
		}
		if !line.Done {
			return false, nil
		}
		a.usage = Usage{PromptTokens: line.PromptEvalCount, CompletionTokens: line.EvalCount}
		if line.DoneReason == "" {
			// Servers before 0.1.45 give no reason.
			line.DoneReason = "stop"
		}
		a.end(line.DoneReason)
		return true, nil
	})
}

// maxLine keeps lines below the 512 kB at which langchaingo stops reading, however much escaping adds, in bytes.
const maxLine = 64 << 10

func (ollamaProtocol) body(a *answer) []byte {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	line := func(text string, done bool) {
		// A buffer takes everything, and the text is valid UTF-8, since it was decoded from JSON.
		_ = encoder.Encode(map[string]any{"message": map[string]string{"role": "assistant", "content": text}, "done": done})
	}
	for rest := a.text.String(); rest != ""; {
		piece := cutAtRune(rest, maxLine)
		line(piece, false)
		rest = rest[len(piece):]
	}
	line("", true)
	return body.Bytes()
}

// cutAtRune returns the longest beginning of s that has at most n bytes and ends with a whole character.
func cutAtRune(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
