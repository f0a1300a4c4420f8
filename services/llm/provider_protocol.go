package llm

import (
	"net/http"

	"github.com/tmc/langchaingo/llms"
)

// protocol is how one provider is spoken to, beyond what langchaingo does.
type protocol interface {
	// model returns langchaingo's client, which asks over client.
	model(client *http.Client) (llms.Model, error)
	// adjust adds schema, streaming and names of members to a request that langchaingo built.
	adjust(body members, header http.Header, x *exchange)
	// read reads an answer, whole or streamed, as the server chose to send it.
	read(r *source, a *answer) error
	// body writes an answer the way langchaingo reads it.
	body(a *answer) []byte
	// wording lists what a server's refusal of a feature speaks of, in lower case.
	wording(f features) []string
}

// keyPlaceholder stands where langchaingo demands a key that a server of one's own doesn't.
const keyPlaceholder = "none"

func newProtocol(provider string, e endpoint) protocol {
	key := e.key
	if key == "" {
		key = keyPlaceholder
	}
	switch provider {
	case Anthropic:
		return anthropicProtocol{url: e.url, key: key}
	case Ollama:
		return ollamaProtocol{url: e.url, key: e.key}
	default:
		return openAIProtocol{url: e.url, key: key, own: e.own}
	}
}
