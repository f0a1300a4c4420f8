package handlers

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// docsFiles is the docs page. scripts/update_docs_assets fetches Swagger UI (Apache-2.0), whose licences lie beside it.
//
//go:embed docs/index.html docs/init.js docs/swagger-ui.css.gz docs/swagger-ui-bundle.js.gz
var docsFiles embed.FS

// docsPolicy lets the page load from this server alone, and run no script or style that is written into it.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// asset is a file of the docs page, ready to be sent.
type asset struct {
	mediaType string
	plain     []byte
	// gzipped is nil for files too small to be worth it.
	gzipped []byte
	tag     string
}

// registerDocs serves the docs page and the document it shows; it must be the last to register, as the document ends with it.
func registerDocs(a *API) error {
	page, err := readAsset("index.html", "text/html; charset=utf-8")
	if err != nil {
		return err
	}
	Raw(a, Route{
		Method: http.MethodGet, Path: "/docs", Aliases: []string{"/api/docs"}, ID: "docs", Tag: "docs",
		Summary: "This description as a page", Unlimited: true, Access: AccessPublic,
	}, "text/html", page.serve)
	for name, mediaType := range map[string]string{
		"init.js":              "text/javascript; charset=utf-8",
		"swagger-ui-bundle.js": "text/javascript; charset=utf-8",
		"swagger-ui.css":       "text/css; charset=utf-8",
	} {
		file, err := readAsset(name, mediaType)
		if err != nil {
			return err
		}
		for _, path := range []string{"/docs/", "/api/docs/"} {
			a.unlisted(path+name, file.serve)
		}
	}
	a.unlisted("/", func(c *gin.Context) { c.Redirect(http.StatusFound, "/docs") })

	document := asset{mediaType: mimeJSON + "; charset=utf-8"}
	Raw(a, Route{
		Method: http.MethodGet, Path: "/openapi.json", Aliases: []string{"/api/openapi.json"}, ID: "openapi", Tag: "docs",
		Summary: "This description as an OpenAPI document", Unlimited: true, Access: AccessPublic,
	}, mimeJSON, func(c *gin.Context) { document.serve(c) })
	document.plain, err = a.JSON()
	document.tag = contentTag(document.plain)
	return err
}

// unlisted serves a part of the docs page to everyone; it is no endpoint of its own.
func (a *API) unlisted(path string, h gin.HandlerFunc) {
	r := Route{Method: http.MethodGet, Path: path, Unlimited: true, Access: AccessPublic}
	a.route(r, r.Method, path, h)
	a.answerHead(r, h)
}

// readAsset reads a file of the docs page, which may be embedded compressed.
func readAsset(name, mediaType string) (asset, error) {
	if plain, err := docsFiles.ReadFile("docs/" + name); err == nil {
		return asset{mediaType: mediaType, plain: plain, tag: contentTag(plain)}, nil
	}
	gzipped, err := docsFiles.ReadFile("docs/" + name + ".gz")
	if err != nil {
		return asset{}, fmt.Errorf("handlers: docs page: %w", err)
	}
	return asset{mediaType: mediaType, gzipped: gzipped, tag: contentTag(gzipped)}, nil
}

func contentTag(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:8])
}

func (f asset) serve(c *gin.Context) {
	c.Header("Content-Security-Policy", docsPolicy)
	c.Header("Cache-Control", "no-cache") // stored, but asked about: a new version of the program may bring another file
	tag := `"` + f.tag + `"`
	compressed := f.gzipped != nil && acceptsGzip(c.GetHeader("Accept-Encoding"))
	if f.gzipped != nil {
		c.Writer.Header().Add("Vary", "Accept-Encoding")
	}
	if compressed {
		tag = `"` + f.tag + `-gzip"`
	}
	c.Header("ETag", tag)
	if strings.Contains(c.GetHeader("If-None-Match"), tag) {
		c.Status(http.StatusNotModified)
		return
	}
	switch {
	case compressed:
		c.Header("Content-Encoding", "gzip")
		c.Data(http.StatusOK, f.mediaType, f.gzipped)
	case f.gzipped != nil:
		f.serveUnpacked(c)
	default:
		c.Data(http.StatusOK, f.mediaType, f.plain)
	}
}

// serveUnpacked unpacks at each request: hardly any client asks for it, so memory is better spent elsewhere.
func (f asset) serveUnpacked(c *gin.Context) {
	r, err := gzip.NewReader(bytes.NewReader(f.gzipped))
	if err != nil {
		panic(err) // the file is a part of the program
	}
	c.Header("Content-Type", f.mediaType)
	_, _ = io.Copy(c.Writer, r) // the client may leave at any time
}

// acceptsGzip tells whether Accept-Encoding names gzip with a weight above 0.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, weighted := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
		return !weighted || (err == nil && q > 0)
	}
	return false
}
