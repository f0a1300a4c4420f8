package handlers

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/gin-gonic/gin"
)

const (
	clientAddressKey = "handlers.client"

	headerForwardedFor   = "X-Forwarded-For"
	headerForwardedProto = "X-Forwarded-Proto"
)

// proxies are the addresses whose word is taken for whom they ask. Every other header that names a client, Forwarded and
// X-Real-IP among them, is ignored: a proxy that doesn't know one passes on what the client wrote there.
type proxies []netip.Prefix

// locate remembers the address of the client for all that follows.
func (p proxies) locate(c *gin.Context) {
	c.Set(clientAddressKey, p.client(c.Request))
	c.Next()
}

// clientOf returns the address of the client, which is not valid where a connection has none.
func clientOf(c *gin.Context) netip.Addr {
	addr, _ := c.Value(clientAddressKey).(netip.Addr)
	return addr
}

// client returns the address that holds the connection or, if that is a trusted proxy, the one it asks for. Each proxy
// appends from whom it was asked, so the list is read from its end for as long as trusted proxies speak; what stands before
// the first stranger is what the stranger made up. Something that is no address ends the list, as nobody knows who wrote it.
func (p proxies) client(r *http.Request) netip.Addr {
	client := parseClient(r.RemoteAddr)
	lines := r.Header.Values(headerForwardedFor)
	for i := len(lines) - 1; i >= 0 && p.trust(client); i-- {
		for rest, more := lines[i], true; more && p.trust(client); {
			var item string
			rest, item, more = cutLast(rest, ",")
			addr := parseClient(item)
			if !addr.IsValid() {
				return client
			}
			client = addr
		}
	}
	return client
}

func (p proxies) trust(addr netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// secure tells whether the client's connection is encrypted, as far as the server or a trusted proxy can tell.
func (p proxies) secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	said := r.Header.Values(headerForwardedProto)
	return len(said) == 1 && strings.EqualFold(said[0], "https") && p.trust(parseClient(r.RemoteAddr))
}

// parseClient reads an address, with or without port and brackets; it is not valid for anything else. An IPv4 address has
// one form only, and the zone of an address says where this machine would send to, not who it is.
func parseClient(text string) netip.Addr {
	text = strings.TrimSpace(text)
	if with, err := netip.ParseAddrPort(text); err == nil {
		return with.Addr().Unmap().WithZone("")
	}
	if inner, ok := strings.CutPrefix(text, "["); ok {
		if inner, ok = strings.CutSuffix(inner, "]"); !ok || !strings.Contains(inner, ":") {
			return netip.Addr{}
		}
		text = inner
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap().WithZone("")
}

// network counts an IPv6 network as one client, since each of its hosts has addresses without end.
func network(addr netip.Addr) string {
	if addr.Is4() || !addr.IsValid() {
		return addr.String()
	}
	return netip.PrefixFrom(addr, 64).Masked().String()
}

// cutLast returns what stands before and after the last separator.
func cutLast(s, separator string) (before, after string, found bool) {
	i := strings.LastIndex(s, separator)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+len(separator):], true
}
