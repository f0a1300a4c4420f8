package llmtest

import (
	"encoding/json"
	"hash/fnv"
	"math"
	"net/http"
	"strings"
	"time"
	"unicode"

	"resume-matcher/services/llm"
)

// dimensions is the length of Vector.
const dimensions = 64

// EmbeddingOptions returns the options of an embedder that asks this server.
func (s *Server) EmbeddingOptions(provider string) llm.EmbeddingOptions {
	return llm.EmbeddingOptions{
		Provider: provider, Model: Model, BaseURL: s.BaseURL(provider), APIKey: Key, Timeout: 30 * time.Second,
	}
}

// Vector is what the server embeds a text as: its words, hashed into 64 dimensions and of length 1, so that texts which
// share words are near each other.
func Vector(text string) []float32 {
	vector := make([]float32, dimensions)
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, word := range words {
		hash := fnv.New32a()
		_, _ = hash.Write([]byte(word))
		vector[hash.Sum32()%dimensions]++
	}
	var square float64
	for _, v := range vector {
		square += float64(v) * float64(v)
	}
	if square == 0 {
		vector[0] = 1
		return vector
	}
	for i := range vector {
		vector[i] /= float32(math.Sqrt(square))
	}
	return vector
}

// texts reads an input that is one text or a list.
func texts(input json.RawMessage) []string {
	var one string
	if json.Unmarshal(input, &one) == nil {
		return []string{one}
	}
	var many []string
	_ = json.Unmarshal(input, &many)
	return many
}

type embeddingProtocol interface {
	protocol
	vectors(q Request, r Reply) string
}

func (s *Server) embeddings(p embeddingProtocol) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q, ok := s.receive(w, r, p)
		if !ok {
			return
		}
		s.mu.Lock()
		embed := s.embed
		s.mu.Unlock()
		var reply Reply
		if embed != nil {
			reply = embed(q)
		}
		if reply.Vectors == nil {
			for _, text := range q.Input {
				reply.Vectors = append(reply.Vectors, Vector(text))
			}
		}
		if reply.Status == 0 && reply.Body == "" {
			if reply.Then == Hold && !s.hold(r, reply) {
				s.countCancelled()
				return
			}
			reply.Body = p.vectors(q, reply)
		}
		if !s.writeRaw(w, r, reply) {
			s.countCancelled()
		}
	}
}

// vectors come in the opposite order of the texts: only their index tells whose they are.
func (p openAI) vectors(q Request, r Reply) string {
	data := make([]object, 0, len(r.Vectors))
	for i := len(r.Vectors) - 1; i >= 0; i-- {
		data = append(data, object{"object": "embedding", "index": i, "embedding": r.Vectors[i]})
	}
	body := object{"object": "list", "model": q.Model, "data": data}
	if !r.NoUsage {
		body["usage"] = object{"prompt_tokens": r.usage().PromptTokens, "total_tokens": r.usage().PromptTokens}
	}
	return body.String()
}

func (ollama) vectors(q Request, r Reply) string {
	body := object{"model": q.Model, "embeddings": r.Vectors}
	if !r.NoUsage {
		body["prompt_eval_count"] = r.usage().PromptTokens
	}
	return body.String()
}
