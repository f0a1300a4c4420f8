package llm

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A name can point elsewhere after it was checked, so each connection is checked again.
func TestConnectionsStayLocal(t *testing.T) {
	addresses := map[string]bool{
		"127.0.0.1:80": true, "[::1]:80": true, "10.0.0.1:80": true, "172.16.0.1:80": true, "192.168.1.1:80": true,
		"[fd00::1]:80": true, "169.254.1.1:80": true, "[fe80::1%eth0]:80": true, "[::ffff:10.0.0.1]:80": true,
		"192.0.2.1:80": false, "172.32.0.1:80": false, "[2001:db8::1]:80": false, "[::ffff:192.0.2.1]:80": false,
		"0.0.0.0:80": false, "": false, "host:80": false,
	}
	for address, local := range addresses {
		assert.Equal(t, local, refusePublic("tcp", address, nil) == nil, address)
	}

	e := endpoint{url: "http://192.0.2.1/v1", localOnly: true}
	tripper := e.roundTripper()
	assert.Nil(t, tripper.Proxy)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, e.url, nil)
	require.NoError(t, err)
	response, err := tripper.RoundTrip(request)
	if err == nil {
		response.Body.Close()
	}
	require.ErrorIs(t, err, errPublicAddress)
	assert.Equal(t, FailureRefused, connectionError(t.Context(), err).Failure)
}

// However a body looks, what counts as an answer is complete, and is what was streamed.
func FuzzRead(f *testing.F) {
	seeds := []string{
		`{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}`,
		"data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
		"data: {\"choices\":[{\"delta\":{\"refusal\":\"no\"}}]}\n\ndata: {\"error\":{\"code\":\"429\"}}\n\n",
		`{"type":"message","content":[{"type":"tool_use","input":{"a":1}}],"stop_reason":"tool_use"}`,
		"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}\n\n" +
			"data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\ndata: {\"type\":\"message_stop\"}\n\n",
		"{\"message\":{\"content\":\"a\"}}\n{\"message\":{\"content\":\"b\"},\"done\":true,\"done_reason\":\"length\"}\n",
		`{"error":"no"}`, ": x\r\n\r\n", "data:", "[", "", "\xff",
	}
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, p := range []protocol{openAIProtocol{}, anthropicProtocol{}, ollamaProtocol{}} {
			var heard strings.Builder
			a := answer{emit: func(text string) { heard.WriteString(text) }}
			err := p.read(newSource(strings.NewReader(body)), &a)
			if heard.String() != a.text.String() {
				t.Fatal("the streamed text differs from the answer")
			}
			if a.check(context.Background(), err) == nil && (a.ending != complete || strings.TrimSpace(a.text.String()) == "") {
				t.Fatal("an incomplete answer counts as one")
			}
		}
	})
}
