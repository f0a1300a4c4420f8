package models

import "time"

// JobData is a posting's structure, in the JSON form the frontends rely on.
type JobData struct {
	JobTitle              string         `json:"job_title"`
	CompanyProfile        CompanyProfile `json:"company_profile"`
	Location              JobLocation    `json:"location"`
	DatePosted            string         `json:"date_posted"`
	EmploymentType        string         `json:"employment_type"`
	JobSummary            string         `json:"job_summary"`
	KeyResponsibilities   []string       `json:"key_responsibilities"`
	Qualifications        Qualifications `json:"qualifications"`
	CompensationBenefits  []string       `json:"compensation_and_benefits"`
	ApplicationInfo       ApplyInfo      `json:"application_info"`
	ExtractedKeywords     []string       `json:"extracted_keywords"`
	MinExperienceYears    float64        `json:"min_experience_years,omitempty"`
	RequiredLanguageNames []string       `json:"required_languages,omitempty"`
	ProcessedAt           time.Time      `json:"processed_at"`
}

// CompanyProfile is what the posting says of the employer.
type CompanyProfile struct {
	Name        string `json:"companyName"`
	Industry    string `json:"industry,omitempty"`
	Website     string `json:"website,omitempty"`
	Description string `json:"description,omitempty"`
}

// JobLocation is where the work is done.
type JobLocation struct {
	City       string `json:"city"`
	State      string `json:"state,omitempty"`
	Country    string `json:"country,omitempty"`
	RemoteType string `json:"remoteStatus,omitempty"`
	// Text is the place as the posting writes it.
	Text string `json:"text"`
}

// Qualifications are the posting's requirements, each as the posting words it.
type Qualifications struct {
	Required  []string `json:"required"`
	Preferred []string `json:"preferred"`
}

// ApplyInfo is how to apply.
type ApplyInfo struct {
	HowToApply string `json:"how_to_apply,omitempty"`
	ApplyLink  string `json:"apply_link,omitempty"`
	Email      string `json:"contact_email,omitempty"`
	Deadline   string `json:"application_deadline,omitempty"`
}
