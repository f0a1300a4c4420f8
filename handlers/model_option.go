package handlers

import "resume-matcher/services"

// ModelOption says whether a language model may, must or must not be used.
type ModelOption struct {
	UseLLM     *bool `form:"use_llm" doc:"Whether to use the language model; by default it is used where one is configured."`
	RequireLLM bool  `form:"require_llm" doc:"Fail with AI_PROVIDER_UNAVAILABLE, AI_TIMEOUT or AI_BUDGET_EXCEEDED rather than answer without a language model."`
}

// check refuses a request that both demands and forbids the model.
func (o ModelOption) check() error {
	if o.RequireLLM && o.UseLLM != nil && !*o.UseLLM {
		return invalid("The request is not valid.", "use_llm: must not be false with require_llm")
	}
	return nil
}

// wantsModel tells whether the request asks for a model in so many words.
func (o ModelOption) wantsModel() bool { return o.UseLLM != nil && *o.UseLLM }

func (o ModelOption) use() services.ModelUse {
	switch {
	case o.RequireLLM:
		return services.ModelRequired
	case o.UseLLM != nil && !*o.UseLLM:
		return services.ModelNever
	}
	return services.ModelAuto
}

// ReadingOption says whether a language model may complete what is read in a document.
type ReadingOption struct {
	UseLLM *bool `form:"use_llm" doc:"Whether the language model completes what is read in the text; by default it does where one is configured. Without an answer of it the request succeeds with a warning."`
}

func (o ReadingOption) use() services.ModelUse { return ModelOption{UseLLM: o.UseLLM}.use() }

// listed returns a list that is [] and not null in an answer.
func listed(texts []string) []string { return append([]string{}, texts...) }
