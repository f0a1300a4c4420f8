package handlers

import (
	"time"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
	"resume-matcher/services/access"
)

// sessions answers who a client is, and makes it someone.
type sessions struct{ guard *accessGuard }

// SessionData is a session, whose token can be sent as a bearer token where cookies can't.
type SessionData struct {
	Token       string    `json:"token"`
	WorkspaceID string    `json:"workspace_id"`
	ExpiresAt   time.Time `json:"expires_at"`
}

// SessionAnswer is the session with its token at the top level too.
type SessionAnswer struct {
	Envelope[SessionData]
	Token string `json:"token"`
}

// start makes a workspace with a session, or renews the session that the request has.
func (h sessions) start(c *gin.Context, _ noInput) (SessionAnswer, error) {
	var session access.Session
	var err error
	if identity, known := identityOf(c); known {
		session, err = h.guard.authenticator.Renew(identity)
	} else {
		session, err = h.guard.authenticator.Start(c.Request.Context())
	}
	if err != nil {
		return SessionAnswer{}, err
	}
	h.guard.cookie.write(c.Writer, session)
	data := SessionData{Token: session.Token, WorkspaceID: session.WorkspaceID, ExpiresAt: session.ExpiresAt}
	return SessionAnswer{Envelope: Data(data), Token: session.Token}, nil
}

// WhoAmI is the identity of a request.
type WhoAmI struct {
	WorkspaceID string            `json:"workspace_id"`
	Scope       models.TokenScope `json:"scope" binding:"oneof=read write admin" doc:"Each includes those before it."`
	Method      access.Method     `json:"method" binding:"oneof=local session api_token identity_provider"`
	ExpiresAt   *time.Time        `json:"expires_at" doc:"When the credential ends; null if it does not."`
}

func (sessions) whoami(c *gin.Context, _ noInput) (Envelope[WhoAmI], error) {
	identity, _ := identityOf(c)
	answer := WhoAmI{WorkspaceID: identity.WorkspaceID, Scope: identity.Scope, Method: identity.Method}
	if !identity.ExpiresAt.IsZero() {
		answer.ExpiresAt = &identity.ExpiresAt
	}
	return Data(answer), nil
}
