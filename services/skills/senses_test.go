package skills

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestFindTellsProductsFromOrdinaryWords(t *testing.T) {
	v := loaded(t)
	for text, want := range map[string]string{
		"swift handling of complaints":       "",
		"Swift handling of requests":         "",
		"Spring cleaning of halls":           "",
		"express delivery to shops":          "",
		"Able to react quickly":              "",
		"React quickly when things change":   "",
		"Reacted to alarms":                  "",
		"Washed beakers and flasks":          "",
		"Replaced Spark plugs":               "",
		"spark plugs":                        "",
		"Puppet theatre for schools":         "",
		"Built houses in Java, Indonesia":    "",
		"Taught in West Java":                "",
		"Ran a Kafka reading group":          "",
		"Treated angular cheilitis":          "",
		"Angular cheilitis":                  "",
		"React":                              "React",
		"Experience with React and Vue.js":   "React; Vue.js",
		"built services with React":          "React",
		"We use React.":                      "React",
		"React components for the shop":      "React",
		"Migrated React pages to TypeScript": "React; TypeScript",
		"react, typescript":                  "React; TypeScript",
		"Java, Kotlin":                       "Java; Kotlin",
		"in Java, C# and Go":                 "Java; C#; Go",
		"Apache Spark":                       "Apache Spark",
		"Spring Boot":                        "Spring Boot",
		"Kafka or RabbitMQ":                  "Apache Kafka; RabbitMQ",
		"Experience with Apache Kafka":       "Apache Kafka",
		"Kafka":                              "Apache Kafka",
		"Kafka topics and consumers":         "Apache Kafka",
		"Flask, Django":                      "Flask; Django",
		"Angular, Examplejs":                 "Angular",
		"React with TypeScript":              "React; TypeScript",
		"Frontends with Angular":             "Frontend development; Angular",
	} {
		assert.Equal(t, list(want), namesIn(v, text), text)
	}
}

func TestFindTellsSensesApart(t *testing.T) {
	v := loaded(t)
	for text, want := range map[string]string{
		"drafting contracts":                     "Contract drafting",
		"strong drafting skills":                 "",
		"technical drafting":                     "Technical drawing",
		"The LPC was completed in York":          "",
		"LCSW, LPC":                              "LCSW; Licensed professional counselor",
		"degree in a numerate discipline":        "",
		"Self-discipline":                        "Self-organization",
		"Physical requirements":                  "",
		"Physics":                                "Physics",
		"We are committed to you":                "",
		"commitment":                             "Self-motivation",
		"fraud analytics":                        "",
		"data analytics":                         "Data analysis",
		"analytical":                             "Analytical thinking",
		"SaaS":                                   "Software as a service",
		"SaaS sales":                             "SaaS sales",
		"mechanische Konstruktion":               "Product design engineering",
		"Konstruktion von Anlagen":               "Product design engineering",
		"mechanical design":                      "Product design engineering",
		"Schichtarbeit im 3-Schicht-Betrieb":     "Shift work; Shift work",
		"Bereitschaft zum Schichtbetrieb":        "Shift work",
		"Ein Team geleitet":                      "Team management",
		"Wartung von solar panels":               "Maintenance and repair; Solar installation",
		"Dispensed medication and kept a record": "Dispensing medication",
	} {
		assert.Equal(t, list(want), namesIn(v, text), text)
	}
}

func TestDifferentProductsAreNoMatch(t *testing.T) {
	v := loaded(t)
	for _, c := range [][2]string{
		{"TNCC", "CCRN"}, {"Teamcenter", "Windchill"}, {"Klaviyo", "Mailchimp"}, {"Campaign Monitor", "ActiveCampaign"},
		{"TOEIC", "TOEFL"}, {"SaaS", "SaaS sales"}, {"Simulink", "MATLAB"}, {"Tableau", "Power BI"},
		{"Lexware", "DATEV"}, {"Keras", "PyTorch"}, {"Salesforce", "HubSpot"}, {"Selenium", "Cypress"},
		{"MIG welding", "TIG welding"}, {"Figma", "Sketch"}, {"SHRM-CP", "PHR"}, {"CKA", "CKAD"}, {"DNS", "DHCP"},
		{"Moodle", "ILIAS"}, {"Jest", "Vitest"}, {"GIMP", "Photoshop"}, {"Kubernetes", "Docker"}, {"ACCA", "CIMA"},
		{"Barber licence", "Esthetician licence"},
	} {
		for _, pair := range [][2]string{c, {c[1], c[0]}} {
			have, want := v.Lookup(pair[0]), v.Lookup(pair[1])
			if assert.NotNil(t, have, pair[0]) && assert.NotNil(t, want, pair[1]) {
				assert.LessOrEqual(t, v.Implies(have, want), 0.5, "%s for %s", pair[0], pair[1])
			}
		}
	}
}

func TestSiblingsNeverMeetARequirement(t *testing.T) {
	for siblings, degree := range loaded(t).siblings {
		assert.LessOrEqual(t, degree, 0.5, "%s for %s", siblings.have.Name, siblings.want.Name)
	}
}

func TestOneCoversItsClass(t *testing.T) {
	v := loaded(t)
	for have, want := range map[string]string{
		"CCNP": "CCNA", "Moodle": "LMS", "Zoom": "Video conferencing", "Windchill": "PLM", "CKA": "Kubernetes",
		"PostGIS": "SQL", "Okta": "Single sign-on", "Team management": "Leadership", "ATPL": "Pilot licence",
	} {
		assert.InDelta(t, 1, v.Implies(v.Lookup(have), v.Lookup(want)), 1e-9, "%s for %s", have, want)
	}
	assert.Zero(t, v.Implies(v.Lookup("Realschulabschluss"), v.Lookup("Abitur")), "a lower degree isn't the higher one")
	assert.InDelta(t, 0.5, v.Implies(v.Lookup("Dispensing medication"), v.Lookup("Medication administration")), 1e-9)
}
