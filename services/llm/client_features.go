package llm

import (
	"bytes"
	"net/http"
	"slices"
)

// features are parts of a request that not every server or model takes, as bits.
type features uint32

const (
	// featureSchema is the JSON Schema as the protocol has it; without it the schema stands in the prompt.
	featureSchema features = 1 << iota
	featureTemperature
	// featureLengthName is the protocol's usual name of the largest length; without it the other one is used.
	featureLengthName
	featureStreamUsage
)

func (f features) has(feature features) bool { return f&feature != 0 }

// allFeatures lists the features, those first whose names are the clearest.
func allFeatures() []features {
	return []features{featureStreamUsage, featureLengthName, featureTemperature, featureSchema}
}

// declinedBy returns which features a refusal speaks of.
func declinedBy(p protocol, status int, body []byte) features {
	statuses := []int{
		http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusNotImplemented,
	}
	if !slices.Contains(statuses, status) {
		return 0
	}
	var found features
	body = bytes.ToLower(body)
	for _, f := range allFeatures() {
		if slices.ContainsFunc(p.wording(f), func(word string) bool { return bytes.Contains(body, []byte(word)) }) {
			found |= f
		}
	}
	return found
}

// next returns the first of the features that were used and declined, 0 if there is none.
func (f features) next(without features) features {
	for _, feature := range allFeatures() {
		if f.has(feature) && !without.has(feature) {
			return feature
		}
	}
	return 0
}
