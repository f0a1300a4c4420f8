package cmd

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
)

const goodNumbers = `{"numbers": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}`

// modelEnvironment configures a provider that the scripted server plays.
func modelEnvironment(s *llmtest.Server, provider string) map[string]string {
	return map[string]string{
		"LLM_PROVIDER": provider, "LLM_MODEL": llmtest.Model, "LLM_API_KEY": "test-secret-key", "LLM_BASE_URL": s.BaseURL(provider),
	}
}

// runLLMTest runs `llm test` with the given environment alone.
func runLLMTest(t *testing.T, environment map[string]string, args ...string) (code int, out, errOut string) {
	t.Helper()
	inFolderWith(t, "")
	for name, value := range environment {
		t.Setenv(name, value)
	}
	code, out, errOut = run(t, "", append([]string{"llm", "test"}, args...)...)
	assert.NotContains(t, out+errOut, "test-secret-key")
	return code, out, errOut
}

func TestLLMTestSaysInOneLineWhatWorks(t *testing.T) {
	for _, provider := range []string{llm.OpenAI, llm.Anthropic, llm.Ollama} {
		t.Run(provider, func(t *testing.T) {
			s := llmtest.New(t)
			s.Answer(llmtest.Text(goodNumbers))
			code, out, errOut := runLLMTest(t, modelEnvironment(s, provider))
			assert.Equal(t, exitOK, code, out+errOut)
			assert.Regexp(t, `^`+provider+` test-model: answers in \d+ ms, structured yes \(schema\), streaming yes \(first piece \d+ ms\), tokens 11\+7\n$`, out)
			assert.Empty(t, errOut)
			assert.Equal(t, 1, s.Calls())
		})
	}
}

func TestLLMTestOfAServerThatTakesNoSchema(t *testing.T) {
	s := llmtest.New(t)
	s.Reply(func(q llmtest.Request) llmtest.Reply {
		if q.Schema != nil {
			return llmtest.Unsupported("response_format")
		}
		return llmtest.Text("Here you are:\n" + goodNumbers)
	})
	code, out, _ := runLLMTest(t, modelEnvironment(s, llm.OpenAI))
	assert.Equal(t, exitOK, code, out)
	assert.Contains(t, out, "structured yes (prompt)")
}

func TestLLMTestOfAModelThatDoesNotStream(t *testing.T) {
	s := llmtest.New(t)
	s.Answer(llmtest.Pieces(goodNumbers))
	code, out, _ := runLLMTest(t, modelEnvironment(s, llm.OpenAI))
	assert.Equal(t, exitOK, code, out)
	assert.Contains(t, out, "streaming no,")
}

func TestLLMTestSaysWhatToDo(t *testing.T) {
	stopped := httptest.NewServer(http.NotFoundHandler())
	stopped.Close()
	for name, test := range map[string]struct {
		reply       llmtest.Reply
		environment map[string]string
		failure     llm.Failure
		want        []string
	}{
		"wrong key":          {llmtest.Failure(401, ""), nil, llm.FailureRefused, []string{"refuses the key (status 401)", "check LLM_API_KEY"}},
		"forbidden":          {llmtest.Failure(403, ""), nil, llm.FailureRefused, []string{"refuses the key (status 403)"}},
		"no credit":          {llmtest.Failure(402, ""), nil, llm.FailureRefused, []string{"asks for credit"}},
		"unknown model":      {llmtest.Failure(404, ""), nil, llm.FailureRefused, []string{"does not know this model", "LLM_MODEL and LLM_BASE_URL"}},
		"bad request":        {llmtest.Failure(400, ""), nil, llm.FailureRefused, []string{"refuses the request (status 400)"}},
		"rate limited":       {llmtest.Failure(429, "3600"), nil, llm.FailureRateLimited, []string{"no more requests", "try again in 1h0m0s"}},
		"server fails":       {llmtest.Failure(503, "3600"), nil, llm.FailureUnavailable, []string{"fails with status 503"}},
		"no server":          {llmtest.Reply{}, map[string]string{"LLM_BASE_URL": stopped.URL}, llm.FailureUnavailable, []string{"can't connect (connection refused)", "check LLM_BASE_URL"}},
		"too slow":           {llmtest.Reply{Then: llmtest.Hold}, map[string]string{"LLM_TIMEOUT": "1"}, llm.FailureTimeout, []string{"no answer within 1s", "raise LLM_TIMEOUT"}},
		"cut off":            {llmtest.Reply{Text: goodNumbers, Then: llmtest.Drop, After: 2}, nil, llm.FailurePartial, []string{"broke off"}},
		"no structured JSON": {llmtest.Text("One, two, three!"), nil, llm.FailureInvalid, []string{"not in the form it is asked for", "take a model that writes JSON"}},
		"declined":           {llmtest.Reply{Refusal: "I can't count."}, nil, llm.FailureRefused, []string{"declines"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := llmtest.New(t)
			s.Answer(test.reply)
			environment := modelEnvironment(s, llm.OpenAI)
			maps.Copy(environment, test.environment)
			code, out, errOut := runLLMTest(t, environment)
			assert.Equal(t, exitFailure, code, errOut)
			assert.True(t, strings.HasPrefix(out, "openai test-model: does not work: "), out)
			assert.Equal(t, 1, strings.Count(out, "\n"))
			for _, want := range test.want {
				assert.Contains(t, out, want)
			}
			assert.NotContains(t, out, "127.0.0.1")

			s.Answer(test.reply)
			code, out, _ = runLLMTest(t, environment, "--format", "json")
			assert.Equal(t, exitFailure, code)
			var reports []modelReport
			require.NoError(t, json.Unmarshal([]byte(out), &reports))
			require.Len(t, reports, 1)
			assert.False(t, reports[0].Works)
			assert.Equal(t, string(test.failure), reports[0].Failure)
		})
	}
}

func TestLLMTestAsksTheFallbackToo(t *testing.T) {
	s := llmtest.New(t)
	s.Reply(func(q llmtest.Request) llmtest.Reply {
		if q.Model == "other-model" {
			return llmtest.Failure(404, "")
		}
		return llmtest.Text(goodNumbers)
	})
	environment := modelEnvironment(s, llm.OpenAI)
	environment["LLM_FALLBACK_MODEL"] = "other-model"
	code, out, _ := runLLMTest(t, environment)
	assert.Equal(t, exitFailure, code)
	assert.Contains(t, out, "openai test-model: answers")
	assert.Contains(t, out, "fallback openai other-model: does not work: the provider does not know this model")
	assert.Contains(t, out, "LLM_FALLBACK_MODEL")
}

func TestLLMTestOfEmbeddings(t *testing.T) {
	s := llmtest.New(t)
	environment := map[string]string{"EMBEDDING_PROVIDER": "ollama", "EMBEDDING_MODEL": "e", "EMBEDDING_BASE_URL": s.BaseURL(llm.Ollama)}
	code, out, errOut := runLLMTest(t, environment)
	assert.Equal(t, exitOK, code, errOut)
	assert.Regexp(t, `^embedding ollama e: answers in \d+ ms, 64 dimensions, tokens \d+\n$`, out)

	s.ReplyEmbeddings(func(llmtest.Request) llmtest.Reply { return llmtest.Failure(401, "") })
	code, out, _ = runLLMTest(t, environment)
	assert.Equal(t, exitFailure, code)
	assert.Contains(t, out, "check EMBEDDING_API_KEY")
}

func TestLLMTestAsJSON(t *testing.T) {
	s := llmtest.New(t)
	s.Answer(llmtest.Text(goodNumbers))
	environment := modelEnvironment(s, llm.OpenAI)
	environment["EMBEDDING_PROVIDER"], environment["EMBEDDING_MODEL"], environment["EMBEDDING_BASE_URL"] = llm.OpenAI, "e", s.BaseURL(llm.OpenAI)
	code, out, errOut := runLLMTest(t, environment, "--format", "json")
	require.Equal(t, exitOK, code, errOut)
	var reports []modelReport
	require.NoError(t, json.Unmarshal([]byte(out), &reports))
	require.Len(t, reports, 2)
	for i := range reports {
		reports[i].Duration, reports[i].FirstPiece = 0, 0
	}
	assert.Equal(t, modelReport{
		Use: "llm", Provider: "openai", Model: "test-model", Works: true, Structured: "schema", Streaming: true, PromptTokens: 11, CompletionTokens: 7,
	}, reports[0])
	assert.Equal(t, 64, reports[1].Dimensions)
	assert.Equal(t, "Bearer test-secret-key", s.Last().Header.Get("Authorization"), "the same server takes the same key")
}

func TestLLMTestWithoutAUsableConfiguration(t *testing.T) {
	for name, test := range map[string]struct {
		environment map[string]string
		args        []string
		want        string
	}{
		"nothing configured": {nil, nil, "set LLM_PROVIDER"},
		"no key":             {map[string]string{"LLM_PROVIDER": "openai", "LLM_MODEL": "m"}, nil, "LLM_API_KEY"},
		"a public address":   {map[string]string{"LLM_PROVIDER": "ollama", "LLM_MODEL": "m", "LLM_BASE_URL": "http://203.0.113.9", "LLM_LOCAL_ONLY": "true"}, nil, "LLM_BASE_URL"},
		"a query":            {map[string]string{"LLM_PROVIDER": "ollama", "LLM_MODEL": "m", "LLM_BASE_URL": "http://127.0.0.1:1/?q=1"}, nil, "LLM_BASE_URL"},
		"wrong format":       {nil, []string{"--format", "xml"}, "--format"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errOut := runLLMTest(t, test.environment, test.args...)
			assert.Equal(t, exitUsage, code)
			assert.Empty(t, out)
			assert.Contains(t, errOut, test.want)
		})
	}
}
