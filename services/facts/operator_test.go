package facts

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"resume-matcher/models"
)

// operator is a résumé of which the tables below say too much, or the same in other words.
func operator() models.ResumeData {
	return models.ResumeData{
		PersonalInfo: models.PersonalInfo{Name: "Mira Tanabe", Title: "Operations Engineer"},
		Summary:      "Operations engineer in cloud hosting. Basic knowledge of Ansible. Would like to work with Terraform.",
		WorkExperience: []models.Experience{
			{ID: 1, Title: "Operations Engineer", Company: "Fernhill Hosting", Location: "Cork", Years: "05/2020 – Present", Description: []string{
				"Maintained 120 Linux servers and the monitoring in Prometheus.",
				"Reduced alert noise by 35% by rewriting the alert rules.",
				"Migrated 4 customers from VMware to Proxmox with one colleague.",
				"Wrote runbooks for the support team and trained 3 new colleagues.",
				"Took part in an ISO 27001 audit led by the security officer.",
				"Proposed a move to Kubernetes, which management declined.",
				"Bash scripts for backups and Python scripts for reports.",
			}},
			{ID: 2, Title: "IT Support Technician", Company: "Bramley Schools Trust", Years: "2016 – 2020", Description: []string{
				"Answered about 30 tickets a day from teachers.",
				"Set up 200 laptops with Windows each summer, helped by two interns.",
				"Reported to the head of IT.",
				"Repaired printers.",
			}},
		},
		Education: []models.Education{{ID: 1, Institution: "Cork Technical College", Degree: "Higher Certificate in Computing", Years: "2014 – 2016"}},
		Additional: models.Additional{
			TechnicalSkills:        []string{"Linux", "Prometheus", "Proxmox", "Bash", "Python (basics)", "Docker"},
			Languages:              []string{"English (native)", "Irish (A2)"},
			CertificationsTraining: []string{"LPIC-1, 2019", "Google IT Support Certificate, 2017", "RHCSA (planned)"},
			Awards:                 []string{},
		},
	}
}

func TestInventionsAreRefused(t *testing.T) {
	g := newGate(t)
	r := operator()
	m := g.Read(r, "en")
	w := func(i int) string { return "workExperience[0].description[" + string(rune('0'+i)) + "]" }
	w1 := func(i int) string { return "workExperience[1].description[" + string(rune('0'+i)) + "]" }
	app := "workExperience[0].description[7]"
	for _, c := range []struct{ path, text string }{
		{w(0), "Maintained 120 Linux servers and 120 customers."},
		{w(0), "Maintained and scaled 120 Linux servers."},
		{w(0), "Maintained 120 Linux servers and built the monitoring in Prometheus."},
		{w(0), "Monitored 120 Linux servers in Prometheus for customers."},
		{w(0), "Maintained 120 Linux servers with Docker."},
		{w(0), "Maintained Prometheus servers and 120 Linux monitoring systems in production."},
		{w(0), "Maintained over 120 Linux servers."},
		{w(0), "Maintained l20 Linux servers."},
		{w(0), "Responsible for 120 Linux servers."},
		{w(0), "Sole administrator of 120 Linux servers."},
		{w(0), "Administrator for 120 Linux servers and the monitoring team."},
		{w(1), "Reduced alert noise to 35% by rewriting the alert rules."},
		{w(1), "Reduced alerts by 35% and costs by rewriting the alert rules."},
		{w(1), "Eliminated alert noise by rewriting the alert rules."},
		{w(1), "Reduced noise of the rules by 35% by rewriting the alerts in Prometheus."},
		{w(1), "Reduced alert rules by 35%."},
		{w(1), "Improved uptime by 35% by rewriting the alert rules."},
		{w(1), "Rewrote 35% of the alert rules."},
		{w(2), "Migrated 4 customers from Proxmox to VMware with one colleague."},
		{w(2), "Migrated 4 colleagues from VMware to Proxmox."},
		{w(2), "Led the migration of 4 customers from VMware to Proxmox."},
		{w(2), "Migrated all customers from VMware to Proxmox."},
		{w(2), "Managed one colleague and migrated 4 customers to Proxmox."},
		{w(2), "Won 4 customers for Proxmox."},
		{w(3), "Wrote runbooks and trained the support team."},
		{w(3), "Trained 3 new support teams."},
		{w(3), "Hired and trained 3 new colleagues."},
		{w(3), "Managed the support team and 3 new colleagues."},
		{w(4), "Led an ISO 27001 audit."},
		{w(4), "Took part in an ISO 27001 audit as security officer."},
		{w(4), "Security officer in an ISO 27001 audit."},
		{w(4), "Certified in ISO 27001."},
		{w(4), "Passed an ISO 27001 audit."},
		{w(5), "Moved to Kubernetes."},
		{w(5), "Proposed and introduced Kubernetes."},
		{w(5), "Management of a move to Kubernetes."},
		{w(6), "Bash scripts for reports and Python scripts for backups."},
		{w(6), "Python scripts for backups."},
		{w(6), "Developed Python backups."},
		{w1(0), "Answered about 30 tickets a day from customers."},
		{w1(0), "Answered 30 tickets an hour from teachers."},
		{w1(0), "Trained about 30 teachers a day."},
		{w1(0), "Answered tickets from 30 teachers a day."},
		{w1(1), "Set up 200 laptops with Windows each summer and led two interns."},
		{w1(1), "Set up 200 laptops with Windows each month."},
		{w1(1), "Helped two interns set up 200 laptops."},
		{w1(1), "Mentored two interns."},
		{w1(2), "Head of IT."},
		{w1(2), "Reported as head of IT."},
		{w1(2), "Managed IT."},
		{w1(3), "Repaired all printers."},
		{w1(3), "Repaired servers."},
		{app, "Answered about 30 tickets a day."},
		{app, "Reduced alert noise by 35% by training 3 new colleagues."},
		{app, "Trained 3 customers on Proxmox."},
		{app, "Maintained 120 Linux servers in Proxmox."},
		{app, "Wrote alert rules in Python."},
		{app, "Trained the support team in Prometheus."},
		{"summary", "Operations engineer with experience in Terraform."},
		{"summary", "Operations engineer with experience in Kubernetes."},
		{"summary", "Operations engineer with experience in Ansible and Linux."},
		{"summary", "Operations engineer with 6 years of experience in Linux."},
		{"summary", "Operations engineer with 10 years of experience."},
		{"summary", "Operations engineer at Bramley Schools Trust."},
		{"summary", "Operations engineer at Google."},
		{"summary", "Head of IT with experience in Linux."},
		{"summary", "Security officer with experience in ISO 27001."},
		{"summary", "Operations engineer who answered 30 tickets a day at Fernhill Hosting."},
		{"summary", "RHCSA-certified operations engineer."},
		{"summary", "Operations engineer, RHCSA, LPIC-1."},
		{"summary", "Operations engineer with a Higher Certificate in Computing from Bramley Schools Trust."},
		{"summary", "Operations engineer with a degree in computing."},
		{"summary", "Python expert and operations engineer."},
		{"summary", "Operations manager in cloud hosting."},
		{"summary", "Engineer for cloud hosting, fluent in Irish."},
		{"summary", "Operations engineer with native Irish."},
		{"summary", "Operations engineer with 200 Linux servers."},
		{"summary", "Cloud engineer in hosting operations since 2016."},
		{"", "I have worked at Google as an engineer."},
		{"", "I led an audit at Fernhill Hosting."},
		{"", "I am the head of IT."},
		{"", "At Acme Corp I maintained 120 Linux servers."},
		{"", "As a Platform Lead at Acme Corp I have maintained Linux servers."},
		{"", "I am excited to bring my experience in Kubernetes to Acme Corp."},
		{"", "I would be happy to support your team with my experience as Platform Lead."},
		{"", "I have 10 years of experience and look forward to joining Acme Corp."},
		{"", "I am certain that I can reduce your costs by 35%."},
		{"", "At Bramley Schools Trust I repaired printers and maintained 120 Linux servers."},
		{"", "I work as a Platform Lead."},
		{"", "I was offered the position of Platform Lead at Acme Corp."},
		{"", "I know Acme Corp from my work at Google."},
		{"", "I speak fluent Irish."},
		{"", "Ich habe die Migration auf Kubernetes geleitet."},
		{"", "Ich habe 120 Server in Docker betreut."},
		{w(2), "Migration aller Kunden von VMware auf Proxmox."},
		{w(2), "Migration von 4 Kunden von Proxmox auf VMware."},
		{w(2), "Leitung der Migration von 4 Kunden auf Proxmox."},
		{w(3), "Schulung des Support-Teams und von 3 neuen Kollegen."},
		{w(3), "Ausbildung von 3 Kunden."},
		{w(1), "Reduzierung der Kosten um 35 %."},
		{w(1), "Alarme um 35 % reduziert und Regeln automatisiert."},
		{"additional.technicalSkills[6]", "Kubernetes"},
		{"additional.technicalSkills[6]", "Terraform"},
		{"additional.technicalSkills[6]", "Ansible"},
		{"additional.technicalSkills[6]", "ISO 27001 Lead Auditor"},
		{"additional.technicalSkills[6]", "Advanced Linux"},
		{"additional.technicalSkills[4]", "Python"},
	} {
		cl := Claim{Path: c.path, Text: c.text, Mentions: []string{"Acme Corp", "Platform Lead"}}
		if s := m.byPath[c.path]; s != nil && c.path != "summary" {
			cl.Original = s.original
		}
		v := g.Check(m, cl)
		assert.False(t, v.Supported, "%s: %s", c.path, c.text)
		assert.NotEmpty(t, v.Violations, c.text)
	}
}

func TestOtherWordsPass(t *testing.T) {
	g := newGate(t)
	r := operator()
	m := g.Read(r, "en")
	w := func(i int) string { return "workExperience[0].description[" + string(rune('0'+i)) + "]" }
	w1 := func(i int) string { return "workExperience[1].description[" + string(rune('0'+i)) + "]" }
	app := "workExperience[0].description[7]"
	for _, c := range []struct{ path, text string }{
		{w(0), "Looked after 120 Linux servers and their monitoring in Prometheus."},
		{w(0), "Operated 120 Linux servers and Prometheus monitoring."},
		{w(0), "Betreuung von 120 Linux-Servern und des Monitorings in Prometheus."},
		{w(1), "Rewrote the alert rules, cutting alert noise by 35%."},
		{w(1), "Cut alert noise by 35 percent through rewritten alert rules."},
		{w(1), "Lowered the noise of alerts by 35% by revising alert rules."},
		{w(2), "Together with one colleague, moved four customers from VMware to Proxmox."},
		{w(2), "Migration of 4 clients from VMware to Proxmox, with one colleague."},
		{w(2), "Migration von 4 Kunden von VMware auf Proxmox mit einem Kollegen."},
		{w(3), "Created runbooks for the support team and onboarded three new colleagues."},
		{w(3), "Trained 3 new colleagues; wrote runbooks for the support team."},
		{w(3), "Authored runbooks for support and trained three new team members."},
		{w(4), "Participated in an ISO 27001 audit."},
		{w(4), "Contributed to an ISO 27001 audit led by the security officer."},
		{w(5), "Suggested moving to Kubernetes."},
		{w(6), "Scripting: Bash for backups, Python for reports."},
		{w1(0), "Responded to around 30 tickets per day from teachers."},
		{w1(0), "Handled about thirty tickets from teachers every day."},
		{w1(0), "Tägliche Bearbeitung von etwa 30 Tickets von Lehrern."},
		{w1(1), "Set up 200 Windows laptops every summer."},
		{w1(3), "Printer repairs."},
		{app, "Trained new colleagues."},
		{app, "Monitored Linux servers with Prometheus."},
		{app, "As an operations engineer at Fernhill Hosting, maintained 120 Linux servers."},
		{"summary", "Operations engineer in cloud hosting with experience in Linux, Prometheus and Proxmox."},
		{"summary", "Operations engineer with a background in IT support and hands-on experience with Linux and Docker."},
		{"summary", "Operations engineer in cloud hosting. Holds LPIC-1."},
		{"summary", "Operations engineer who maintains 120 Linux servers and reduced alert noise by 35%."},
		{"summary", "Operations engineer at Fernhill Hosting since May 2020."},
		{"summary", "Operations engineer, basic knowledge of Ansible."},
		{"", "I am currently an operations engineer at Fernhill Hosting, where I maintain 120 Linux servers."},
		{"", "Before that, I worked as an IT support technician at Bramley Schools Trust."},
		{"", "I have experience with Linux, Prometheus and Proxmox."},
		{"", "I would welcome the chance to bring my experience with Linux and Prometheus to Acme Corp."},
		{"", "In my current role I reduced alert noise by 35% by rewriting the alert rules."},
		{"", "I look forward to discussing how I can contribute to Acme Corp."},
		{"", "I am very interested in the Platform Lead role at Acme Corp."},
		{"", "Ich betreue 120 Linux-Server und das Monitoring in Prometheus."},
		{"", "Gerne bringe ich meine Erfahrung mit Linux bei Acme Corp ein."},
		{"additional.technicalSkills[6]", "VMware"},
		{"additional.technicalSkills[6]", "Runbooks"},
	} {
		cl := Claim{Path: c.path, Text: c.text, Mentions: []string{"Acme Corp", "Platform Lead"}}
		if s := m.byPath[c.path]; s != nil && c.path != "summary" {
			cl.Original = s.original
		}
		v := g.Check(m, cl)
		assert.True(t, v.Supported, "%s: %s: %v", c.path, c.text, v.Violations)
	}
}
