package llm_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
)

// wait bounds what a test waits for; nothing is asserted about the time it takes.
const wait = 20 * time.Second

func TestStreamBreaksAfterText(t *testing.T) {
	endings := map[string]llmtest.Ending{"drop": llmtest.Drop, "early end": llmtest.EndEarly, "error event": llmtest.ErrorEvent}
	for name, ending := range endings {
		t.Run(name, func(t *testing.T) {
			fallback := func(o *llm.Options) { o.FallbackModel = "second" }
			eachProvider(t, fallback, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
				s.Answer(llmtest.Reply{Pieces: []string{"one ", "two ", "three"}, Then: ending, After: 2})
				var heard listener
				response, err := c.Generate(t.Context(), question(), heard.hear)
				requireFailure(t, err, llm.FailurePartial)
				assert.Empty(t, response.Text)
				assert.Equal(t, "one two ", heard.text(), "nothing is heard twice")
				assert.Equal(t, 1, s.Calls(), "neither retried nor asked elsewhere")
				assert.Positive(t, response.Usage.PromptTokens, "what was written is paid for")
			})
		})
	}
}

func TestStreamBreaksBeforeText(t *testing.T) {
	endings := map[string]llmtest.Ending{"drop": llmtest.Drop, "early end": llmtest.EndEarly, "error event": llmtest.ErrorEvent}
	for name, ending := range endings {
		t.Run(name, func(t *testing.T) {
			eachProvider(t, nil, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
				s.Answer(llmtest.Reply{Text: "lost", Then: ending}, llmtest.Text("found"))
				var heard listener
				response, err := c.Generate(t.Context(), question(), heard.hear)
				require.NoError(t, err)
				assert.Equal(t, "found", response.Text)
				assert.Equal(t, "found", heard.text())
				assert.Equal(t, 2, s.Calls())
			})
		})
	}
}

func TestLongLines(t *testing.T) {
	for name, length := range map[string]int{"64 kB": 64 << 10, "80 kB": 80_000, "256 kB": 256 << 10} {
		t.Run(name, func(t *testing.T) {
			eachProvider(t, nil, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
				pieces := []string{"a", strings.Repeat("ä<", length/2), "z"}
				s.Answer(llmtest.Pieces(pieces...))
				text := strings.Join(pieces, "")
				var heard listener
				response, err := c.Generate(t.Context(), question(), heard.hear)
				require.NoError(t, err)
				assert.True(t, text == response.Text, "the whole text arrives")
				assert.Equal(t, len(text), len(heard.text()))

				response, err = c.Generate(t.Context(), question(), nil)
				require.NoError(t, err)
				assert.True(t, text == response.Text, "not streamed too")
			})
		})
	}
}

func TestTextIsHeardWhileTheModelWrites(t *testing.T) {
	for name, s := range map[string]*llm.Schema{"text": nil, "schema": schema()} {
		t.Run(name, func(t *testing.T) {
			eachProvider(t, nil, func(t *testing.T, server *llmtest.Server, c *llm.Client) {
				// The server goes on only after the first piece was heard.
				release := make(chan struct{})
				server.Answer(llmtest.Reply{Pieces: []string{`{"skills":`, `[]}`}, Then: llmtest.Hold, After: 1, Release: release})
				r := question()
				r.Schema = s
				var heard listener
				response, err := c.Generate(t.Context(), r, func(text string) {
					heard.hear(text)
					if len(heard.pieces) == 1 {
						close(release)
					}
				})
				require.NoError(t, err)
				assert.Equal(t, []string{`{"skills":`, `[]}`}, heard.pieces)
				assert.Equal(t, `{"skills":[]}`, response.Text)
			})
		})
	}
}

func TestCancelInMidStream(t *testing.T) {
	eachProvider(t, nil, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
		const runs = 20
		s.Answer(llmtest.Reply{Pieces: []string{"a", "b", "c", "d"}, Then: llmtest.Hold, After: 3})
		for range runs {
			ctx, cancel := context.WithCancel(t.Context())
			n := 0
			response, err := c.Generate(ctx, question(), func(string) {
				if n++; n == 2 {
					cancel()
				}
			})
			cancel()
			requireFailure(t, err, llm.FailureCancelled)
			require.ErrorIs(t, err, context.Canceled)
			require.Empty(t, response.Text)
		}
		assert.Equal(t, runs, s.Calls())
		assert.Eventually(t, func() bool { return s.Cancelled() == runs }, wait, time.Millisecond, "the provider is told")
	})
}

func TestCancelAtTheEnd(t *testing.T) {
	eachProvider(t, nil, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
		s.Answer(llmtest.Pieces("a", "b"))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		_, err := c.Generate(ctx, question(), func(text string) {
			if text == "b" {
				cancel()
			}
		})
		require.ErrorIs(t, err, context.Canceled)
	})
}

func TestCancelBeforeTheAnswer(t *testing.T) {
	for name, onText := range map[string]func(string){"whole": nil, "streamed": func(string) {}} {
		t.Run(name, func(t *testing.T) {
			eachProvider(t, nil, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
				ctx, cancel := context.WithCancel(t.Context())
				s.Reply(func(llmtest.Request) llmtest.Reply {
					cancel()
					return llmtest.Reply{Text: "late", Then: llmtest.Hold}
				})
				_, err := c.Generate(ctx, question(), onText)
				requireFailure(t, err, llm.FailureCancelled)
				require.ErrorIs(t, err, context.Canceled)
				assert.Equal(t, 1, s.Calls())
				assert.Eventually(t, func() bool { return s.Cancelled() == 1 }, wait, time.Millisecond)
			})
		})
	}
}

func TestDeadline(t *testing.T) {
	cases := map[string]llmtest.Reply{
		"before the answer": {Text: "late", Then: llmtest.Hold},
		"in mid-stream":     {Pieces: []string{"a", "b"}, Then: llmtest.Hold, After: 1},
	}
	for name, reply := range cases {
		for _, provider := range providers() {
			t.Run(name+"/"+provider, func(t *testing.T) {
				// A deadline that ends before the answer has got so far is longer the next time.
				for timeout := 50 * time.Millisecond; timeout < wait; timeout *= 2 {
					if endsAtTheDeadline(t, provider, reply, timeout) {
						return
					}
				}
				require.Fail(t, "the answer never got so far")
			})
		}
	}
}

// endsAtTheDeadline asks a server whose reply never ends, and tells whether the reply had got as far as it does.
func endsAtTheDeadline(t *testing.T, provider string, reply llmtest.Reply, timeout time.Duration) bool {
	t.Helper()
	s := llmtest.New(t)
	s.Answer(reply)
	c := newClient(t, s, provider, func(o *llm.Options) { o.Timeout = timeout; o.FallbackModel = "second" })
	var heard listener
	response, err := c.Generate(t.Context(), question(), heard.hear)
	requireFailure(t, err, llm.FailureTimeout)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Empty(t, response.Text)
	require.LessOrEqual(t, s.Calls(), 1, "neither retried nor asked elsewhere")
	return s.Calls() == 1 && len(heard.pieces) == reply.After
}

func TestCallersDeadline(t *testing.T) {
	eachProvider(t, nil, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
		s.Answer(llmtest.Reply{Text: "late", Then: llmtest.Hold})
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		defer cancel()
		_, err := c.Generate(ctx, question(), nil)
		requireFailure(t, err, llm.FailureTimeout)
	})
}

// Servers that stream without being asked, and the other way round, are understood.
func TestServersThatChooseTheForm(t *testing.T) {
	const whole = `{"choices":[{"message":{"content":"hello"},"finish_reason":"stop"}]}`
	const events = "\n: hi\r\n\r\ndata: {\"choices\":[{\"delta\":\r\ndata: {\"content\":\"hello\"}}]}\r\n\r\n" +
		"data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}"
	s := llmtest.New(t)
	c := newClient(t, s, llm.OpenAI, nil)
	for name, body := range map[string]string{"whole": whole, "events": events} {
		t.Run(name, func(t *testing.T) {
			s.Answer(llmtest.Reply{Body: body})
			var heard listener
			for _, onText := range []func(string){nil, heard.hear} {
				response, err := c.Generate(t.Context(), question(), onText)
				require.NoError(t, err)
				assert.Equal(t, "hello", response.Text)
			}
			assert.Equal(t, "hello", heard.text())
		})
	}
}

// BenchmarkFirstText measures from the provider's first token to its arrival at the caller.
func BenchmarkFirstText(b *testing.B) {
	for _, provider := range providers() {
		b.Run(provider, func(b *testing.B) {
			s := llmtest.New(b)
			c := newClient(b, s, provider, nil)
			var sent atomic.Int64
			s.Reply(func(llmtest.Request) llmtest.Reply {
				sent.Store(time.Now().UnixNano())
				return llmtest.Pieces("first", "second")
			})
			var total time.Duration
			for b.Loop() {
				first := true
				_, err := c.Generate(b.Context(), question(), func(string) {
					if first {
						total += time.Since(time.Unix(0, sent.Load()))
						first = false
					}
				})
				require.NoError(b, err)
			}
			b.ReportMetric(float64(total.Microseconds())/float64(b.N), "µs-to-first-text")
		})
	}
}
