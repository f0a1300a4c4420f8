package handlers

import (
	"net/http"
	"slices"

	"resume-matcher/models"
)

const v1 = "/api/v1"

// The failures that come with a kind of input.
var (
	resumeErrors   = []models.Kind{models.KindResumeNotFound}
	documentErrors = []models.Kind{
		models.KindUnsupportedFileType, models.KindEmptyFile, models.KindNoTextLayer, models.KindEncryptedDocument,
		models.KindDocumentUnreadable, models.KindDocumentTooSlow, models.KindResumeValidation, models.KindConflict,
	}
	pairErrors = []models.Kind{
		models.KindMissingResumeID, models.KindMissingJobID, models.KindResumeNotFound, models.KindJobNotFound,
		models.KindResumeValidation,
	}
	modelErrors = []models.Kind{models.KindAIUnavailable, models.KindAITimeout, models.KindAIBudget}
)

// registerRoutes lists every endpoint of the API.
func registerRoutes(a *API, o Options, m *metrics) {
	registerSystem(a, o, m)
	registerAccess(a, sessions{a.guard})
	registerWorkspaces(a, workspaces{o.Services.Workspaces, o.Services.Status, a.guard, a.runs})
	registerSchema(a, drift{o.Drift})
	registerMaintenance(a, maintenance{o.Services.Maintenance})
	registerResumes(a, resumes{o.Services.Resumes})
	registerTailoring(a, tailor{o.Services.Tailoring})
	registerLetters(a, letters{o.Services.Letters})
	registerJobs(a, jobs{o.Services.Jobs}, matches{o.Services.Matches})
}

func registerSystem(a *API, o Options, m *metrics) {
	system, figures := health{ping: o.Ping, drift: o.Drift}, status{o.Services.Status, o.Services.Cache}
	Handle(a, Route{
		Method: http.MethodGet, Path: "/healthz", Aliases: []string{v1 + "/health/healthz"}, ID: "healthz", Tag: "system",
		Summary: "Tell whether the program and its database answer", Errors: []models.Kind{models.KindUnavailable}, Unlimited: true, Access: AccessPublic,
	}, system.healthz)
	Handle(a, Route{
		Method: http.MethodGet, Path: v1 + "/health/ping", Aliases: []string{v1 + "/ping"}, ID: "ping", Tag: "system",
		Summary: "Answer pong", Unlimited: true, Access: AccessPublic,
	}, system.pong)
	Handle(a, Route{
		Method: http.MethodGet, Path: v1 + "/health", ID: "health", Tag: "system",
		Summary: "Tell that the program answers, without asking anyone else", Unlimited: true, Access: AccessPublic,
	}, system.health)
	Raw(a, Route{
		Method: http.MethodGet, Path: "/metrics", ID: "metrics", Tag: "system",
		Summary: "Metrics in the Prometheus text format", Unlimited: true, Access: AccessAdmin,
	}, "text/plain", m.handler())
	Handle(a, Route{
		Method: http.MethodGet, Path: v1 + "/status", ID: "status", Tag: "system",
		Summary: "Tell what the server holds and offers",
	}, figures.get)
	Handle(a, Route{
		Method: http.MethodGet, Path: "/metrics/llm", Aliases: []string{v1 + "/metrics/llm"}, ID: "llmMetrics", Tag: "system",
		Summary: "Figures of language models, their cache and duplicate uploads, over all time", Unlimited: true,
	}, figures.llmMetrics)
	Handle(a, Route{
		Method: http.MethodDelete, Path: v1 + "/cache/entity/:type/:id", ID: "deleteCacheEntity", Tag: "system",
		Summary: "Remove the cached answers made from a résumé or job",
	}, figures.deleteEntity)
	Handle(a, Route{
		Method: http.MethodDelete, Path: v1 + "/cache/key/:key", ID: "deleteCacheKey", Tag: "system",
		Summary: "Remove one cached answer",
	}, figures.deleteKey)
}

func registerAccess(a *API, h sessions) {
	Handle(a, Route{
		Method: http.MethodPost, Path: v1 + "/session", ID: "startSession", Tag: "access",
		Summary: "Start a session with a workspace of its own, or renew the one that is sent",
		Description: "Sets the session's cookie, and returns its token for clients that can't use cookies. " +
			"A server of one local workspace has no sessions and answers NOT_FOUND: it needs no credential.",
		Errors: []models.Kind{models.KindNotFound}, Access: AccessOptional, Limit: LimitSessions,
	}, h.start)
	Handle(a, Route{
		Method: http.MethodGet, Path: v1 + "/auth/whoami", Aliases: []string{"/auth/whoami"}, ID: "whoami", Tag: "access",
		Summary: "Tell which workspace and scope a request has",
	}, h.whoami)
}

func registerSchema(a *API, h drift) {
	Handle(a, Route{
		Method: http.MethodGet, Path: driftPath, ID: "schemaDrift", Tag: "system",
		Summary: "Tell whether models, migrations and the live database agree", Access: AccessAdmin,
	}, h.get)
}

func registerResumes(a *API, h resumes) {
	Handle(a, Route{
		Method: http.MethodPost, Path: v1 + "/resumes/upload", Aliases: []string{v1 + "/resume/upload"}, ID: "uploadResume", Tag: "resumes",
		Summary: "Upload a résumé", Description: "The file is read, structured and stored at once, or with ?defer=true read and stored at once and structured afterwards. " +
			"The same content again answers the same id.",
		Errors: documentErrors, Limit: LimitUploads,
	}, h.upload)
	Handle(a, Route{
		Method: http.MethodGet, Path: v1 + "/resumes", Aliases: []string{v1 + "/resume"}, ID: "getResume", Tag: "resumes",
		Summary: "Read a résumé with its structure", Errors: []models.Kind{models.KindMissingResumeID, models.KindResumeNotFound},
	}, h.get)
	Handle(a, Route{
		Method: http.MethodGet, Path: v1 + "/resumes/list", ID: "listResumes", Tag: "resumes",
		Summary: "List résumés, newest first",
	}, h.list)
	Handle(a, Route{
		Method: http.MethodPatch, Path: v1 + "/resumes/:id", ID: "updateResume", Tag: "resumes",
		Summary: "Replace a résumé's structure by an edited one", Errors: []models.Kind{models.KindResumeNotFound, models.KindResumeValidation},
	}, h.update)
	Handle(a, Route{
		Method: http.MethodPatch, Path: v1 + "/resumes/:id/title", ID: "renameResume", Tag: "resumes",
		Summary: "Rename a résumé", Errors: resumeErrors,
	}, h.rename)
	Handle(a, Route{
		Method: http.MethodDelete, Path: v1 + "/resumes/:id", ID: "deleteResume", Tag: "resumes",
		Summary: "Delete a résumé with everything derived from it", Errors: resumeErrors,
	}, h.remove)
	Handle(a, Route{
		Method: http.MethodPost, Path: v1 + "/resumes/:id/retry-processing", ID: "retryResume", Tag: "resumes",
		Summary: "Structure a résumé again whose processing failed", Errors: []models.Kind{models.KindResumeNotFound, models.KindResumeValidation},
		Limit: LimitUploads,
	}, h.retry)
	HandleOrStream(a, Route{
		Method: http.MethodGet, Path: v1 + "/resumes/:id/progress", ID: "getResumeProgress", Tag: "resumes",
		Summary:     "Tell how far the processing of a résumé is",
		Description: "As events: at each change, until it is ready or failed, for ten minutes at most.",
		Errors:      resumeErrors,
	}, h.progress, h.progressStream)
	Handle(a, Route{
		Method: http.MethodGet, Path: v1 + "/resumes/:id/job-description", ID: "getJobDescription", Tag: "resumes",
		Summary: "Read the job a résumé was tailored for", Errors: []models.Kind{models.KindResumeNotFound, models.KindJobNotFound},
	}, h.jobDescription)
}

func registerTailoring(a *API, h tailor) {
	HandleOrStream(a, Route{
		Method: http.MethodPost, Path: v1 + "/resumes/improve", ID: "improveResume", Tag: "tailoring",
		Summary: "Tailor a résumé to a job and save the result as a new résumé",
		Errors:  slices.Concat(pairErrors, modelErrors, []models.Kind{models.KindStalePreview}), Limit: LimitModelCalls,
	}, h.improve, h.improveStream)
	HandleOrStream(a, Route{
		Method: http.MethodPost, Path: v1 + "/resumes/improve/preview", ID: "previewImprovement", Tag: "tailoring",
		Summary: "Tailor a résumé to a job without saving a résumé",
		Errors:  slices.Concat(pairErrors, modelErrors, []models.Kind{models.KindStalePreview}), Limit: LimitModelCalls,
	}, h.preview, h.previewStream)
	Handle(a, Route{
		Method: http.MethodPost, Path: v1 + "/resumes/improve/confirm", ID: "confirmImprovement", Tag: "tailoring",
		Summary: "Save a previewed result, or a subset of its changes, as a new résumé",
		Errors:  slices.Concat(pairErrors, []models.Kind{models.KindPreviewRequired, models.KindStalePreview}),
	}, h.confirm)
}

func registerLetters(a *API, h letters) {
	generate := slices.Concat(modelErrors, []models.Kind{
		models.KindMissingJobID, models.KindResumeNotFound, models.KindJobNotFound, models.KindResumeValidation, models.KindConflict,
	})
	Handle(a, Route{
		Method: http.MethodPost, Path: v1 + "/resumes/:id/generate-cover-letter", ID: "generateCoverLetter", Tag: "letters",
		Summary: "Write a cover letter that claims nothing the résumé does not", Errors: generate, Limit: LimitModelCalls,
	}, h.coverLetter)
	Handle(a, Route{
		Method: http.MethodPost, Path: v1 + "/resumes/:id/generate-outreach", ID: "generateOutreach", Tag: "letters",
		Summary: "Write a short message to a recruiter that claims nothing the résumé does not", Errors: generate, Limit: LimitModelCalls,
	}, h.outreach)
	Handle(a, Route{
		Method: http.MethodPatch, Path: v1 + "/resumes/:id/cover-letter", ID: "setCoverLetter", Tag: "letters",
		Summary: "Keep a cover letter as a person edited it", Errors: resumeErrors,
	}, h.setCoverLetter)
	Handle(a, Route{
		Method: http.MethodPatch, Path: v1 + "/resumes/:id/outreach-message", ID: "setOutreachMessage", Tag: "letters",
		Summary: "Keep an outreach message as a person edited it", Errors: resumeErrors,
	}, h.setOutreach)
}

func registerJobs(a *API, j jobs, m matches) {
	Handle(a, Route{
		Method: http.MethodPost, Path: v1 + "/jobs/upload", Aliases: []string{v1 + "/job/upload"}, ID: "uploadJobs", Tag: "jobs",
		Summary: "Upload job postings as text", Errors: []models.Kind{models.KindResumeNotFound, models.KindConflict}, Limit: LimitUploads,
	}, j.upload)
	Handle(a, Route{
		Method: http.MethodGet, Path: v1 + "/jobs", Aliases: []string{v1 + "/job"}, ID: "getJob", Tag: "jobs",
		Summary: "Read a job with its structure", Errors: []models.Kind{models.KindMissingJobID, models.KindJobNotFound},
	}, j.byQuery)
	Handle(a, Route{
		Method: http.MethodGet, Path: v1 + "/jobs/:id", ID: "getJobById", Tag: "jobs",
		Summary: "Read a job with its structure", Errors: []models.Kind{models.KindJobNotFound},
	}, j.byPath)
	Handle(a, Route{
		Method: http.MethodPost, Path: v1 + "/match", ID: "match", Tag: "matching",
		Summary: "Score a résumé against a job, with evidence", Errors: slices.Concat(pairErrors, modelErrors), Limit: LimitModelCalls,
	}, m.match)
	Handle(a, Route{
		Method: http.MethodGet, Path: v1 + "/resumes/:id/matches", ID: "rankJobs", Tag: "matching",
		Summary: "Rank the stored jobs for a résumé", Errors: []models.Kind{models.KindResumeNotFound, models.KindResumeValidation},
	}, m.rank)
}
