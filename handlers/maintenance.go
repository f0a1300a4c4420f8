package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
	"resume-matcher/services"
)

// maintenanceTimeout lets a round answer before the hosts that call it give up.
const maintenanceTimeout = 45 * time.Second

type maintenance struct{ service *services.Maintenance }

// MaintenanceResult tells what one part of a round did.
type MaintenanceResult struct {
	Part   string         `json:"part" doc:"cached_answers, previews, unused_workspaces, schema_findings or tasks."`
	Count  int64          `json:"count" doc:"How many were deleted, found or begun."`
	TookMS int64          `json:"took_ms"`
	Error  *PublicFailure `json:"error" doc:"Why the part is not complete; null if it is."`
}

// MaintenanceData tells what a round did.
type MaintenanceData struct {
	Parts    []MaintenanceResult `json:"parts"`
	Complete bool                `json:"complete" doc:"Whether every part did all there was to do; if not, the next round goes on."`
}

func registerMaintenance(a *API, h maintenance) {
	Handle(a, Route{
		Method: http.MethodPost, Path: v1 + "/maintenance/cleanup", ID: "cleanup", Tag: "system",
		Summary: "Remove what has expired, check the schema and do the tasks that are due, once",
		Description: "For hosts without a worker: call it regularly. It takes 45 seconds at most, and may be called again at any time; " +
			"with several callers at once each does a part.",
		Access: AccessAdmin,
	}, h.cleanup)
}

func (h maintenance) cleanup(c *gin.Context, _ struct{}) (Envelope[MaintenanceData], error) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), maintenanceTimeout)
	defer cancel()
	return Data(NewMaintenanceData(h.service.Round(ctx))), nil
}

// NewMaintenanceData puts a report in the form of the answer.
func NewMaintenanceData(report services.MaintenanceReport) MaintenanceData {
	data := MaintenanceData{Parts: []MaintenanceResult{}, Complete: report.Failed() == 0}
	for _, p := range report.Parts {
		data.Parts = append(data.Parts, MaintenanceResult{
			Part: p.Name, Count: p.Count, TookMS: p.Took.Milliseconds(), Error: publicFailure(p.Failure),
		})
	}
	return data
}

// PublicFailure is an error within an answer that is none itself.
type PublicFailure struct {
	Code    models.Kind `json:"code"`
	Message string      `json:"message"`
}

func publicFailure(err *models.Error) *PublicFailure {
	if err == nil {
		return nil
	}
	return &PublicFailure{Code: err.Kind, Message: err.Message}
}
