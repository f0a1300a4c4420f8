package program

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Usage is what a process takes of the machine; all zero on systems without /proc.
type Usage struct {
	// Resident and Peak are the memory it holds now and held at most, in bytes.
	Resident, Peak int64
	// Files counts the open files and connections.
	Files int
}

// Usage reads what the server takes now.
func (s *Server) Usage() Usage {
	folder := filepath.Join("/proc", strconv.Itoa(s.PID()))
	var u Usage
	content, err := os.ReadFile(filepath.Join(folder, "status"))
	if err != nil {
		return u
	}
	for lines := bufio.NewScanner(bytes.NewReader(content)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		var kilobytes int64
		if _, err := fmt.Sscanf(value, "%d kB", &kilobytes); err != nil {
			continue
		}
		switch name {
		case "VmRSS":
			u.Resident = kilobytes << 10
		case "VmHWM":
			u.Peak = kilobytes << 10
		}
	}
	if files, err := os.ReadDir(filepath.Join(folder, "fd")); err == nil {
		u.Files = len(files)
	}
	return u
}
