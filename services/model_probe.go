package services

import (
	"context"
	"fmt"
	"time"

	"resume-matcher/services/llm"
)

// ModelProbe is what a tiny structured request found out about a model.
type ModelProbe struct {
	// Model is the one that answered: the configured one or its fallback.
	Model string
	Usage llm.Usage
	// Duration is the time to the whole answer, FirstText that to its first piece; 0 if none came.
	Duration, FirstText time.Duration
	// Pieces counts the parts in which the answer came: a model that streams sends more than one.
	Pieces int
	// Calls is 2 where the first answer was not what was asked for, else 1.
	Calls int64
}

// How a model is told the form of its answer.
const (
	StructuredBySchema = "schema" // as a JSON Schema beside the prompt
	StructuredByPrompt = "prompt" // in the prompt, because its server takes no schema
	structuredUnknown  = "unknown"
)

// StructuredBy tells how a model that has answered is told the form of its answer.
func StructuredBy(g llm.Generator) string {
	client, ok := g.(interface{ DeclinesSchemas() bool })
	switch {
	case !ok:
		return structuredUnknown
	case client.DeclinesSchemas():
		return StructuredByPrompt
	}
	return StructuredBySchema
}

// probeAnswer is long enough to come in more than one piece.
type probeAnswer struct {
	Numbers []int `json:"numbers"`
}

// probeTokens is ample for a probeAnswer, also of a model that thinks first.
const probeTokens = 2_000

// ProbeModel asks for a tiny structured answer. The probe is filled as far as it came also on errors, which are those
// of llm.Ask.
func ProbeModel(ctx context.Context, g llm.Generator) (ModelProbe, error) {
	schema, err := llm.SchemaOf[probeAnswer]("probe")
	if err != nil {
		return ModelProbe{}, fmt.Errorf("schema of the probe: %w", err)
	}
	prompt := llm.Prompt{
		Kind: "probe", Schema: schema, MaxOutputTokens: probeTokens,
		Messages: []llm.Message{
			{Role: llm.System, Text: "You answer with one JSON object and nothing else."},
			{Role: llm.User, Text: `List the whole numbers from 1 to 12 as {"numbers": [...]}.`},
		},
	}
	probe := ModelProbe{Calls: 1}
	started := time.Now()
	answer, err := llm.Ask(ctx, g, prompt, func(string) {
		if probe.Pieces++; probe.Pieces == 1 {
			probe.FirstText = time.Since(started)
		}
	})
	probe.Model, probe.Usage, probe.Duration = answer.Model, answer.Usage, time.Since(started)
	if answer.Repaired {
		probe.Calls = 2
	}
	return probe, err
}
