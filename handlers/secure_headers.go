package handlers

import "github.com/gin-gonic/gin"

// apiPolicy lets an answer that a browser is made to show as a page load nothing and run nothing.
const apiPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// secureHeaders keep answers from being guessed at, framed, stored, or taken into the memory of another site's page; the docs
// page relaxes what it needs. A page that CORS allows is not hindered by Cross-Origin-Resource-Policy.
func (p proxies) secureHeaders(c *gin.Context) {
	c.Header("X-Content-Type-Options", "nosniff")
	c.Header("X-Frame-Options", "DENY")
	c.Header("Referrer-Policy", "no-referrer")
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Security-Policy", apiPolicy)
	c.Header("Cross-Origin-Resource-Policy", "same-origin")
	if p.secure(c.Request) {
		// Without includeSubDomains: the program can't speak for other hosts of the domain.
		c.Header("Strict-Transport-Security", "max-age=31536000")
	}
	c.Next()
}
