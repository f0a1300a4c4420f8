package access

import "resume-matcher/models"

// ErrGone is a credential whose workspace was deleted.
var ErrGone = models.NewError(models.KindUnauthorized, "The workspace of this token was deleted. Start a new session.")

// errInvalid says no more than that: which check failed would help only who forges tokens.
func errInvalid() *models.Error {
	return models.NewError(models.KindUnauthorized, "This token is not valid here. Send another one, or start a new session.")
}

func errExpired() *models.Error {
	return models.NewError(models.KindUnauthorized, "This token has expired. Send a newer one, or start a new session.")
}

func errNoSessions() *models.Error {
	return models.NewError(models.KindNotFound, "This server has no sessions. Its operator can set SESSION_SECRET_KEY.")
}
