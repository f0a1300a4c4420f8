package llm

import (
	_ "github.com/santhosh-tekuri/jsonschema/v6"
	_ "github.com/tmc/langchaingo/llms/anthropic"
	_ "github.com/tmc/langchaingo/llms/ollama"
	_ "github.com/tmc/langchaingo/llms/openai"
	_ "golang.org/x/sync/singleflight"
)
