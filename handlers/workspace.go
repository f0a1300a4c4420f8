package handlers

import "github.com/gin-gonic/gin"

// workspaceOf returns the workspace a request acts in. It is empty, which no workspace's id is, where an endpoint asks for
// none.
func workspaceOf(c *gin.Context) string {
	identity, _ := identityOf(c)
	return identity.WorkspaceID
}
