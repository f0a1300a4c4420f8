package handlers

import (
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/services/access"
)

// workspaces answers what concerns everything a person has.
type workspaces struct {
	service *services.Workspaces
	status  *services.Status
	guard   *accessGuard
	runs    *runs
}

func registerWorkspaces(a *API, h workspaces) {
	gone := []models.Kind{models.KindNotFound}
	Handle(a, Route{
		Method: http.MethodGet, Path: v1 + "/workspace", ID: "getWorkspace", Tag: "workspace",
		Summary: "Tell which workspace a request acts in and how much it holds", Errors: gone,
	}, h.get)
	Handle(a, Route{
		Method: http.MethodDelete, Path: v1 + "/workspace", ID: "deleteWorkspace", Tag: "workspace",
		Summary: "Delete the workspace with everything in it",
		Description: "Its sessions and API tokens end with it, the one that was sent included. It can't be undone. " +
			"A server of one local workspace keeps an empty one; who signs in with an identity provider gets a new one.",
		Errors: gone,
	}, h.remove)
	Download[services.WorkspaceExport](a, Route{
		Method: http.MethodGet, Path: v1 + "/workspace/export", ID: "exportWorkspace", Tag: "workspace",
		Summary:     "Download everything the workspace holds as one JSON document",
		Description: "A download that breaks off is no valid JSON. It takes five minutes at most.",
		Errors:      gone,
	}, "resume-matcher.json", h.export)
}

// WorkspaceBody is a workspace with what it holds.
type WorkspaceBody struct {
	models.Workspace
	DatabaseStats services.DatabaseStats `json:"database_stats"`
}

func (h workspaces) get(c *gin.Context, _ noInput) (Envelope[WorkspaceBody], error) {
	var none Envelope[WorkspaceBody]
	row, err := h.service.Get(c.Request.Context(), workspaceOf(c))
	if err != nil {
		return none, err
	}
	stats, err := h.status.Stats(c.Request.Context(), row.ID)
	if err != nil {
		return none, err
	}
	return Data(WorkspaceBody{Workspace: *row, DatabaseStats: stats}), nil
}

// DeletedWorkspace tells what was deleted with a workspace.
type DeletedWorkspace struct {
	WorkspaceID string          `json:"workspace_id"`
	Deleted     services.Erased `json:"deleted"`
}

func (h workspaces) remove(c *gin.Context, _ noInput) (Envelope[DeletedWorkspace], error) {
	identity, _ := identityOf(c)
	erased, err := h.service.Erase(c.Request.Context(), identity.WorkspaceID)
	if err != nil {
		return Envelope[DeletedWorkspace]{}, err
	}
	h.guard.authenticator.Forget(identity.WorkspaceID)
	h.runs.erase(identity.WorkspaceID)
	if identity.Method == access.MethodSession {
		h.guard.cookie.clear(c.Writer)
	}
	return Data(DeletedWorkspace{WorkspaceID: identity.WorkspaceID, Deleted: erased}), nil
}

func (h workspaces) export(c *gin.Context, to io.Writer) error {
	return h.service.Export(c.Request.Context(), workspaceOf(c), to)
}
