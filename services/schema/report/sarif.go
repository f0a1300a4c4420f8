package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/url"
	"strings"

	"resume-matcher/services/schema"
)

// The names and values below are those of SARIF 2.1.0, the OASIS standard for results of static analysis.
const (
	sarifVersion = "2.1.0"
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	Results     []sarifResult     `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string    `json:"id"`
	ShortDescription sarifText `json:"shortDescription"`
}

type sarifInvocation struct {
	ExecutionSuccessful bool                `json:"executionSuccessful"`
	Notifications       []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Properties   sarifProperties   `json:"properties"`
}

type sarifLocation struct {
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI       string `json:"uri"`
	URIBaseID string `json:"uriBaseId"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifLogical struct {
	FullyQualifiedName string `json:"fullyQualifiedName"`
}

type sarifProperties struct {
	Dialect string `json:"dialect"`
	SQL     string `json:"sql,omitempty"`
}

// SARIF writes a SARIF 2.1.0 log with one run and a rule for each kind of drift. A finding whose file is unknown is
// placed at its directory's atlas.sum, because code hosts refuse results without a file. Version is the program's.
func SARIF(w io.Writer, reports []schema.Report, version string) error {
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "resume-matcher", Version: version}},
		Invocations: []sarifInvocation{{ExecutionSuccessful: true}},
		Results:     []sarifResult{},
	}
	index := map[schema.Kind]int{}
	for i, kind := range kinds() {
		index[kind] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{string(kind), sarifText{meaning(kind) + "."}})
	}
	invocation := &run.Invocations[0]
	for _, r := range reports {
		if r.Status == Failed {
			invocation.ExecutionSuccessful = false
			invocation.Notifications = append(invocation.Notifications, sarifNotification{"error", sarifText{summary(r)}})
		}
		for _, f := range r.Findings {
			run.Results = append(run.Results, newSarifResult(f, index[f.Kind]))
		}
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(sarifLog{sarifSchema, sarifVersion, []sarifRun{run}})
}

func newSarifResult(f schema.Finding, rule int) sarifResult {
	physical := sarifPhysical{Artifact: sarifArtifact{URI: (&url.URL{Path: f.File}).String(), URIBaseID: "%SRCROOT%"}}
	if f.File == "" {
		physical.Artifact.URI = "migrations/" + string(f.Dialect) + "/atlas.sum"
	}
	if f.Line > 0 {
		physical.Region = &sarifRegion{f.Line}
	}
	// What stays the same while a finding is open, so that a code host recognises it in the next run.
	identity := sha256.Sum256([]byte(strings.Join([]string{string(f.Kind), string(f.Dialect), f.Object, f.Change}, "\x00")))
	return sarifResult{
		RuleID: string(f.Kind), RuleIndex: rule, Level: level(f.Severity), Message: sarifText{sentence(f)},
		Locations:    []sarifLocation{{physical, []sarifLogical{{f.Object}}}},
		Fingerprints: map[string]string{"finding/v1": hex.EncodeToString(identity[:])},
		Properties:   sarifProperties{string(f.Dialect), f.SQL},
	}
}
