package structure_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/skills"
	"resume-matcher/services/structure"
)

// jobCase is a posting of testdata/jobs and what a reader finds in it; lists left out are empty.
type jobCase struct {
	file, language, title, company       string
	city, country, remote, employment    string
	posted, deadline, email, link        string
	years                                float64
	required, preferred, tasks, benefits []string
}

var jobCases = []jobCase{
	{
		file: "backend_en", language: "en",
		title: "Senior Backend Engineer", company: "Nordwind Systems GmbH", city: "Berlin", country: "Germany", remote: "Hybrid", employment: "Full-time",
		posted: "2026-03-14", deadline: "2026-04-30", email: "jobs@nordwind.example.com", link: "https://nordwind.example.com/careers/42",
		years:     5,
		required:  []string{"5+ years of experience building backend services", "Strong knowledge of PostgreSQL and SQL tuning", "Experience with Docker and Kubernetes", "AWS, GCP or Azure"},
		preferred: []string{"ideally in Go", "Terraform is a plus", "Kafka or RabbitMQ", "Experience in the travel industry"},
		tasks:     []string{"Design and build REST and gRPC services in Go", "Run our PostgreSQL clusters and keep queries fast", "Review code and mentor two junior engineers"},
		benefits:  []string{"30 days of vacation", "EUR 75,000 - 90,000 per year"},
	},
	{
		file: "bullets_without_headings", language: "en",
		title: "Marketing Manager", company: "Lumen Outdoor Ltd", city: "Manchester", country: "UK", remote: "Hybrid", employment: "",
		years:     4,
		required:  []string{"At least 4 years of experience in B2C marketing", "Hands-on knowledge of Google Analytics and HubSpot", "Excellent written English"},
		preferred: []string{"SEO experience preferred"},
		tasks:     []string{"Plan and run our email and social media campaigns", "Own the content calendar and brief freelancers", "Report on results to the leadership team"},
		benefits:  []string{"£42,000 per annum"},
	},
	{
		file: "driver_en", language: "en",
		title: "Delivery Driver", company: "", city: "Leeds", country: "", remote: "", employment: "Part-time",
		required:  []string{"Must hold a full UK driving licence and be 21 years or older."},
		preferred: []string{"Experience of multi-drop delivery is desirable but training is given."},
	},
	{
		file: "du_form_de", language: "de",
		title: "Softwareentwickler", company: "Tannwald Software AG", city: "Karlsruhe", country: "", remote: "Hybrid", employment: "",
		required:  []string{"Abgeschlossenes Studium der Informatik oder eine vergleichbare Ausbildung", "Sehr gute Kenntnisse in Java", "Erfahrung mit relationalen Datenbanken", "Sehr gute Deutschkenntnisse (C1)"},
		preferred: []string{"idealerweise mit Spring Boot", "PostgreSQL von Vorteil"},
		tasks:     []string{"Du entwickelst Module unserer Webanwendung mit Java und Spring Boot", "Du schreibst automatisierte Tests"},
		benefits:  []string{"Flexible Arbeitszeiten und Homeoffice", "JobRad"},
	},
	{
		file: "emoji_headings", language: "en",
		title: "UX Designer", company: "Papercrane", city: "Vienna", country: "", remote: "", employment: "",
		years:     3,
		required:  []string{"Portfolio of shipped digital products", "3-5 years in UX or product design", "Fluent English"},
		preferred: []string{"German is a bonus"},
		tasks:     []string{"Run user research and usability tests", "Create wireframes and prototypes in Figma"},
		benefits:  []string{"Four-day week"},
	},
	{
		file: "inline_headings", language: "en",
		title: "Data Analyst", company: "Kestrel Insurance", city: "", country: "US", remote: "Remote", employment: "",
		required:  []string{"SQL", "Python", "Tableau", "Excel", "statistics"},
		preferred: []string{"dbt", "Snowflake"},
		tasks:     []string{"Build dashboards for the claims team.", "Answer ad-hoc questions with SQL.", "Present findings to non-technical colleagues."},
		benefits:  []string{"401k, dental insurance"},
	},
	{
		file: "lawyer_de", language: "de",
		title: "Rechtsanwalt Arbeitsrecht", company: "Kanzlei Seidel & Partner mbB", city: "München", country: "", remote: "", employment: "Full-time, Part-time",
		required:  []string{"Zweites juristisches Staatsexamen mit mindestens befriedigendem Ergebnis", "Erste Berufserfahrung im Arbeitsrecht", "Verhandlungssicheres Englisch"},
		preferred: []string{"Promotion oder LL.M. von Vorteil, aber kein Muss"},
		tasks:     []string{"Beratung mittelständischer Unternehmen im Individual- und Kollektivarbeitsrecht", "Vertretung vor den Arbeitsgerichten"},
		benefits:  []string{"Moderne Kanzlei am Viktualienmarkt"},
	},
	{
		file: "mixed_required_preferred", language: "en",
		title: "Controller", company: "Steinbruck Maschinenbau KG", city: "Chemnitz", country: "Germany", remote: "", employment: "",
		years:     5,
		required:  []string{"Degree in business administration required", "At least five years in controlling", "Excel, SAP FI/CO and Power BI", "German C1 and English B2", "SAP S/4HANA", "Power BI"},
		preferred: []string{"master's preferred", "Ideally experience in mechanical engineering"},
	},
	{
		file: "no_bullets_lines", language: "en",
		title: "Warehouse Team Lead", company: "Hafenkante Logistics", city: "Rotterdam", country: "Netherlands", remote: "", employment: "Permanent, Full-time",
		years:     3,
		required:  []string{"Three years of experience in a warehouse", "Valid forklift licence", "Good command of English or Dutch"},
		preferred: []string{"Basic knowledge of SAP EWM (preferred)"},
		tasks:     []string{"Lead a shift of twelve pickers and packers", "Plan inbound and outbound deliveries", "Keep the stock records in SAP correct"},
		benefits:  []string{"Free lunch", "Travel allowance"},
	},
	{
		file: "nurse_de", language: "de",
		title: "Gesundheits- und Krankenpfleger Intensivstation", company: "Klinikum Ahrental gGmbH", city: "Bonn", country: "", remote: "", employment: "Full-time, Part-time, Permanent",
		deadline: "2026-05-15", email: "pflege@klinikum-ahrental.example.org",
		years:     2,
		required:  []string{"Abgeschlossene Ausbildung als Gesundheits- und Krankenpfleger/in", "Mindestens 2 Jahre Berufserfahrung in der Intensivpflege", "Deutschkenntnisse mindestens B2", "Bereitschaft zum Schichtdienst"},
		preferred: []string{"Fachweiterbildung Intensivpflege und Anästhesie wünschenswert"},
		tasks:     []string{"Grund- und Behandlungspflege schwerkranker Patientinnen und Patienten", "Überwachung beatmeter Patienten und Bedienung der medizinischen Geräte", "Pflegedokumentation im Krankenhausinformationssystem"},
		benefits:  []string{"Vergütung nach TVöD-P", "30 Tage Urlaub und Jobticket"},
	},
	{
		file: "nurse_fr", language: "fr",
		title: "Infirmier / Infirmière", company: "Clinique des Tilleuls", city: "Lyon", country: "France", remote: "", employment: "Permanent, Full-time",
		deadline: "2026-06-30", email: "recrutement@tilleuls.example.org",
		years:     2,
		required:  []string{"Diplôme d'État d'infirmier obligatoire", "2 ans d'expérience en milieu hospitalier"},
		preferred: []string{"La maîtrise de l'anglais serait un plus"},
		tasks:     []string{"Assurer les soins infirmiers auprès des patients", "Participer à la rédaction des dossiers de soins"},
		benefits:  []string{"Mutuelle et tickets restaurant"},
	},
	{
		file: "prose_de", language: "de",
		title: "Elektroniker für Energie- und Gebäudetechnik", company: "Elektro Falkner GmbH", city: "Leipzig", country: "", remote: "", employment: "Full-time",
		link:      "https://elektro-falkner.example.org/jobs",
		years:     3,
		required:  []string{"Sie haben eine abgeschlossene Ausbildung als Elektroniker und mindestens drei Jahre Berufserfahrung.", "Ein Führerschein der Klasse B ist zwingend erforderlich"},
		preferred: []string{"Kenntnisse in KNX sind von Vorteil."},
		tasks:     []string{"Sie installieren Beleuchtungsanlagen und Zählerschränke in Neubauten und warten bestehende Anlagen bei unseren Kunden."},
		benefits:  []string{"Wir bieten ein Jahresgehalt von 42.000 Euro und einen Dienstwagen."},
	},
	{
		file: "prose_en", language: "en",
		title: "Staff Accountant", company: "Brightleaf Accounting LLC", city: "Austin", country: "", remote: "", employment: "",
		email:     "hiring@brightleaf.example.com",
		years:     3,
		required:  []string{"You have 3+ years of experience in public accounting and a bachelor's degree in accounting.", "You must be fluent in QuickBooks and Excel."},
		preferred: []string{"A CPA license is a plus."},
		tasks:     []string{"You will prepare monthly financial statements and reconcile bank accounts for about thirty small businesses.", "You'll also help our partners during tax season."},
		benefits:  []string{"We offer health insurance and 20 days of paid time off."},
	},
	{
		file: "skills_only", language: "en",
		title: "Frontend", company: "", city: "", country: "", remote: "", employment: "",
		required: []string{"React, TypeScript, GraphQL.", "Jest.", "Cypress."},
	},
	{
		file: "teacher_en", language: "en",
		title: "Mathematics Teacher (Secondary)", company: "Riverside Academy", city: "Bristol", country: "", remote: "", employment: "",
		deadline:  "2026-06-12",
		required:  []string{"Qualified Teacher Status (QTS)", "Degree in mathematics or a related subject", "Good classroom management"},
		preferred: []string{"Experience of teaching A-level", "First aid certificate"},
		tasks:     []string{"Teach mathematics to Key Stage 3 and 4", "Plan lessons and assess pupils' progress", "Take part in parents' evenings"},
	},
	{
		file: "waiter_es", language: "es",
		title: "Camarero/a de sala", company: "Hotel Mirador del Mar", city: "Málaga", country: "España", remote: "", employment: "Full-time",
		years:     2,
		required:  []string{"Mínimo dos años de experiencia en hostelería", "Nivel medio de inglés"},
		preferred: []string{"Se valorará conocimiento de vinos"},
		tasks:     []string{"Atender a los clientes en el comedor", "Preparar las mesas y el bar"},
		benefits:  []string{"Contrato indefinido y comidas incluidas"},
	},
	{
		file: "wrapped_prose", language: "en",
		title: "Hotel Receptionist", company: "The Harbour Inn", city: "Cork", country: "Ireland", remote: "", employment: "",
		years:     1,
		required:  []string{"We expect at least one year of experience at a hotel front desk and very good spoken English."},
		preferred: []string{"Knowledge of French or Spanish would be great."},
		tasks:     []string{"In this role you will welcome guests, take reservations by phone and manage check-in and check-out in Opera PMS."},
		benefits:  []string{"We offer meals on duty and a uniform."},
	},
}

func jobParser(t testing.TB) *structure.Parser {
	t.Helper()
	v, err := skills.Load()
	require.NoError(t, err)
	return structure.New(v)
}

func readJob(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "jobs", name+".txt"))
	require.NoError(t, err)
	return string(data)
}

func TestJobFindsTheParts(t *testing.T) {
	parser := jobParser(t)
	for _, c := range jobCases {
		t.Run(c.file, func(t *testing.T) {
			job := parser.Job(readJob(t, c.file))
			d := job.Data
			got := jobCase{
				file: c.file, language: job.Language, title: d.JobTitle, company: d.CompanyProfile.Name,
				city: d.Location.City, country: d.Location.Country, remote: d.Location.RemoteType, employment: d.EmploymentType,
				posted: d.DatePosted, deadline: d.ApplicationInfo.Deadline, email: d.ApplicationInfo.Email, link: d.ApplicationInfo.ApplyLink,
				years: d.MinExperienceYears, required: filled(d.Qualifications.Required), preferred: filled(d.Qualifications.Preferred),
				tasks: filled(d.KeyResponsibilities), benefits: filled(d.CompensationBenefits),
			}
			assert.Equal(t, c, got)
			assert.True(t, d.ProcessedAt.IsZero(), "the caller sets the time")
		})
	}
}

func filled(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}

func TestJobSourcesPointAtTheirValues(t *testing.T) {
	parser := jobParser(t)
	marks := strings.NewReplacer("**", "", "`", "")
	for _, c := range jobCases {
		t.Run(c.file, func(t *testing.T) {
			text := readJob(t, c.file)
			job := parser.Job(text)
			at := map[string]string{}
			for _, s := range job.Sources {
				quote := text[s.Start:s.End]
				assert.Equal(t, 1+strings.Count(text[:s.Start], "\n"), s.Line, s.Path)
				at[s.Path] = strings.Join(strings.Fields(marks.Replace(quote)), " ")
			}
			for path, value := range jobValues(job.Data) {
				assert.Contains(t, at[path], value, path)
			}
			assert.True(t, slices.IsSortedFunc(job.Sources, func(a, b models.Source) int { return strings.Compare(a.Path, b.Path) }))
		})
	}
}

// jobValues returns the values a posting states in its own words, by path.
func jobValues(d models.JobData) map[string]string {
	values := map[string]string{}
	for prefix, list := range map[string][]string{
		"qualifications.required": d.Qualifications.Required, "qualifications.preferred": d.Qualifications.Preferred,
		"key_responsibilities": d.KeyResponsibilities, "compensation_and_benefits": d.CompensationBenefits,
	} {
		for i, value := range list {
			values[prefix+"["+strconv.Itoa(i)+"]"] = value
		}
	}
	for path, value := range map[string]string{
		"company_profile.companyName": d.CompanyProfile.Name, "location.text": d.Location.Text, "location.city": d.Location.City,
		"application_info.contact_email": d.ApplicationInfo.Email, "application_info.apply_link": d.ApplicationInfo.ApplyLink,
	} {
		if value != "" {
			values[path] = value
		}
	}
	return values
}

func TestJobReadsTheSameWithWindowsLineEnds(t *testing.T) {
	parser := jobParser(t)
	for _, c := range jobCases {
		text := readJob(t, c.file)
		assert.Equal(t, parser.Job(text).Data, parser.Job(strings.ReplaceAll(text, "\n", "\r\n")).Data, c.file)
	}
}

func TestJobNeverTakesLegalNotesForDemands(t *testing.T) {
	parser := jobParser(t)
	for name, note := range map[string]string{
		"equal opportunity": "We are an equal opportunity employer. All qualified applicants with experience in any field receive consideration regardless of age or religion.",
		"headed note":       "Equal Opportunity Employer\nYou must have the right to equal treatment. We value experience from all walks of life.",
		"disability":        "Schwerbehinderte Menschen mit Erfahrung werden bei gleicher Eignung bevorzugt.",
		"privacy":           "Datenschutz\nSie haben das Recht auf Auskunft. Kenntnisse der DSGVO sind vorhanden.",
		"own experience":    "We have more than 20 years of experience in logistics.",
	} {
		t.Run(name, func(t *testing.T) {
			got := parser.Job("Truck Driver\n\nYou must have a driving licence of class CE.\n\n" + note + "\n").Data.Qualifications
			assert.Equal(t, []string{"You must have a driving licence of class CE."}, got.Required)
			assert.Empty(t, got.Preferred)
		})
	}
}

func TestJobTellsTheWishedForFromTheRequired(t *testing.T) {
	parser := jobParser(t)
	for entry, want := range map[string]models.Qualifications{
		"Terraform is a plus":                        {Preferred: []string{"Terraform is a plus"}},
		"Docker, Kubernetes or Helm are a plus":      {Preferred: []string{"Docker, Kubernetes or Helm are a plus"}},
		"Kenntnisse in DATEV sind von Vorteil":       {Preferred: []string{"Kenntnisse in DATEV sind von Vorteil"}},
		"5 years of Java, ideally with Spring Boot":  {Required: []string{"5 years of Java"}, Preferred: []string{"ideally with Spring Boot"}},
		"AWS or Azure (Terraform preferred)":         {Required: []string{"AWS or Azure"}, Preferred: []string{"Terraform preferred"}},
		"SQL (nice to have)":                         {Preferred: []string{"SQL (nice to have)"}},
		"La maîtrise de SAP serait un atout":         {Preferred: []string{"La maîtrise de SAP serait un atout"}},
		"Se valorará experiencia con SAP":            {Preferred: []string{"Se valorará experiencia con SAP"}},
		"SAP ist erforderlich, DATEV wünschenswert":  {Required: []string{"SAP ist erforderlich"}, Preferred: []string{"DATEV wünschenswert"}},
		"Experience with ERP; CRM would be an asset": {Required: []string{"Experience with ERP"}, Preferred: []string{"CRM would be an asset"}},
	} {
		t.Run(entry, func(t *testing.T) {
			got := parser.Job("Requirements\n- Punctual\n- " + entry + "\n").Data.Qualifications
			want.Required = append([]string{"Punctual"}, want.Required...)
			assert.Equal(t, want.Required, got.Required)
			assert.Equal(t, filled(want.Preferred), filled(got.Preferred))
		})
	}
}

func TestMinimumYears(t *testing.T) {
	for text, want := range map[string]float64{
		"5+ years of experience in Go":                       5,
		"3-5 years in UX design":                             3,
		"at least two (2) years of experience":               2,
		"Mindestens fünf Jahre Berufserfahrung":              5,
		"2 Jahre Erfahrung, davon 1 Jahr als Leiter":         2,
		"3 ans d'expérience":                                 3,
		"dos años de experiencia":                            2,
		"Ten years' experience as a cook":                    10,
		"Must be 18 years or older":                          0,
		"You are at least 21 years of age with a licence":    0,
		"a four-year degree in biology":                      0,
		"Experience with Windows 11":                         0,
		"1.5 years of experience with children":              1.5,
		"Befristet auf 2 Jahre, mit Erfahrung in der Pflege": 0,
	} {
		assert.Equal(t, want, structure.MinimumYears(text), text)
	}
}

func FuzzJob(f *testing.F) {
	for _, c := range jobCases {
		f.Add(readJob(f, c.file))
	}
	f.Add("Requirements:\n-\n- (\n**\n[a](b)\n| x |\nLocation:\n")
	v, err := skills.Load()
	require.NoError(f, err)
	parser := structure.New(v)
	f.Fuzz(func(t *testing.T, text string) {
		job := parser.Job(text)
		d := job.Data
		if d.Qualifications.Required == nil || d.Qualifications.Preferred == nil || d.KeyResponsibilities == nil || d.CompensationBenefits == nil || d.ExtractedKeywords == nil {
			t.Fatal("a list is nil")
		}
		for _, s := range job.Sources {
			if s.Start < 0 || s.End > len(text) || s.Start >= s.End {
				t.Fatalf("source of %s at %d to %d of %d", s.Path, s.Start, s.End, len(text))
			}
		}
		if !utf8.ValidString(text) {
			return
		}
		for path, value := range jobValues(d) {
			if !utf8.ValidString(value) || strings.TrimSpace(value) == "" {
				t.Fatalf("%s is %q", path, value)
			}
		}
	})
}
