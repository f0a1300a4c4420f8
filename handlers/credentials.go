package handlers

import (
	"net/http"
	"strings"
	"time"

	"resume-matcher/models"
	"resume-matcher/services/access"
)

// CookieMode says between which sites a session's cookie travels.
type CookieMode string

// The modes.
const (
	// CookieSameSite is for a frontend that reaches the API under its own address, such as by a rewrite of /api.
	CookieSameSite CookieMode = "same-site"
	// CookieCrossSite is for a frontend at another site. Each such site has a cookie, and so a workspace, of its own.
	CookieCrossSite CookieMode = "cross-site"
	// CookieInsecure is for plain HTTP in a network that is trusted.
	CookieInsecure CookieMode = "insecure"
)

// maxSessionCookies bounds how many cookies of the name are tried.
const maxSessionCookies = 4

// sessionCookie is a cookie without its value.
type sessionCookie http.Cookie

func newSessionCookie(mode CookieMode) (sessionCookie, error) {
	// The prefix __Host- keeps other hosts of the domain from setting the cookie; browsers then ask for Secure and this path.
	cookie := sessionCookie{Name: "__Host-rm_session", Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}
	switch mode {
	case CookieSameSite, "":
	case CookieCrossSite:
		cookie.SameSite, cookie.Partitioned = http.SameSiteNoneMode, true
	case CookieInsecure:
		cookie.Name, cookie.Secure = "rm_session", false
	default:
		return cookie, models.NewError(models.KindValidation, "The session cookie must be same-site, cross-site or insecure.")
	}
	return cookie, nil
}

// read returns the values a request has for the cookie.
func (s sessionCookie) read(r *http.Request) []string {
	var values []string
	for _, cookie := range r.CookiesNamed(s.Name) {
		if len(values) < maxSessionCookies {
			values = append(values, cookie.Value)
		}
	}
	return values
}

// write sets the cookie until the session ends.
func (s sessionCookie) write(w http.ResponseWriter, session access.Session) {
	cookie := http.Cookie(s)
	cookie.Value, cookie.MaxAge = session.Token, int(session.ExpiresAt.Sub(session.IssuedAt)/time.Second)
	http.SetCookie(w, &cookie)
}

// clear removes the cookie.
func (s sessionCookie) clear(w http.ResponseWriter) {
	cookie := http.Cookie(s)
	cookie.MaxAge = -1
	http.SetCookie(w, &cookie)
}

// bearerToken reads the Authorization header, RFC 6750. Other schemes are a proxy's affair; two headers are an attempt to
// have the proxy see one and the program the other.
func bearerToken(h http.Header) (token string, found bool, err error) {
	values := h.Values("Authorization")
	if len(values) > 1 {
		return "", true, models.NewError(models.KindUnauthorized, "Send one Authorization header only.")
	}
	scheme, token, _ := strings.Cut(h.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", false, nil
	}
	token = strings.TrimLeft(token, " ")
	if token == "" || len(token) > access.MaxTokenBytes || strings.ContainsFunc(token, notOfToken) {
		return "", true, models.NewError(models.KindUnauthorized, "The Authorization header must be Bearer, a space and one token.")
	}
	return token, true, nil
}

// notOfToken tells whether a character can't stand in a bearer token (token68 of RFC 9110).
func notOfToken(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	}
	return !strings.ContainsRune("-._~+/=", r)
}
