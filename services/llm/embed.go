package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"resume-matcher/models"
)

// maxBatch bounds the texts of one request.
const maxBatch = 64

// EmbeddingOptions name an embedding model and bound its calls.
type EmbeddingOptions struct {
	// Provider is OpenAI (any compatible server) or Ollama.
	Provider string
	Model    string
	// BaseURL is the provider's own address when empty.
	BaseURL string
	APIKey  string
	// Timeout bounds one call of Embed with all its batches and retries.
	Timeout time.Duration
	// LocalOnly refuses an address that is neither loopback nor private, as Options.LocalOnly.
	LocalOnly bool
}

// Embedder turns texts into vectors. It is safe for concurrent use.
//
// It makes its two small requests itself: langchaingo ignores the index of the vectors, changes the texts it is given,
// counts no tokens, and asks Ollama once for each text.
type Embedder struct {
	options  EmbeddingOptions
	endpoint endpoint
	next     http.RoundTripper
	backoff  time.Duration
}

// NewEmbedder checks the options and returns an embedder that has not asked anything yet. An error is a *models.Error of
// KindValidation that names the variable of the environment.
func NewEmbedder(o EmbeddingOptions) (*Embedder, error) {
	names := variables{"EMBEDDING_PROVIDER", "EMBEDDING_MODEL", "EMBEDDING_BASE_URL", "EMBEDDING_API_KEY"}
	o.Model = strings.TrimSpace(o.Model)
	switch {
	case o.Provider != OpenAI && o.Provider != Ollama:
		return nil, models.NewError(models.KindValidation, names.provider+" must be "+OpenAI+" or "+Ollama)
	case o.Model == "":
		return nil, models.NewError(models.KindValidation, names.model+" must name an embedding model")
	}
	address, err := newEndpoint(names, o.Provider, o.BaseURL, o.APIKey, o.LocalOnly)
	if err != nil {
		return nil, err
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	return &Embedder{options: o, endpoint: address, next: address.roundTripper(), backoff: firstBackoff}, nil
}

// Provider returns the provider's name, as in EmbeddingOptions.
func (e *Embedder) Provider() string { return e.options.Provider }

// Model returns the name of the model.
func (e *Embedder) Model() string { return e.options.Model }

// Embed returns a vector for each text, in the order of the texts and all of one length. A failure is an *Error; Usage
// then counts the batches before it. Where a server counts no tokens they are estimated at four bytes each.
func (e *Embedder) Embed(ctx context.Context, texts []string) ([][]float32, Usage, error) {
	ctx, cancel := context.WithTimeout(ctx, e.options.Timeout)
	defer cancel()
	vectors := make([][]float32, 0, len(texts))
	var usage Usage
	for len(texts) > 0 {
		batch := texts[:min(maxBatch, len(texts))]
		texts = texts[len(batch):]
		var found embeddings
		err := retry(ctx, e.backoff, func() error {
			var failure *Error
			if found, failure = e.request(ctx, batch); failure != nil {
				return failure
			}
			return nil
		})
		if err != nil {
			return nil, usage, err
		}
		vectors = append(vectors, found.vectors...)
		usage.PromptTokens += found.tokens
		if len(vectors[0]) != len(found.vectors[0]) {
			return nil, usage, &Error{Failure: FailureInvalid, cause: errProtocol}
		}
	}
	return vectors, usage, nil
}

// embeddings are the vectors of one batch, in its order.
type embeddings struct {
	vectors [][]float32
	tokens  int64
}

func (e *Embedder) request(ctx context.Context, texts []string) (embeddings, *Error) {
	path := "/embeddings"
	if e.options.Provider == Ollama {
		path = "/api/embed"
	}
	body, err := json.Marshal(map[string]any{"model": e.options.Model, "input": texts})
	if err != nil {
		return embeddings{}, &Error{Failure: FailureRefused, cause: errLibrary}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.endpoint.url+path, bytes.NewReader(body))
	if err != nil {
		return embeddings{}, &Error{Failure: FailureRefused, cause: errLibrary}
	}
	request.Header.Set("Content-Type", "application/json")
	if e.endpoint.key != "" {
		request.Header.Set("Authorization", "Bearer "+e.endpoint.key)
	}
	answer, failure := e.send(request)
	if failure != nil {
		return embeddings{}, failure
	}
	return readEmbeddings(answer, texts)
}

// send returns the body of an answer that arrived as a whole.
func (e *Embedder) send(request *http.Request) ([]byte, *Error) {
	response, err := e.next.RoundTrip(request)
	if err != nil {
		return nil, connectionError(request.Context(), err)
	}
	defer response.Body.Close()
	if !succeeded(response) {
		return nil, statusError(response.StatusCode, response.Header, errorBody(response))
	}
	// Vectors cost nothing that a second request could waste, so one that broke off is asked for again.
	body, err := io.ReadAll(&limitedReader{response.Body, maxAnswerBody})
	switch {
	case errors.Is(err, errTooLarge):
		return nil, &Error{Failure: FailureInvalid, cause: errTooLarge}
	case err != nil:
		return nil, connectionError(request.Context(), err)
	}
	return body, nil
}

// readEmbeddings reads the answers of both protocols: OpenAI's data, which may come in any order, and Ollama's
// embeddings, which keep the order of the texts.
func readEmbeddings(body []byte, texts []string) (embeddings, *Error) {
	var in struct {
		Data []struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		} `json:"data"`
		Embeddings [][]float32 `json:"embeddings"`
		Usage      struct {
			PromptTokens int64 `json:"prompt_tokens"`
		} `json:"usage"`
		PromptEvalCount int64           `json:"prompt_eval_count"`
		Error           json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return embeddings{}, &Error{Failure: FailureInvalid, cause: errProtocol}
	}
	if len(in.Error) > 0 && string(in.Error) != "null" {
		return embeddings{}, openAIError(in.Error)
	}
	found := embeddings{vectors: in.Embeddings, tokens: in.Usage.PromptTokens + in.PromptEvalCount}
	if len(in.Data) > 0 {
		found.vectors = make([][]float32, len(texts))
		for _, d := range in.Data {
			if d.Index < 0 || d.Index >= len(texts) || found.vectors[d.Index] != nil {
				return embeddings{}, &Error{Failure: FailureInvalid, cause: errProtocol}
			}
			found.vectors[d.Index] = d.Embedding
		}
	}
	if !sameLength(found.vectors, len(texts)) {
		return embeddings{}, &Error{Failure: FailureInvalid, cause: errProtocol}
	}
	if found.tokens == 0 {
		found.tokens = int64(len(strings.Join(texts, "")) / bytesPerToken)
	}
	return found, nil
}

// sameLength tells that there are n vectors, all of one length, and none empty.
func sameLength(vectors [][]float32, n int) bool {
	if len(vectors) != n {
		return false
	}
	for _, vector := range vectors {
		if len(vector) == 0 || len(vector) != len(vectors[0]) {
			return false
		}
	}
	return true
}
