package handlers

import (
	"context"
	"errors"
	"time"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
	"resume-matcher/services"
)

// healthTimeout is shorter than the patience of the platforms that probe /healthz.
const healthTimeout = 2 * time.Second

type health struct {
	ping  func(context.Context) error
	drift *services.Drift
}

type noInput struct{}

type healthAnswer struct {
	Status string `json:"status"`
	Schema string `json:"schema,omitempty" doc:"Why other paths answer SCHEMA_NOT_READY; absent when they don't."`
}

type pongAnswer struct {
	Message string `json:"message"`
}

func (h health) healthz(c *gin.Context, _ noInput) (healthAnswer, error) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), healthTimeout)
	defer cancel()
	if err := h.ping(ctx); err != nil {
		return healthAnswer{}, models.WrapError(models.KindUnavailable, "The database does not answer.", err)
	}
	out := healthAnswer{Status: "ok"}
	if notReady, ok := errors.AsType[*models.Error](h.drift.Ready()); ok {
		out.Schema = notReady.Message
	}
	return out, nil
}

func (health) health(*gin.Context, noInput) (healthAnswer, error) {
	return healthAnswer{Status: "healthy"}, nil
}

func (health) pong(*gin.Context, noInput) (pongAnswer, error) {
	return pongAnswer{Message: "pong"}, nil
}
