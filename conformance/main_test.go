//go:build unix

// Package conformance holds run-hooks to what Claude Code was recorded doing:
// every vector of claude/ is run against the real programs. README.md says what
// a vector is.
package conformance

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
)

// The names under which this test binary is something else than a test.
const (
	recorderName = "hk"       // the recorder that the vectors name as hook command
	echoName     = "mcp_echo" // the MCP server that the vectors of remote name
	managedName  = "managed"  // puts a vector's managed settings over /etc/claude-code
)

// TestMain is also the entry of the programs above.
func TestMain(m *testing.M) {
	self, err := os.Executable()
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
	switch filepath.Base(self) {
	case recorderName:
		recordAndExit(self)
	case echoName:
		echoAndExit(self)
	case managedName:
		enterManaged()
	}
	flag.Parse()
	if err := widen(); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// widen lets more vectors run at a time than there are processors, since most of
// the time they sleep; -parallel decides if it is given. It is not more than the
// processors can start without bringing hooks that are to end 0.4 s apart out of
// their order.
func widen() error {
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if given {
		return nil
	}
	return flag.Set("test.parallel", strconv.Itoa(5*runtime.GOMAXPROCS(0)))
}
