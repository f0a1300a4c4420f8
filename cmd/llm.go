package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"resume-matcher/config"
	"resume-matcher/services"
	"resume-matcher/services/llm"
)

// newLLMCommand holds what concerns language models.
func newLLMCommand(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "llm",
		Short: "Try the configured language model",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	command.AddCommand(newLLMTestCommand(a))
	return command
}

const llmTestLong = `Ask the configured language model and embeddings for a tiny answer each, and say in one line each what works.

The exit code is 0 if all of it works, 1 if some does not, 2 if nothing is configured or the configuration is wrong.`

func newLLMTestCommand(a *app) *cobra.Command {
	var format string
	command := &cobra.Command{
		Use:   "test",
		Short: "Exit 1 if the configured language model or embeddings do not work, and say what to do",
		Long:  llmTestLong,
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := oneOf("format", format, "text", "json"); err != nil {
				return err
			}
			cfg, err := a.load()
			if err != nil {
				return err
			}
			return testModels(c.Context(), a.out, cfg, format)
		},
	}
	command.Flags().StringVar(&format, "format", "text", "text or json")
	return command
}

// modelReport says what one model can do; durations are milliseconds.
type modelReport struct {
	Use      string `json:"use"` // llm, fallback or embedding
	Provider string `json:"provider"`
	Model    string `json:"model"`
	Works    bool   `json:"works"`
	Duration int64  `json:"duration_ms"`
	// Structured is how the model is told the form of its answer: schema or prompt; empty for embeddings.
	Structured       string `json:"structured,omitempty"`
	Streaming        bool   `json:"streaming"`
	FirstPiece       int64  `json:"first_piece_ms,omitempty"`
	PromptTokens     int64  `json:"prompt_tokens"`
	CompletionTokens int64  `json:"completion_tokens"`
	Dimensions       int    `json:"dimensions,omitempty"`
	// Failure is the llm.Failure, Advice says in words what went wrong and what to do.
	Failure string `json:"failure,omitempty"`
	Advice  string `json:"advice,omitempty"`
}

// testModels asks every configured model and prints what came of it.
func testModels(ctx context.Context, out io.Writer, cfg *config.Config, format string) error {
	reports, err := tryModels(ctx, cfg)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	if len(reports) == 0 {
		return &exitError{exitUsage, errors.New(
			"no language model is configured: set LLM_PROVIDER, LLM_MODEL and, where it takes one, LLM_API_KEY")}
	}
	if format == "json" {
		err = writeJSON(out, reports)
	} else {
		err = writeModelReports(out, reports)
	}
	if err != nil {
		return err
	}
	for _, r := range reports {
		if !r.Works {
			return &exitError{code: exitFailure}
		}
	}
	return nil
}

// tryModels asks the model and its fallback apart, so that neither hides that the other fails. An error means that the
// configuration is wrong, or that ctx ended.
func tryModels(ctx context.Context, cfg *config.Config) ([]modelReport, error) {
	var reports []modelReport
	if cfg.LLM.Provider != config.NoModel {
		options := llmOptions(cfg.LLM)
		options.FallbackModel = ""
		names := map[string]string{"llm": cfg.LLM.Model, "fallback": cfg.LLM.FallbackModel}
		for _, use := range []string{"llm", "fallback"} {
			if options.Model = names[use]; options.Model == "" {
				continue
			}
			report, err := tryModel(ctx, use, options)
			if err != nil {
				return nil, err
			}
			reports = append(reports, report)
		}
	}
	if cfg.Embedding.Provider != config.NoModel {
		report, err := tryEmbeddings(ctx, embeddingOptions(cfg))
		if err != nil {
			return nil, err
		}
		reports = append(reports, report)
	}
	return reports, nil
}

func tryModel(ctx context.Context, use string, o llm.Options) (modelReport, error) {
	client, err := llm.New(o)
	if err != nil {
		return modelReport{}, err
	}
	probe, err := services.ProbeModel(ctx, client)
	if ctx.Err() != nil {
		return modelReport{}, ctx.Err()
	}
	r := modelReport{
		Use: use, Provider: o.Provider, Model: o.Model, Works: err == nil, Duration: probe.Duration.Milliseconds(),
		Streaming: probe.Pieces > 1, FirstPiece: probe.FirstText.Milliseconds(),
		PromptTokens: probe.Usage.PromptTokens, CompletionTokens: probe.Usage.CompletionTokens,
	}
	if err == nil {
		r.Structured = services.StructuredBy(client)
		return r, nil
	}
	names := modelVariables{"LLM_API_KEY", "LLM_MODEL", "LLM_BASE_URL"}
	if use == "fallback" {
		names.model = "LLM_FALLBACK_MODEL"
	}
	r.Failure, r.Advice = explain(err, names, o.Timeout)
	return r, nil
}

func tryEmbeddings(ctx context.Context, o llm.EmbeddingOptions) (modelReport, error) {
	embedder, err := llm.NewEmbedder(o)
	if err != nil {
		return modelReport{}, err
	}
	started := time.Now()
	vectors, usage, err := embedder.Embed(ctx, []string{"A sentence to embed."})
	if ctx.Err() != nil {
		return modelReport{}, ctx.Err()
	}
	r := modelReport{
		Use: "embedding", Provider: o.Provider, Model: o.Model, Works: err == nil,
		Duration: time.Since(started).Milliseconds(), PromptTokens: usage.PromptTokens,
	}
	if err == nil {
		r.Dimensions = len(vectors[0])
		return r, nil
	}
	r.Failure, r.Advice = explain(err, modelVariables{"EMBEDDING_API_KEY", "EMBEDDING_MODEL", "EMBEDDING_BASE_URL"}, o.Timeout)
	return r, nil
}

// modelVariables are the settings that advice names.
type modelVariables struct{ key, model, address string }

// explain says in plain words why a call failed, and what to do about it.
func explain(err error, names modelVariables, timeout time.Duration) (failure, advice string) {
	var failed *llm.Error
	if !errors.As(err, &failed) {
		return "failed", "the call failed: " + err.Error()
	}
	switch failed.Failure {
	case llm.FailureRefused:
		advice = explainRefusal(failed, names)
	case llm.FailureRateLimited:
		advice = "the provider takes no more requests for now, or the account has no credit left"
		if failed.RetryAfter > 0 {
			advice += "; it says to try again in " + failed.RetryAfter.String()
		}
	case llm.FailureUnavailable:
		if advice = fmt.Sprintf("the provider fails with status %d; try again later", failed.Status); failed.Status == 0 {
			advice = "can't connect" + reason(failed) + ": see that the server runs, and check " + names.address
		}
	case llm.FailureTimeout:
		advice = fmt.Sprintf("no answer within %s: take a faster model, or raise LLM_TIMEOUT", timeout)
	case llm.FailurePartial:
		advice = "the answer broke off" + reason(failed) + ": try again, or take another model"
	case llm.FailureInvalid:
		advice = "it answers, but not in the form it is asked for, even when told what is wrong: take a model that writes JSON, and check " + names.address
	default:
		advice = "the call failed" + reason(failed)
	}
	return string(failed.Failure), advice
}

func explainRefusal(failed *llm.Error, names modelVariables) string {
	switch failed.Status {
	case 0:
		return "the call was refused" + reason(failed) + ": check " + names.address + " and " + names.model
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Sprintf("the provider refuses the key (status %d): check %s", failed.Status, names.key)
	case http.StatusPaymentRequired:
		return "the provider asks for credit (status 402): see to the account"
	case http.StatusNotFound:
		return "the provider does not know this model, or not at this address (status 404): check " + names.model + " and " + names.address
	}
	return fmt.Sprintf("the provider refuses the request (status %d): check %s and %s", failed.Status, names.model, names.address)
}

// reason adds the cause of a failure; it quotes neither addresses nor answers.
func reason(failed *llm.Error) string {
	if cause := failed.Unwrap(); cause != nil {
		return " (" + cause.Error() + ")"
	}
	return ""
}

func writeModelReports(w io.Writer, reports []modelReport) error {
	for _, r := range reports {
		name := r.Provider + " " + r.Model
		if r.Use != "llm" {
			name = r.Use + " " + name
		}
		if _, err := fmt.Fprintln(w, name+": "+r.summary()); err != nil {
			return err
		}
	}
	return nil
}

func (r modelReport) summary() string {
	switch {
	case !r.Works:
		return "does not work: " + r.Advice
	case r.Use == "embedding":
		return fmt.Sprintf("answers in %d ms, %d dimensions, tokens %d", r.Duration, r.Dimensions, r.PromptTokens)
	}
	streaming := "no"
	if r.Streaming {
		streaming = fmt.Sprintf("yes (first piece %d ms)", r.FirstPiece)
	}
	return fmt.Sprintf("answers in %d ms, structured yes (%s), streaming %s, tokens %d+%d",
		r.Duration, r.Structured, streaming, r.PromptTokens, r.CompletionTokens)
}
