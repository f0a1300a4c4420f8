package handlers

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDocsPageLoadsOnlyFromThisServer(t *testing.T) {
	s := newTestServer(t, testOptions(), echoRoutes)
	for _, base := range []string{"/", "/api/"} {
		page := s.do(t, "GET", base+"docs", "", "")
		require.Equal(t, 200, page.Code)
		assert.Contains(t, page.Header().Get("Content-Security-Policy"), "default-src 'none'")
		assert.NotContains(t, page.Header().Get("Content-Security-Policy"), "unsafe")
		assert.NotContains(t, page.Body.String(), "://")
		links := regexp.MustCompile(`(?:src|href)="([^":]+)"`).FindAllStringSubmatch(page.Body.String(), -1)
		require.Len(t, links, 4)
		for _, link := range links {
			assert.Equal(t, 200, s.do(t, "GET", base+link[1], "", "").Code, link[1])
		}
	}
	root := s.do(t, "GET", "/", "", "")
	assert.Equal(t, 302, root.Code)
	assert.Equal(t, "/docs", root.Header().Get("Location"))
}

func TestDocsAssetsAreCompressedOnlyForWhoAcceptsIt(t *testing.T) {
	s := newTestServer(t, testOptions(), echoRoutes)
	plain := s.do(t, "GET", "/docs/swagger-ui.css", "", "")
	for header, compressed := range map[string]bool{
		"": false, "br": false, "gzip;q=0": false, "gzip; q=0.0": false, "identity": false,
		"gzip": true, "br, gzip": true, "deflate, GZIP;q=0.5": true,
	} {
		req := httptest.NewRequestWithContext(t.Context(), "GET", "/docs/swagger-ui.css", nil)
		req.Header.Set("Accept-Encoding", header)
		w := s.send(t, req)
		require.Equal(t, 200, w.Code)
		assert.Equal(t, "text/css; charset=utf-8", w.Header().Get("Content-Type"))
		assert.Equal(t, []string{"Origin", "Accept-Encoding"}, w.Header().Values("Vary"))
		assert.Equal(t, compressed, w.Header().Get("Content-Encoding") == "gzip", header)
		if compressed {
			r, err := gzip.NewReader(w.Body)
			require.NoError(t, err)
			unpacked, err := io.ReadAll(r)
			require.NoError(t, err)
			assert.True(t, bytes.Equal(plain.Body.Bytes(), unpacked))
			assert.NotEqual(t, plain.Header().Get("ETag"), w.Header().Get("ETag"))
		}
	}
}

func TestDocsAreNotSentTwice(t *testing.T) {
	s := newTestServer(t, testOptions(), echoRoutes)
	for _, path := range []string{"/docs", "/docs/swagger-ui.css", "/openapi.json"} {
		req := httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
		req.Header.Set("If-None-Match", s.do(t, "GET", path, "", "").Header().Get("ETag"))
		w := s.send(t, req)
		assert.Equal(t, 304, w.Code, path)
		assert.Empty(t, w.Body.String())
	}
}
