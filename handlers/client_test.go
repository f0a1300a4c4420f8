package handlers

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
)

func testProxies() proxies {
	return proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("fd00::/8")}
}

func TestClientAddress(t *testing.T) {
	const proxy = "10.0.0.1:5000"
	tests := []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"no proxy", "203.0.113.5:4000", nil, "203.0.113.5"},
		{"a stranger's header", "203.0.113.5:4000", []string{"198.51.100.9"}, "203.0.113.5"},
		{"a stranger who claims to be the proxy", "203.0.113.5:4000", []string{"198.51.100.9, 10.0.0.1"}, "203.0.113.5"},
		{"a stranger next to the proxies", "11.0.0.1:4000", []string{"198.51.100.9"}, "11.0.0.1"},
		{"through one proxy", proxy, []string{"203.0.113.5"}, "203.0.113.5"},
		{"through two proxies", proxy, []string{"203.0.113.5, 10.9.9.9"}, "203.0.113.5"},
		{"forged before the proxy's word", proxy, []string{"198.51.100.9, 203.0.113.5"}, "203.0.113.5"},
		{"forged to look like this machine", proxy, []string{"127.0.0.1, 203.0.113.5"}, "203.0.113.5"},
		{"forged to look like a proxy", proxy, []string{"198.51.100.9, 10.0.0.7, 203.0.113.5, 10.0.0.2"}, "203.0.113.5"},
		{"forged in a line of its own", proxy, []string{"198.51.100.9", "203.0.113.5"}, "203.0.113.5"},
		{"lines and lists", proxy, []string{"198.51.100.9, 203.0.113.5", "10.0.0.2,10.0.0.3"}, "203.0.113.5"},
		{"garbage before the proxy's word", proxy, []string{"'; DROP TABLE, \x01, 203.0.113.5"}, "203.0.113.5"},
		{"garbage after it", proxy, []string{"203.0.113.5, unknown"}, "10.0.0.1"},
		{"garbage between proxies", proxy, []string{"203.0.113.5, _hidden, 10.0.0.2"}, "10.0.0.2"},
		{"an empty list", proxy, []string{""}, "10.0.0.1"},
		{"an empty element", proxy, []string{"203.0.113.5,"}, "10.0.0.1"},
		{"an empty line after it", proxy, []string{"203.0.113.5", ""}, "10.0.0.1"},
		{"a name", proxy, []string{"localhost"}, "10.0.0.1"},
		{"a number", proxy, []string{"2130706433"}, "10.0.0.1"},
		{"octal", proxy, []string{"0177.0.0.1"}, "10.0.0.1"},
		{"a network", proxy, []string{"203.0.113.0/24"}, "10.0.0.1"},
		{"only proxies", proxy, []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"a port", proxy, []string{"203.0.113.5:9999"}, "203.0.113.5"},
		{"a port out of range", proxy, []string{"203.0.113.5:99999"}, "10.0.0.1"},
		{"IPv6", proxy, []string{"2001:db8::5"}, "2001:db8::5"},
		{"IPv6 in brackets", proxy, []string{"[2001:db8::5]"}, "2001:db8::5"},
		{"IPv6 with a port", proxy, []string{"[2001:db8::5]:443"}, "2001:db8::5"},
		{"IPv6 with a zone", proxy, []string{"fe80::1%eth0"}, "fe80::1"},
		{"half a bracket", proxy, []string{"[2001:db8::5"}, "10.0.0.1"},
		{"IPv4 in brackets", proxy, []string{"[203.0.113.5]"}, "10.0.0.1"},
		{"IPv4 as IPv6", proxy, []string{"::ffff:203.0.113.5"}, "203.0.113.5"},
		{"a proxy as IPv6", "[::ffff:10.0.0.1]:5000", []string{"203.0.113.5, ::ffff:10.0.0.2"}, "203.0.113.5"},
		{"an IPv6 proxy", "[fd00::1]:5000", []string{"203.0.113.5"}, "203.0.113.5"},
		{"an IPv6 proxy with a zone", "[fd00::1%eth0]:5000", []string{"203.0.113.5"}, "203.0.113.5"},
		{"no address", "@", []string{"203.0.113.5"}, "invalid IP"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = test.remote
			r.Header["X-Forwarded-For"] = test.forwarded
			r.Header.Set("Forwarded", "for=198.51.100.77")
			r.Header.Set("X-Real-Ip", "198.51.100.77")
			r.Header.Set("Cf-Connecting-Ip", "198.51.100.77")
			assert.Equal(t, test.want, testProxies().client(r).String())
			assert.Equal(t, parseClient(test.remote), proxies(nil).client(r), "without trusted proxies nobody is believed")
		})
	}
}

func TestSecure(t *testing.T) {
	tests := []struct {
		name, remote string
		proto        []string
		tls, want    bool
	}{
		{"plain", "10.0.0.1:1", nil, false, false},
		{"its own TLS", "203.0.113.5:1", nil, true, true},
		{"by the proxy", "10.0.0.1:1", []string{"HTTPS"}, false, true},
		{"plain to the proxy", "10.0.0.1:1", []string{"http"}, false, false},
		{"a stranger says so", "203.0.113.5:1", []string{"https"}, false, false},
		{"proxies disagree", "10.0.0.1:1", []string{"https", "http"}, false, false},
		{"proxies disagree in one line", "10.0.0.1:1", []string{"https, http"}, false, false},
	}
	for _, test := range tests {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Header["X-Forwarded-Proto"] = test.remote, test.proto
		if test.tls {
			r.TLS = &tls.ConnectionState{}
		}
		assert.Equal(t, test.want, testProxies().secure(r), test.name)
	}
}

func TestNetwork(t *testing.T) {
	tests := map[string]string{
		"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"fe80::1%eth0": "fe80::/64", "": "invalid IP", "pipe": "invalid IP",
	}
	for ip, want := range tests {
		assert.Equal(t, want, network(parseClient(ip)), ip)
	}
}

func FuzzClientAddress(f *testing.F) {
	for _, seed := range []string{"203.0.113.5, 10.0.0.1", "[::1]:80", ",", "10.0.0.2,10.0.0.3", "::ffff:1.2.3.4%x", "unknown"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, forged, more string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = "10.0.0.1:1"
		r.Header["X-Forwarded-For"] = []string{forged, more + ",203.0.113.5"}
		assert.Equal(t, "203.0.113.5", testProxies().client(r).String(), "what the proxy appends wins")
		r.Header["X-Forwarded-For"] = []string{forged, more}
		assert.True(t, testProxies().client(r).IsValid())
	})
}
