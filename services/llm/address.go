package llm

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"resume-matcher/models"
)

// The providers' own addresses.
const (
	openAIURL    = "https://api.openai.com/v1"
	anthropicURL = "https://api.anthropic.com/v1"
	ollamaURL    = "http://127.0.0.1:11434"
)

// lookupTimeout bounds the resolution of a name when a client is made.
const lookupTimeout = 5 * time.Second

// variables are the names of a model's settings in the environment, for errors.
type variables struct{ provider, model, baseURL, key string }

// endpoint is a checked address and the key it takes.
type endpoint struct {
	url string
	key string
	// own tells that it is the provider's own address.
	own       bool
	localOnly bool
}

// newEndpoint checks the address of a provider. An openai or anthropic address without a path gets "/v1".
func newEndpoint(names variables, provider, address, key string, localOnly bool) (endpoint, error) {
	defaults := map[string]string{OpenAI: openAIURL, Anthropic: anthropicURL, Ollama: ollamaURL}
	e := endpoint{url: strings.TrimRight(strings.TrimSpace(address), "/"), key: strings.TrimSpace(key), localOnly: localOnly}
	if e.url == "" {
		e.url = defaults[provider]
	}
	e.own = e.url == defaults[provider]
	u, err := url.Parse(e.url)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return endpoint{}, models.NewError(models.KindValidation, names.baseURL+" must be an http or https address without user, query or fragment")
	}
	if u.Path == "" && provider != Ollama {
		e.url += "/v1"
	}
	if strings.ContainsFunc(e.key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return endpoint{}, models.NewError(models.KindValidation, names.key+" must be one word of ASCII characters")
	}
	if e.key == "" && e.own && provider != Ollama {
		return endpoint{}, models.NewError(models.KindValidation, names.key+" must be set: this provider asks for a key")
	}
	if localOnly {
		return e, checkLocal(names, u.Hostname())
	}
	return e, nil
}

// checkLocal refuses a host that has any public address, or none that is known.
func checkLocal(names variables, host string) error {
	ctx, cancel := context.WithTimeout(context.Background(), lookupTimeout)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil || len(addresses) == 0 {
		return models.NewError(models.KindValidation, names.baseURL+" names a host that can't be resolved, so it can't be shown to be local as LLM_LOCAL_ONLY demands")
	}
	for _, address := range addresses {
		if !isLocal(address) {
			return models.NewError(models.KindValidation, names.baseURL+" must be a loopback or private address, since LLM_LOCAL_ONLY is true")
		}
	}
	return nil
}

// isLocal tells loopback, private (RFC 1918, RFC 4193) and link-local addresses from public ones.
func isLocal(address netip.Addr) bool {
	address = address.Unmap()
	return address.IsLoopback() || address.IsPrivate() || address.IsLinkLocalUnicast()
}

// refusePublic stops a connection to a public address once its name is resolved: a name that was local when it was
// checked can point elsewhere later.
func refusePublic(_, address string, _ syscall.RawConn) error {
	remote, err := netip.ParseAddrPort(address)
	if err != nil || !isLocal(remote.Addr()) {
		return errPublicAddress
	}
	return nil
}

// The bounds of connections to a provider.
const (
	dialTimeout        = 10 * time.Second
	idleTimeout        = 90 * time.Second
	maxConnections     = 64
	maxIdleConnections = 16
	maxHeaderBytes     = 64 << 10
)

// roundTripper returns the connections to an endpoint; a local one is reached without a proxy.
func (e endpoint) roundTripper() *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout}
	t := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    dialTimeout,
		IdleConnTimeout:        idleTimeout,
		MaxConnsPerHost:        maxConnections,
		MaxIdleConnsPerHost:    maxIdleConnections,
		MaxResponseHeaderBytes: maxHeaderBytes,
		ForceAttemptHTTP2:      true,
		// A compressed stream reaches us late, in blocks.
		DisableCompression: true,
	}
	if e.localOnly {
		t.Proxy = nil
		dialer.Control = refusePublic
	}
	return t
}
