package services

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"time"

	"resume-matcher/models"
	"resume-matcher/services/cache"
	"resume-matcher/services/matching"
	"resume-matcher/services/telemetry"
)

// embeddingPause is how long matches go on without embeddings after these failed, so that a dead provider costs one
// request its timeout and not each.
const embeddingPause = 30 * time.Second

// Compared is a score, and beside it how close the texts are in meaning where embeddings are used.
type Compared struct {
	matching.Result
	Semantic *matching.SemanticResult
	Warnings []string
}

// Compare scores one résumé against one job, and compares their texts by embeddings where these are used.
//
// Errors: with ModelRequired AI_PROVIDER_UNAVAILABLE, AI_TIMEOUT or AI_BUDGET_EXCEEDED when there are no embeddings.
func (m *Matches) Compare(ctx context.Context, workspaceID, resumeID, jobID string, use ModelUse) (Compared, error) {
	if use == ModelRequired && !m.model.embeds() {
		return Compared{}, models.NewError(models.KindAIUnavailable,
			"No embedding model is configured. Leave require_llm out for the deterministic answer.")
	}
	result, err := m.Match(ctx, workspaceID, resumeID, jobID)
	out := Compared{Result: result}
	if err != nil || use == ModelNever || !m.model.embeds() {
		return out, err
	}
	if use == ModelAuto && m.model.embeddingsPaused() {
		out.Warnings = append(out.Warnings, "The embedding model can't be reached at the moment; this result was made without it.")
		return out, nil
	}
	semantic, err := m.semantic(m.model.bounded(ctx), workspaceID, resumeID, jobID, result)
	if err != nil {
		m.model.pauseEmbeddings(err)
		warning, err := fallBack(use, err)
		if err != nil {
			return out, err
		}
		out.Warnings = append(out.Warnings, warning)
		return out, nil
	}
	out.Semantic = &semantic
	return out, nil
}

func (m *Matches) semantic(ctx context.Context, workspaceID, resumeID, jobID string, result matching.Result) (matching.SemanticResult, error) {
	tx := m.resumes.db.WithContext(ctx)
	resume, err := m.resumes.structured(tx, workspaceID, resumeID)
	if err != nil {
		return matching.SemanticResult{}, err
	}
	job, err := m.jobs.structured(tx, workspaceID, jobID)
	if err != nil {
		return matching.SemanticResult{}, err
	}
	v := veil{m.model.pseudonymsOf(resume, resume.Processed.Data.V.PersonalInfo, job.Content)}
	chunks, requirements := matching.Chunks(resume.Processed.Data.V), matching.RequirementTexts(job.Processed.Data.V)
	texts := make([]string, len(chunks))
	for i, chunk := range chunks {
		texts[i] = v.hide(chunk.Text)
	}
	asked := make([]string, len(requirements))
	for i, text := range requirements {
		asked[i] = v.hide(text)
	}
	ofResume, err := m.model.embed(ctx, workspaceID, texts, cache.Link{Type: "resume", ID: resumeID})
	if err != nil {
		return matching.SemanticResult{}, err
	}
	ofJob, err := m.model.embed(ctx, workspaceID, asked, cache.Link{Type: "job", ID: jobID})
	if err != nil {
		return matching.SemanticResult{}, err
	}
	return matching.Semantic(result, requirements, ofJob, chunks, ofResume)
}

func (a *Assistant) embeds() bool { return a.options.Embedder != nil }

func (a *Assistant) embeddingsPaused() bool { return a.now().UnixNano() < a.pausedUntil.Load() }

// pauseEmbeddings spares the requests to come a provider that failed; a used up budget is asked again at once.
func (a *Assistant) pauseEmbeddings(err error) {
	var known *models.Error
	if isModelFailure(err) && errors.As(err, &known) && known.Kind != models.KindAIBudget {
		a.pausedUntil.Store(a.now().Add(embeddingPause).UnixNano())
	}
}

// embeddingVersion names how vectors are cached; it changes with their form.
const embeddingVersion = "1"

// embed returns a vector for each text, cached by the texts' content for as long as what they were taken from.
func (a *Assistant) embed(ctx context.Context, workspaceID string, texts []string, link cache.Link) ([][]float32, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	e := a.options.Embedder
	key, err := cache.KeyOf(workspaceID, e.Provider(), e.Model(), embeddingVersion, a.options.EmbedderParameters, texts)
	if err != nil {
		return nil, err
	}
	result, err := a.do(ctx, cache.Entry{
		Key: key, WorkspaceID: workspaceID, Kind: UsageEmbedding, Provider: e.Provider(), Model: e.Model(),
		PromptVersion: embeddingVersion, TTL: answerTTL, Links: []cache.Link{link},
	}, nil, func(ctx context.Context, _ func(string)) (cache.Answer, error) {
		return a.callEmbedder(ctx, workspaceID, texts)
	})
	if err != nil {
		return nil, err
	}
	return unpackVectors(result.Response)
}

func (a *Assistant) callEmbedder(ctx context.Context, workspaceID string, texts []string) (cache.Answer, error) {
	var tokens int64
	for _, text := range texts {
		tokens += int64(len(text)) / 4
	}
	release, err := a.usage.Reserve(ctx, workspaceID, tokens)
	if err != nil {
		a.observe.refused()
		return cache.Answer{}, err
	}
	defer release()
	e := a.options.Embedder
	started := time.Now()
	ctx, end := telemetry.StartModelCall(ctx, "embeddings", e.Provider(), e.Model(), UsageEmbedding)
	vectors, usage, err := e.Embed(ctx, slices.Clone(texts))
	end(usage.PromptTokens, usage.CompletionTokens, modelError(err))
	a.observe.called(ModelCall{Provider: e.Provider(), Kind: UsageEmbedding, Duration: time.Since(started), Outcome: CallOutcome(err)})
	if err != nil {
		return cache.Answer{}, modelError(err)
	}
	a.usage.Record(ctx, workspaceID, UsageEmbedding, e.Provider(), e.Model(), 1, usage.PromptTokens, usage.CompletionTokens)
	packed, err := packVectors(vectors)
	return cache.Answer{Response: packed, Model: e.Model(), PromptTokens: usage.PromptTokens}, err
}

// packVectors writes vectors as a JSON list of base64 texts over little-endian float32: a third of their size in digits.
func packVectors(vectors [][]float32) (string, error) {
	packed := make([]string, len(vectors))
	for i, vector := range vectors {
		raw := make([]byte, 0, 4*len(vector))
		for _, x := range vector {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
		}
		packed[i] = base64.StdEncoding.EncodeToString(raw)
	}
	text, err := json.Marshal(packed)
	return string(text), err
}

func unpackVectors(text string) ([][]float32, error) {
	var packed []string
	if err := json.Unmarshal([]byte(text), &packed); err != nil {
		return nil, err
	}
	vectors := make([][]float32, len(packed))
	for i, one := range packed {
		raw, err := base64.StdEncoding.DecodeString(one)
		if err != nil {
			return nil, err
		}
		for ; len(raw) >= 4; raw = raw[4:] {
			vectors[i] = append(vectors[i], math.Float32frombits(binary.LittleEndian.Uint32(raw)))
		}
	}
	return vectors, nil
}
