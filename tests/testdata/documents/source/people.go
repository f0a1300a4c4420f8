package main

// person is an invented applicant.
type person struct {
	Lang, Name, Headline, Email, Phone, City, Link string
	Sections                                       []section
}

// section holds a paragraph, entries or items.
type section struct {
	Title, Text string
	Entries     []entry
	Items       []string
	Side        bool // stands in the sidebar of layouts with two columns
}

type entry struct {
	Title, Organization, Dates string
	Bullets                    []string
}

var people = map[string]person{
	"en": {
		Lang: "en", Name: "Nora Vance", Headline: "Payments Engineer",
		Email: "nora.vance@example.com", Phone: "+1 206 555 0117", City: "Seattle, WA", Link: "https://nora.example.org/work",
		Sections: []section{
			{Title: "Summary", Text: "Engineer with nine years in payment and ledger systems, who prefers boring technology, measured changes and documentation that new colleagues can follow on their first day."},
			{Title: "Experience", Entries: []entry{
				{"Senior Software Engineer", "Bluefinch Payments", "March 2020 – present", []string{
					"Rewrote the settlement service in Go, which cut the nightly run from four hours to eighteen minutes",
					"Introduced idempotency keys across six services and removed double bookings for good",
					"Mentored five engineers, two of whom now lead teams of their own"}},
				{"Software Engineer", "Harbor Freight Analytics", "June 2016 – February 2020", []string{
					"Built ingestion pipelines on PostgreSQL and Kafka for 40 million events a day",
					"Reduced cloud spending by 31% with right-sized clusters and scheduled jobs"}},
			}},
			{Title: "Education", Entries: []entry{{"BSc Computer Science", "University of Northmoor", "2012 – 2016", nil}}},
			{Title: "Skills", Side: true, Items: []string{"Go", "PostgreSQL", "Kafka", "Kubernetes", "C++", "CI/CD"}},
			{Title: "Languages", Side: true, Items: []string{"English: native", "Spanish: fluent"}},
		},
	},
	"de": {
		Lang: "de", Name: "Jonas Brückner", Headline: "Projektleiter Anlagenbau",
		Email: "jonas.brueckner@example.org", Phone: "+49 30 23125 042", City: "Berlin", Link: "https://brueckner.example.org",
		Sections: []section{
			{Title: "Kurzprofil", Text: "Maschinenbauingenieur mit zwölf Jahren Erfahrung in Planung, Bau und Inbetriebnahme von Förderanlagen, vom ersten Angebot bis zur Übergabe an den Betreiber."},
			{Title: "Berufserfahrung", Entries: []entry{
				{"Projektleiter", "Kranwerk Spree GmbH", "04/2018 – heute", []string{
					"Leitung von drei Großprojekten mit einem Budget von je 8 Mio. Euro",
					"Senkung der Nacharbeit um 22 % durch frühe Abstimmung mit den Zulieferern",
					"Führung eines Teams von neun Fachkräften an zwei Standorten"}},
				{"Konstrukteur", "Förderbau Müller & Söhne", "09/2012 – 03/2018", []string{
					"Auslegung von Gurtförderern nach DIN 22101",
					"Einführung einer gemeinsamen Teilebibliothek in CAD"}},
			}},
			{Title: "Ausbildung", Entries: []entry{{"Diplom Maschinenbau", "Technische Hochschule Havelstadt", "2007 – 2012", nil}}},
			{Title: "Kenntnisse", Side: true, Items: []string{"AutoCAD", "SAP PM", "MS Project", "Schweißtechnik"}},
			{Title: "Sprachen", Side: true, Items: []string{"Deutsch: Muttersprache", "Englisch: verhandlungssicher"}},
		},
	},
	"fr": {
		Lang: "fr", Name: "Élise Morvan", Headline: "Infirmière coordinatrice",
		Email: "elise.morvan@example.org", Phone: "+33 1 99 00 12 34", City: "Nantes", Link: "https://morvan.example.org",
		Sections: []section{
			{Title: "Profil", Text: "Infirmière diplômée d’État depuis dix ans, habituée à coordonner les soins entre l’hôpital, la ville et les familles, avec le souci d’une transmission claire."},
			{Title: "Expérience professionnelle", Entries: []entry{
				{"Infirmière coordinatrice", "Clinique des Glycines", "2019 – 2025", []string{
					"Coordination des sorties de 30 patients par semaine avec les équipes de ville",
					"Mise en place d’un protocole qui a réduit de 18 % les réadmissions à sept jours",
					"Formation de douze infirmières à l’éducation thérapeutique"}},
				{"Infirmière en cardiologie", "Centre hospitalier du Ponant", "2014 – 2019", []string{
					"Surveillance de seize lits de soins continus",
					"Tenue du dossier de soins informatisé et accueil des élèves"}},
			}},
			{Title: "Formation", Entries: []entry{{"Diplôme d’État d’infirmière", "Institut de formation d’Armor", "2011 – 2014", nil}}},
			{Title: "Compétences", Side: true, Items: []string{"Éducation thérapeutique", "Gestion des risques", "Soins palliatifs"}},
			{Title: "Langues", Side: true, Items: []string{"Français : langue maternelle", "Breton : courant"}},
		},
	},
	"es": {
		Lang: "es", Name: "Lucía Ferrán Ortega", Headline: "Responsable de logística",
		Email: "lucia.ferran@example.com", Phone: "+34 555 010 123", City: "Zaragoza", Link: "https://ferran.example.com",
		Sections: []section{
			{Title: "Perfil profesional", Text: "Responsable de logística con ocho años de experiencia en almacenes de alimentación, acostumbrada a medir, a escuchar a los equipos y a simplificar los recorridos."},
			{Title: "Experiencia laboral", Entries: []entry{
				{"Responsable de almacén", "Distribuciones Valdemar", "enero 2020 – actualidad", []string{
					"Dirección de un almacén de 12.000 m² con 45 personas en tres turnos",
					"Reducción del 27 % de los errores de preparación con lectura de códigos",
					"Negociación de tarifas con ocho transportistas"}},
				{"Técnica de transporte", "Transportes Ebro Norte", "septiembre 2016 – diciembre 2019", []string{
					"Planificación diaria de 60 rutas con SAP TM",
					"Seguimiento de la cadena de frío y de las incidencias"}},
			}},
			{Title: "Educación", Entries: []entry{{"Grado en Administración", "Universidad del Moncayo", "2012 – 2016", nil}}},
			{Title: "Habilidades", Side: true, Items: []string{"SAP TM", "Lean", "Excel", "Gestión de equipos"}},
			{Title: "Idiomas", Side: true, Items: []string{"Español: nativo", "Inglés: B2"}},
		},
	},
}
