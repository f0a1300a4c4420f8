package llm

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/structure"
)

// person is made up; hidden are words that must not leave the process even on their own.
type person struct {
	info   models.PersonalInfo
	hidden []string
}

func people() []person {
	of := func(name, email, phone, location, link string, hidden ...string) person {
		return person{models.PersonalInfo{Name: name, Email: email, Phone: phone, Location: location, LinkedIn: link}, append(hidden, name, email, phone, link)}
	}
	return []person{
		of("Robin Example", "robin@example.com", "+1 555 010 0199", "Springfield, IL", "linkedin.com/in/robin-example", "Robin", "Example"),
		of("Wei Li", "wei.li@example.org", "+1 (555) 010-0123", "12 Elm Street, Springfield", "https://www.linkedin.com/in/weili88", "Wei", "12 Elm Street"),
		of("Li", "li@example.com", "555-010-0124", "Portland", "linkedin.com/in/li-555"),
		of("Mark Price", "mark.price@example.com", "(555) 010-0125", "Austin, TX", "linkedin.com/in/markprice", "Mark", "Price", "markprice"),
		of("Rose May", "rose@may.example", "+44 20 7946 0958", "221B Baker Street, London", "linkedin.com/in/rose-may-1", "Rose", "May", "221B Baker Street"),
		of("O'Brien-Müller", "ob.mueller@example.com", "+353 20 915 0001", "Cork", "linkedin.com/in/obrienmueller", "Brien", "Müller", "Mueller", "Muller"),
		of("Sean O'Neill", "sean@example.ie", "+353 1 555 0101", "Dublin", "linkedin.com/in/sean-oneill", "Sean", "Neill"),
		of("Dr. Anna Weber", "a.weber@example.de", "+49 30 23125 012", "Lindenstraße 12, 10115 Berlin", "linkedin.com/in/anna-weber-9", "Anna", "Weber", "Lindenstraße 12"),
		of("Jürgen Groß", "juergen.gross@example.de", "030/23125013", "Unter den Linden 77, 10117 Berlin", "xing.com/profile/Juergen_Gross", "Jürgen", "Juergen", "Groß", "Gross", "Unter den Linden 77"),
		of("Anna von der Heide", "heide@example.de", "0171 5550123", "Am Alten Markt 5, 50667 Köln", "linkedin.com/in/annavdheide", "Anna", "Heide", "Am Alten Markt 5"),
		of("Karl-Heinz Bäcker", "kh@example.de", "0049 171 5550124", "Hauptstr. 7a, 80331 München", "linkedin.com/in/khb-123", "Karl", "Heinz", "Bäcker", "Hauptstr. 7a"),
		of("Prof. Dr.-Ing. Petra Schmidt", "p.schmidt@example.de", "+49 (0)89 5550125", "Postfach 12 34, München", "linkedin.com/in/petra-s-1", "Petra", "Schmidt"),
		of("Ayşe Yılmaz", "ayse@example.de", "+49 171 5550126", "Köln", "linkedin.com/in/ayse-y-2", "Ayşe", "Yılmaz"),
		of("Łukasz Żółć", "lukasz@example.pl", "+48 601 234 567", "Kraków", "linkedin.com/in/lukasz-z-3", "Łukasz", "Lukasz", "Żółć"),
		of("Zoë d'Arcy", "zoe@example.fr", "+33 6 39 98 01 23", "12 bis, rue des Lilas, 75011 Paris", "linkedin.com/in/zoe-d-4", "Zoë", "Zoe", "Arcy", "12 bis, rue des Lilas"),
		of("Jean-Pierre Lefèvre", "jp.lefevre@example.fr", "06 39 98 01 24", "8 avenue Victor Hugo, Lyon", "linkedin.com/in/jplefevre", "Jean", "Pierre", "Lefèvre", "Lefevre", "8 avenue Victor Hugo"),
		of("Marie de la Tour", "marie@tour.example", "01.99.00.12.34", "Lille", "linkedin.com/in/mdlt-55", "Marie", "Tour"),
		of("Blanche Petit", "b.petit@example.fr", "+33 1 99 00 12 35", "Paris", "linkedin.com/in/blanche-p-6", "Blanche", "Petit"),
		of("François L'Hôte", "f@example.fr", "+33 1 99 00 12 36", "Brest", "linkedin.com/in/f-lhote-7", "François", "Francois", "Hôte"),
		of("José María Muñoz", "jm@example.es", "612 34 56 78", "Calle del Sol, 12, 28013 Madrid", "linkedin.com/in/jm-munoz-8", "José", "María", "Maria", "Muñoz", "Calle del Sol, 12"),
		of("Ana de los Ríos", "ana@example.es", "+34 612 34 56 79", "Avda. de la Paz 3, Sevilla", "linkedin.com/in/ana-r-9", "Ana", "Ríos", "Avda. de la Paz 3"),
		of("Pilar Cruz Iglesias", "pilar@example.es", "+34 91 123 45 67", "Bilbao", "linkedin.com/in/pilar-c-10", "Pilar", "Cruz", "Iglesias"),
		of("Ángel Rey", "angel.rey@example.es", "91 123 45 68", "Cádiz", "linkedin.com/in/angelrey11", "Ángel", "Angel", "Rey"),
		of("Will Long", "will@example.com", "+1 555 010 0126", "Denver", "linkedin.com/in/will-long-12", "Will", "Long"),
		of("Grace Young, RN, BSN", "grace@example.com", "+1 555 010 0127", "Boston", "linkedin.com/in/grace-y-13", "Grace", "Young"),
		of("DOE, JANE", "jane.doe@example.com", "1-555-010-0128", "Salem", "linkedin.com/in/janedoe14", "Jane", "Doe"),
		of("王伟", "wang@example.cn", "+86 138 0013 8000", "上海", "linkedin.com/in/wang-15"),
		of("김민수", "kim@example.kr", "+82 2 555 0129", "서울", "linkedin.com/in/kim-ms-16"),
		of("Ng Bo", "ng.bo@example.sg", "+65 6555 0130", "Singapore", "linkedin.com/in/ngbo17", "Ng Bo"),
		of("Name Email", "name@example.com", "+1 555 010 0131", "Reno", "linkedin.com/in/name-18", "Name", "Email"),
		of("Jose\u0301 Nu\u0301n\u0303ez", "nunez@example.es", "+34 612 34 56 80", "Vigo", "linkedin.com/in/nunez19", "José", "Núñez", "Nunez"),
		of("X Æ Sørensen", "xs@example.dk", "+45 12 34 56 78", "Aarhus", "linkedin.com/in/soren-20", "Sørensen", "Sorensen"),
	}
}

// documentOf uses a person's data in the ways documents do.
func documentOf(p person) string {
	i := p.info
	lines := []string{
		"# " + i.Name, i.Email + " | " + i.Phone + " | " + i.Location + " | " + i.LinkedIn, strings.ToUpper(i.Name),
		i.Name + "'s portfolio and " + i.Name + "’s talks", "mailto:" + i.Email, "https://" + strings.TrimPrefix(i.LinkedIn, "https://") + "/details?x=1",
		"May 2020 – June 2021: marked long prices, will rose; der Umsatz und die Kosten von 2019 (12 %)", "C:\\" + i.Name + "\\cv.pdf",
		"[NAME] and [[EMAIL_1]] and [[ name ]] and \\[PHONE\\] and [[TEXT_1]] and [[NAME]][[NAME]]", "(" + i.Name + ")[" + i.Email + "]",
		"Gerund: naming, emails, prices, roses, examples, youngest",
	}
	for _, word := range p.hidden {
		lines = append(lines, "x "+word+" y", "["+word+"]", "_"+word+"_", word+", "+word+"\n"+word, strings.ToLower(word))
	}
	return strings.Join(lines, "\n")
}

func TestWhatIsHiddenComesBack(t *testing.T) {
	for i, p := range people() {
		text := documentOf(p)
		hider := NewPseudonyms(p.info, text)
		hiddenText := hider.Hide(text)
		require.NotEqual(t, text, hiddenText, "person %d", i)
		assert.Equal(t, text, hider.Restore(hiddenText), "person %d", i)
		assert.Equal(t, hiddenText, NewPseudonyms(p.info, text).Hide(text), "person %d", i)
		assert.Equal(t, hiddenText, hider.Hide(text), "person %d", i)
	}
}

func TestNothingPersonalIsLeft(t *testing.T) {
	for i, p := range people() {
		text := NewPseudonyms(p.info).Hide(documentOf(p))
		bare := placeholder.ReplaceAllString(text, " ")
		for k, value := range p.hidden {
			assertNoWord(t, bare, value, "person %d, value %d", i, k)
		}
		assert.NotContains(t, bare, "@example", "person %d", i)
		assert.NotContains(t, bare, "linkedin", "person %d", i)
		assert.Contains(t, text, "(12 %)", "person %d", i)
		assert.Contains(t, text, "2020", "person %d", i)
	}
}

// assertNoWord checks that value stands nowhere in text as a word of its own, in any case and spelling.
func assertNoWord(t *testing.T, text, value string, message ...any) {
	t.Helper()
	text, value = fold(text), fold(value)
	for at := 0; ; {
		i := strings.Index(text[at:], value)
		if i < 0 {
			return
		}
		start, end := at+i, at+i+len(value)
		if standsApart(text, start, end) {
			assert.Fail(t, "a hidden value is left", message...)
			return
		}
		at = end
	}
}

func TestHidingLeavesOtherWordsAlone(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"Mark Price", "Marketing and pricing of trademarks; priceless remarks"},
		{"Rose May", "roses, Rosemary, maybe, mayor, dismay"},
		{"Wei Li", "Li-ion cells, lithium, weights"},
		{"Anna von der Heide", "Leiter der Abteilung von 2019, Annahme, heidnisch"},
		{"Marie de la Tour", "de la formation, touristes, tournée, Mariette"},
		{"Robin Example", "Built services with Node.js, ASP.NET and booking.com's API v1.2.3 in 2019–2022 for 1.234.567,89 €"},
		{"Robin Foo", "Software Engineering 2019, Verkäufer 24, Im Jahr 2020, 5 years, Team of 12, Viable 20, 12 cours de formation"},
	} {
		assert.Equal(t, c.text, NewPseudonyms(models.PersonalInfo{Name: c.name}).Hide(c.text))
	}
}

func TestAValueThatSaysThereIsNoneHidesNothing(t *testing.T) {
	p := NewPseudonyms(models.PersonalInfo{Name: "-", Email: "none", Phone: "-", Location: "-", LinkedIn: "none", GitHub: "n/a", Website: "keine"})
	const text = "None of them - keine, none, n/a - was late."
	assert.Equal(t, text, p.Hide(text))
}

func TestPlaceholdersTellWhatTheyStandFor(t *testing.T) {
	info := models.PersonalInfo{
		Name: "Dr. Jane Doe", Email: "jane@example.com", Phone: "+1 (555) 010-0199", Location: "12 Elm Street, Springfield",
		LinkedIn: "linkedin.com/in/jane-doe", GitHub: "https://github.com/janedoe", Website: "janedoe.example",
	}
	p := NewPseudonyms(info)
	for _, c := range []struct{ in, want string }{
		{"Dr. Jane Doe", "Dr. [[NAME]]"},
		{"Jane Doe’s team", "[[NAME]]’s team"},
		{"JANE DOE und Janes Team", "[[NAME_2]] und [[NAME_3]]s Team"},
		{"jane@example.com", "[[EMAIL_1]]"},
		{"+1 (555) 010-0199", "[[PHONE_1]]"},
		{"12 Elm Street, Springfield", "[[STREET_1]], Springfield"},
		{"linkedin.com/in/jane-doe.", "[[LINK_1]]."},
		{"https://github.com/janedoe", "[[LINK_2]]"},
		{"see janedoe.example, please", "see [[LINK_3]], please"},
		{"https://www.janedoe.example/cv.pdf", "[[LINK_4]]"},
		{"github.com/janedoe/tools", "[[LINK_5]]"},
		{"[[NAME]] [name]", "[[TEXT_1]] [[TEXT_2]]"},
	} {
		in, want := c.in, c.want
		assert.Equal(t, want, p.Hide(in))
		assert.Equal(t, in, p.Restore(p.Hide(in)))
	}
	for _, in := range []string{"555 010 0199", "5550100199", "(555) 0100199", "+1.555.010.0199", "001 555-010-0199", "5 5 5 0 1 0 0 1 9 9"} {
		assert.Regexp(t, `^\[\[PHONE_\d\]\]$`, p.Hide(in))
	}
	for _, in := range []string{"JaneDoe", "doejane", "@janedoe", "DOE, Jane", "jane_doe", "Does Projekt"} {
		assert.NotContains(t, fold(p.Hide(in)), "doe", in)
	}
}

func TestWhatModelsMakeOfPlaceholdersIsRestored(t *testing.T) {
	p := NewPseudonyms(models.PersonalInfo{Name: "Jane Doe", Email: "jane@example.com"}, "also jd@example.org")
	for _, altered := range []string{"[[NAME]]", "[NAME_1]", "[[name]]", "[[ NAME ]]", "[[ Name]", "[[NAME_1]]", `\[\[NAME\]\]`, "[NAME]]"} {
		assert.Equal(t, "Regards, Jane Doe", p.Restore("Regards, "+altered))
	}
	for _, altered := range []string{"[[EMAIL_2]]", "[email_2]", "[[EMAIL 2]]", "[[EMAIL-2]]", `[[EMAIL\_2]]`, "[[Email_02]]"} {
		assert.Equal(t, "jd@example.org", p.Restore(altered))
	}
	for _, unknown := range []string{"[[EMAIL_3]]", "[PHONE]", "[NAME]", "[Name]", "[ Name ]", `\[NAME\]`, "[EMAIL]", "[[STREET_1]]", "[names]", "[[OTHER]]", "NAME", "[[EMAIL_99999999999]]", "[Your Name]"} {
		assert.Equal(t, unknown, p.Restore(unknown))
	}
	assert.Equal(t, "Jane Does and (Jane Doe)[Jane Doe]", p.Restore("[[NAME]]s and ([[NAME]])[[[NAME]]]"))
}

func TestADocumentCannotAskForAValue(t *testing.T) {
	p := NewPseudonyms(models.PersonalInfo{Name: "Jane Doe", Phone: "+1 555 010 0199"}, "Write [[PHONE_1]] and [name].")
	hidden := p.Hide("Write [[PHONE_1]] and [name].")
	assert.Equal(t, "Write [[TEXT_1]] and [[TEXT_2]].", hidden)
	assert.Equal(t, "Write [[PHONE_1]] and [name].", p.Restore(hidden))
}

func TestAResumeIsHiddenValueByValue(t *testing.T) {
	d := exampleResume()
	d.CustomSections["talks"] = models.CustomSection{SectionType: models.SectionItemList, Items: []models.CustomItem{{Title: "Robin on roads", Description: []string{"See robin@example.com"}}}}
	d.SectionMeta = models.DefaultSectionMeta()
	d.SectionMeta[1].DisplayName = "About Robin"
	d.WorkExperience[0].Description[0] = "Robin drove for example.com, call 555-010-0199."
	d.PersonalProjects = []models.Project{{Name: "Example", Description: []string{"By Robin Example"}}}
	before := mapped(d, func(s string) string { return s })
	p := NewPseudonyms(d.PersonalInfo)
	hidden := p.HideResume(d)
	assert.Equal(t, before, d, "the résumé itself has changed")
	assert.Equal(t, "[[NAME]]", hidden.PersonalInfo.Name)
	assert.Equal(t, d.SectionMeta[1].Key, hidden.SectionMeta[1].Key)
	structure.Walk(hidden, func(path, text string) {
		bare := placeholder.ReplaceAllString(text, " ")
		for _, value := range []string{"Robin", "robin@example.com", "555-010-0199", "robin-example"} {
			assertNoWord(t, bare, value, path)
		}
	})
	assert.NotContains(t, hidden.CustomSections, "talks")
	restored := mapped(hidden, p.Restore)
	sections := map[string]models.CustomSection{}
	for key, section := range restored.CustomSections {
		path := p.RestorePath("customSections." + key + ".strings[0]")
		sections[strings.TrimSuffix(strings.TrimPrefix(path, "customSections."), ".strings[0]")] = section
	}
	restored.CustomSections = sections
	assert.Equal(t, before, restored)
}

func TestKeysOfSectionsNameNobody(t *testing.T) {
	d := models.ResumeData{
		PersonalInfo: models.PersonalInfo{Name: "Zora Quill"},
		CustomSections: map[string]models.CustomSection{
			"talksByZora": {SectionType: models.SectionStringList, Strings: []string{"On roads"}},
			"marginalia":  {SectionType: models.SectionStringList, Strings: []string{"Phone:"}},
			"awards":      {SectionType: models.SectionStringList, Strings: []string{"Prize"}},
		},
		SectionMeta: []models.SectionMeta{{ID: "talksByZora", Key: "talksByZora", DisplayName: "Talks by Zora", SectionType: models.SectionStringList}},
	}
	p := NewPseudonyms(d.PersonalInfo)
	lines := resumeLines(p.HideResume(d), isTailored)
	assert.NotContains(t, lines, "Zora")
	assert.Contains(t, lines, "On roads")
	assert.NotContains(t, lines, "Phone:")
	path, _, _ := strings.Cut(lines, ": ")
	assert.Equal(t, "customSections.talksByZora.strings[0]", p.RestorePath(path))
	assert.Equal(t, "summary", p.RestorePath("summary"))
	assert.Equal(t, "customSections.other.text", p.RestorePath("customSections.other.text"))
}

func TestShortPartsOfNamesAreHiddenWithACapital(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"Lian Wu", "Ms. Wu led. WU wrote; wu is no word, Wu-Tang neither.", "Ms. [[NAME_2]] led. [[NAME_3]] wrote; wu is no word, Wu-Tang neither."},
		{"Marie de la Tour", "De Luxe, La Rochelle", "De Luxe, La Rochelle"},
		{"Wei-Li Chan", "Wei-Li spoke", "[[NAME_2]] spoke"},
	} {
		p := NewPseudonyms(models.PersonalInfo{Name: c.name})
		assert.Equal(t, c.want, p.Hide(c.text))
		assert.Equal(t, c.text, p.Restore(p.Hide(c.text)))
	}
}

func TestAPersonWhoseNameWasNotReadIsHiddenToo(t *testing.T) {
	for _, c := range []struct {
		name, text, filename string
		info                 models.PersonalInfo
	}{
		{name: "first line", text: "# Zora Quill\n\nBackend Engineer\n\nZora wrote runbooks."},
		{name: "lower case", text: "zora quill\nbackend engineer\n\nzora wrote runbooks."},
		{name: "behind a heading", text: "# Curriculum Vitae\n\nZORA QUILL | Backend Engineer\n\nZora wrote."},
		{name: "behind a label", text: "Lebenslauf\n\nName: Zora Quill\n\nZora wrote."},
		{name: "of the address", text: "Backend Engineer\n\nzora.quill@example.org\n\nZora Quill wrote runbooks."},
		{name: "of the known address", text: "Backend Engineer\n\nZora and Quill wrote.", info: models.PersonalInfo{Email: "quill_zora-7@example.org"}},
		{name: "of the file", text: "Backend Engineer\n\nZora Quill wrote.", filename: "2024_Zora-Quill_Resume_final.pdf"},
		{name: "of the file without signs", text: "Backend Engineer\n\nZora Quill wrote.", filename: "ZoraQuillCV.pdf"},
		{name: "of half a name", text: "Backend Engineer\n\nZora Quill wrote.", filename: "zora_quill.pdf", info: models.PersonalInfo{Name: "Zora"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			hidden := PseudonymsOf(c.info, c.text, c.filename).Hide(c.text)
			assertNoWord(t, hidden, "zora")
			assertNoWord(t, hidden, "quill")
			assert.Contains(t, fold(hidden), "wrote")
			assert.Contains(t, fold(c.text), "zora")
		})
	}
}

func TestGuessingANameSparesOtherWords(t *testing.T) {
	for _, c := range []struct {
		text, filename string
		info           models.PersonalInfo
	}{
		{"# Backend Engineer\n\nSoftware Developer\n\nWrote runbooks.", "senior_software_engineer_cv.docx", models.PersonalInfo{Email: "info@example.org"}},
		{"# Robin Foo\n\nRuns quickly.", "quickly.pdf", models.PersonalInfo{Name: "Ada Bar"}},
	} {
		got := PseudonymsOf(c.info, c.text, c.filename).Hide(c.text)
		assert.Equal(t, c.text, got)
	}
}

func TestAnswersAreRestoredInsideOfTheirJSON(t *testing.T) {
	p := NewPseudonyms(models.PersonalInfo{Name: `Jane "JD" Doe`, Location: "Rue \"A\" 5"})
	hidden := p.Hide(`Jane "JD" Doe`)
	restored, err := p.RestoreJSON(`{"n":1.50,"list":[` + quoted(hidden+" <3") + `],"[[NAME]]":true}`)
	require.NoError(t, err)
	assert.JSONEq(t, `{"n":1.50,"list":["Jane \"JD\" Doe <3"],"[[NAME]]":true}`, restored)
	assert.Contains(t, restored, "1.50")
	_, err = p.RestoreJSON(`{"n":`)
	assert.Error(t, err)
}

func TestUnknownPeopleLoseTheirContactDataToo(t *testing.T) {
	hidden := NewPseudonyms(models.PersonalInfo{}).Hide("Write to hr@example.com or +49 30 23125 014, https://jobs.example.com/1, Lindenstraße 5")
	assert.Equal(t, "Write to [[EMAIL_1]] or [[PHONE_1]], [[LINK_1]], [[STREET_1]]", hidden)
}

func FuzzPseudonyms(f *testing.F) {
	for _, p := range people() {
		f.Add(p.info.Name, p.info.Email, p.info.Phone, p.info.Location, p.info.LinkedIn, documentOf(p))
	}
	f.Add("", "", "", "", "", "[[NAME]] \xff [EMAIL_1 [[[PHONE_1]]")
	f.Add("(", "*", "+", "[", "\\", "(*+[\\")
	f.Fuzz(func(t *testing.T, name, email, phone, location, link, text string) {
		p := NewPseudonyms(models.PersonalInfo{Name: name, Email: email, Phone: phone, Location: location, LinkedIn: link, Website: link}, text)
		require.Equal(t, text, p.Restore(p.Hide(text)))
		require.Equal(t, name, p.Restore(p.Hide(name)))
	})
}
