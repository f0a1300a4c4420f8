package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"resume-matcher/models"
)

func TestStatementsWithoutAnOwnerAreNoticed(t *testing.T) {
	w := &ownerWatch{owned: map[string]bool{"resumes": true, "jobs": true, "workspaces": false}}
	for sql, lacks := range map[string]bool{
		"SELECT * FROM `resumes` WHERE id = ?":                                                true,
		`SELECT id, workspace_id FROM "resumes" WHERE id = $1`:                                true,
		"SELECT count(*) FROM resumes":                                                        true,
		"UPDATE `resumes` SET `title`=? WHERE id = ?":                                         true,
		"DELETE FROM `jobs` WHERE `jobs`.`id` = ?":                                            true,
		"SELECT * FROM workspaces JOIN jobs ON true":                                          true,
		"SELECT * FROM `resumes` WHERE id = ? AND workspace_id = ?":                           false,
		"DELETE FROM jobs WHERE (id) IN (SELECT id FROM jobs WHERE workspace_id = ? LIMIT ?)": false,
		"SELECT * FROM `workspaces` WHERE id = ?":                                             false,
		"INSERT INTO `resumes` (`id`) VALUES (?)":                                             false,
	} {
		assert.Equal(t, lacks, w.lacksOwner(sql), sql)
	}
}

func TestStatementsOfTestsAreTheirOwn(t *testing.T) {
	s := Start(t)
	assert.Zero(t, s.count(t, &models.Resume{}))
	assert.Empty(t, callerInProgram())
}
