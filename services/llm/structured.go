package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// Answer is a model's answer that keeps its schema.
type Answer struct {
	// JSON is the object alone, without whatever the model wrote around it.
	JSON  string
	Model string
	// Usage sums the first call and the repair.
	Usage Usage
	// Repaired tells that the first answer broke the schema.
	Repaired bool
}

// maxQuotedAnswer bounds how much of a wrong answer a model gets to see again.
const maxQuotedAnswer = 64 << 10

// Ask asks g and returns an answer that keeps p.Schema. A wrong one is sent back once with what is wrong about it; if the
// second is wrong too, the error is an *Error with FailureInvalid. Answer.Usage is filled also on errors. onText, if not
// nil, hears the first answer while it is written, not the repaired one.
func Ask(ctx context.Context, g Generator, p Prompt, onText func(string)) (Answer, error) {
	request := Request{Messages: p.Messages, Schema: p.Schema, MaxOutputTokens: p.MaxOutputTokens}
	var answer Answer
	text, err := answer.generate(ctx, g, request, onText)
	if err != nil {
		return answer, err
	}
	problem := answer.read(text, p.Schema)
	if problem == nil || answer.readItems(text, p) {
		return answer, nil
	}
	answer.Repaired = true
	request.Messages = append(slices.Clone(p.Messages), repairMessages(text, problem)...)
	if text, err = answer.generate(ctx, g, request, nil); err != nil {
		return answer, err
	}
	if problem := answer.read(text, p.Schema); problem != nil && !answer.readItems(text, p) {
		return answer, &Error{Failure: FailureInvalid, cause: problem}
	}
	return answer, nil
}

// readItems keeps the items of a list that keep the schema by themselves, if there are any: one that is wrong is no
// reason to throw the others away, or to pay for them again.
func (a *Answer) readItems(text string, p Prompt) bool {
	candidates, _ := findJSON(text)
	if p.Items == "" || len(candidates) != 1 {
		return false
	}
	var fields map[string]json.RawMessage
	var items []json.RawMessage
	if json.Unmarshal([]byte(candidates[0]), &fields) != nil || json.Unmarshal(fields[p.Items], &items) != nil {
		return false
	}
	kept := []json.RawMessage{}
	for _, item := range items {
		alone, err := json.Marshal(map[string]any{p.Items: []json.RawMessage{item}})
		if err == nil && p.Schema.check(string(alone)) == nil {
			kept = append(kept, item)
		}
	}
	whole, err := json.Marshal(map[string]any{p.Items: kept})
	if err != nil || len(kept) == 0 || p.Schema.check(string(whole)) != nil {
		return false
	}
	a.JSON = string(whole)
	return true
}

func (a *Answer) generate(ctx context.Context, g Generator, r Request, onText func(string)) (string, error) {
	response, err := g.Generate(ctx, r, onText)
	a.Usage.PromptTokens += response.Usage.PromptTokens
	a.Usage.CompletionTokens += response.Usage.CompletionTokens
	if response.Model != "" {
		a.Model = response.Model
	}
	return response.Text, err
}

// read keeps the JSON of text if it is the only one that keeps the schema: of two the one that was meant can't be told.
func (a *Answer) read(text string, schema *Schema) error {
	candidates, problem := findJSON(text)
	var kept []string
	for _, candidate := range candidates {
		err := schema.check(candidate)
		if err == nil && !slices.Contains(kept, candidate) {
			kept = append(kept, candidate)
		}
		if problem == nil {
			problem = err
		}
	}
	switch len(kept) {
	case 0:
		return problem
	case 1:
		a.JSON = kept[0]
		return nil
	}
	return errors.New("the answer holds more than one JSON object")
}

// repairMessages go on with a conversation whose last answer was wrong.
func repairMessages(text string, problem error) []Message {
	var messages []Message
	if text = strings.ToValidUTF8(cutAtLine(text, maxQuotedAnswer), ""); strings.TrimSpace(text) != "" {
		messages = append(messages, Message{Role: Assistant, Text: text})
	}
	return append(messages, Message{Role: User, Text: "That answer can't be used: " + problem.Error() +
		".\nAnswer again with one JSON object that keeps the schema, the same content otherwise, and no text around it."})
}

// check validates a JSON text; its error names places and rules, never values.
func (s *Schema) check(text string) error {
	compiled := s.compiled
	if compiled == nil {
		made, err := newSchema(s.Name, s.JSON)
		if err != nil {
			return err
		}
		compiled = made.compiled
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return errSyntax
	}
	var invalid *jsonschema.ValidationError
	if err := compiled.Validate(value); errors.As(err, &invalid) {
		return errors.New(strings.Join(violations(invalid, nil), "; "))
	}
	return nil
}

// maxViolations bounds how many broken rules a model is told of.
const maxViolations = 8

func violations(e *jsonschema.ValidationError, found []string) []string {
	for _, cause := range e.Causes {
		found = violations(cause, found)
	}
	if len(e.Causes) == 0 && len(found) < maxViolations {
		found = append(found, "at /"+strings.Join(e.InstanceLocation, "/")+" "+ruleOf(e.ErrorKind))
	}
	return found
}

// ruleOf words a broken rule without the names and values that the model made up.
func ruleOf(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		return "the value must be of type " + strings.Join(k.Want, " or ")
	case *kind.Required:
		return "these properties are missing: " + strings.Join(k.Missing, ", ")
	case *kind.AdditionalProperties:
		return "there is a property that the schema does not name"
	case *kind.Enum:
		return fmt.Sprintf("the value must be one of %v", k.Want)
	}
	return "the rule " + strings.Join(k.KeywordPath(), "/") + " is broken"
}
