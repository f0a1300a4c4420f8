package llm

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tmc/langchaingo/llms"

	"resume-matcher/models"
)

// defaultTimeout bounds a call when Options don't.
const defaultTimeout = time.Minute

// Client asks the models of one provider. It is safe for concurrent use.
type Client struct {
	provider string
	options  Options
	protocol protocol
	model    llms.Model
	first    *target
	// fallback is nil when there is none.
	fallback *target
	backoff  time.Duration
}

var _ Generator = (*Client)(nil)

// target is one model of the provider.
type target struct {
	name string
	// without remembers the features that this model or its server declined.
	without atomic.Uint32
}

// New checks the options and returns a client that has not asked anything yet. An error is a *models.Error of
// KindValidation that names the variable of the environment.
func New(o Options) (*Client, error) {
	names := variables{"LLM_PROVIDER", "LLM_MODEL", "LLM_BASE_URL", "LLM_API_KEY"}
	switch {
	case o.Provider != OpenAI && o.Provider != Anthropic && o.Provider != Ollama:
		return nil, models.NewError(models.KindValidation, names.provider+" must be "+OpenAI+", "+Anthropic+" or "+Ollama)
	case strings.TrimSpace(o.Model) == "":
		return nil, models.NewError(models.KindValidation, names.model+" must name a model")
	}
	address, err := newEndpoint(names, o.Provider, o.BaseURL, o.APIKey, o.LocalOnly)
	if err != nil {
		return nil, err
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	c := &Client{provider: o.Provider, options: o, protocol: newProtocol(o.Provider, address), backoff: firstBackoff}
	c.model, err = c.protocol.model(&http.Client{Transport: &transport{protocol: c.protocol, next: address.roundTripper()}})
	if err != nil {
		return nil, models.WrapError(models.KindValidation, names.provider+" can't be used with these settings", err)
	}
	c.first = &target{name: strings.TrimSpace(o.Model)}
	if name := strings.TrimSpace(o.FallbackModel); name != "" && name != c.first.name {
		c.fallback = &target{name: name}
	}
	return c, nil
}

// Provider returns the provider's name, as in Options.
func (c *Client) Provider() string { return c.provider }

// Model returns the name of the model that is asked first.
func (c *Client) Model() string { return c.first.name }

// DeclinesSchemas tells that the model or its server was found to take no JSON Schema, so that it stands in the prompt.
func (c *Client) DeclinesSchemas() bool { return features(c.first.without.Load()).has(featureSchema) }

// Generate asks the model, and its fallback where that may help and no text was heard yet. The answer is streamed when
// onText is not nil; it is called from this goroutine. A failure is an *Error; Response.Usage then holds what the call
// cost nevertheless. Where a server counts no tokens they are estimated at four bytes each.
func (c *Client) Generate(ctx context.Context, r Request, onText func(string)) (Response, error) {
	ctx, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()
	response, err := c.ask(ctx, c.first, r, onText)
	if c.fallback == nil || !otherModelMayHelp(err) || ctx.Err() != nil {
		return response, err
	}
	second, secondErr := c.ask(ctx, c.fallback, r, onText)
	if secondErr != nil && second.Usage == (Usage{}) && ctx.Err() == nil {
		// What is wrong with the configured model says more than what is wrong with its substitute.
		return response, err
	}
	return second, secondErr
}

func otherModelMayHelp(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && (failed.temporary() || failed.unknownModel)
}

// ask asks one model, with retries, and learns which features it declines.
func (c *Client) ask(ctx context.Context, t *target, r Request, onText func(string)) (Response, error) {
	without := features(t.without.Load())
	response := Response{Model: t.name}
	err := retry(ctx, c.backoff, func() error {
		for {
			x, text, err := c.attempt(ctx, t, r, without, onText)
			response.Text, response.Usage = text, x.tokens()
			declined := x.declined.next(without)
			if err == nil || declined == 0 {
				return err
			}
			without |= declined
		}
	})
	if err == nil {
		// Only now is it clear that the features were to blame.
		t.without.Or(uint32(without))
	}
	return response, err
}

// attempt makes one request.
func (c *Client) attempt(ctx context.Context, t *target, r Request, without features, onText func(string)) (*exchange, string, error) {
	x := &exchange{
		schema: r.Schema, stream: onText != nil, without: without, answer: answer{emit: onText}, maxTokens: c.options.MaxOutputTokens,
	}
	if r.MaxOutputTokens > 0 {
		x.maxTokens = r.MaxOutputTokens
	}
	messages := conversation(r, without, x)
	options := []llms.CallOption{llms.WithModel(t.name), llms.WithTemperature(c.options.Temperature)}
	if x.maxTokens > 0 {
		options = append(options, llms.WithMaxTokens(x.maxTokens))
	}
	result, err := c.model.GenerateContent(withExchange(ctx, x), messages, options...)
	switch {
	case x.failure != nil:
		return x, "", x.failure
	case contextError(ctx) != nil:
		return x, "", contextError(ctx)
	case err != nil || len(result.Choices) == 0:
		// Its message can quote what it was given.
		return x, "", &Error{Failure: FailureRefused, cause: errLibrary}
	}
	return x, result.Choices[0].Content, nil
}

// conversation converts the messages, the system's first and in one, and measures them.
func conversation(r Request, without features, x *exchange) []llms.MessageContent {
	var system []string
	var turns []llms.MessageContent
	for _, m := range r.Messages {
		switch {
		case m.Text == "":
		case m.Role == System:
			system = append(system, m.Text)
		case m.Role == Assistant:
			turns = append(turns, llms.TextParts(llms.ChatMessageTypeAI, m.Text))
		default:
			turns = append(turns, llms.TextParts(llms.ChatMessageTypeHuman, m.Text))
		}
		x.promptBytes += len(m.Text)
	}
	if r.Schema != nil {
		x.promptBytes += len(r.Schema.JSON)
		if without.has(featureSchema) {
			system = append(system, "Answer with one JSON object that keeps this JSON Schema, and with no other text:\n"+string(r.Schema.JSON))
		}
	}
	if len(system) == 0 {
		return turns
	}
	return append([]llms.MessageContent{llms.TextParts(llms.ChatMessageTypeSystem, strings.Join(system, "\n\n"))}, turns...)
}
