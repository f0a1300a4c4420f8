package handlers

import (
	"github.com/gin-gonic/gin"

	"resume-matcher/models"
)

// workspaceOf returns the workspace a request acts in: the one local workspace, as there are no sessions.
func workspaceOf(*gin.Context) string { return models.DefaultWorkspaceID }
