package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/executor"
	"github.com/run-hooks/run-hooks/installer"
	"github.com/run-hooks/run-hooks/loader"
	"github.com/run-hooks/run-hooks/plugins/opencode"
)

// A world is what the program takes from its surroundings, read once.
type world struct {
	env       []string
	cwd       string
	home      string // "" if HOME is not set
	configDir string // of the user's settings.json; "" if none is to be read
	state     string // where run-hooks keeps files of its own
	self      string // path of this program
}

// look reads the world from the environment.
func look(env []string) (world, error) {
	w := world{env: env, home: getenv(env, "HOME")}
	var err error
	if w.cwd, err = os.Getwd(); err != nil {
		return w, fmt.Errorf("the current directory cannot be found: %w", err)
	}
	if w.self, err = os.Executable(); err != nil {
		return w, fmt.Errorf("the program cannot find itself: %w", err)
	}
	w.configDir = w.claudeDir()
	switch xdg := getenv(env, "XDG_STATE_HOME"); {
	case filepath.IsAbs(xdg):
		w.state = filepath.Join(xdg, "run-hooks")
	case w.home != "":
		w.state = filepath.Join(w.home, ".local", "state", "run-hooks")
	}
	return w, nil
}

// claudeDir is the directory of the user's settings: $CLAUDE_CONFIG_DIR, which
// may be relative and is none if set and empty (§9.3), else ~/.claude.
func (w world) claudeDir() string {
	dir, set := lookupEnv(w.env, "CLAUDE_CONFIG_DIR")
	switch {
	case set && dir == "":
		return ""
	case set && filepath.IsAbs(dir):
		return dir
	case set:
		return filepath.Join(w.cwd, dir)
	case w.home == "":
		return ""
	}
	return filepath.Join(w.home, ".claude")
}

// lookupEnv returns the value of name in env and whether it is set.
func lookupEnv(env []string, name string) (string, bool) {
	for i := len(env) - 1; i >= 0; i-- {
		if value, ok := strings.CutPrefix(env[i], name+"="); ok {
			return value, true
		}
	}
	return "", false
}

// getenv returns the value of name in env, "" if it is not set.
func getenv(env []string, name string) string {
	value, _ := lookupEnv(env, name)
	return value
}

// loaderOptions say what to load for a session started in start.
func (w world) loaderOptions(start string, exact bool) loader.Options {
	return loader.Options{Home: w.home, ConfigDir: w.configDir, Start: w.absolute(start), Exact: exact, Managed: hook.ManagedDir()}
}

// variable is the value of an environment variable, "" if it is not set.
func (w world) variable(name string) string { return getenv(w.env, name) }

// installerOptions say where agents keep their configs. $CLAUDE_CONFIG_DIR has no
// part in it.
func (w world) installerOptions(project string) installer.Options {
	return installer.Options{
		Home: w.home, Project: project, Program: w.self, Plugin: opencode.Plugin,
		Moved: installer.Moved(w.home, w.variable, w.expanded),
	}
}

// lookPath returns the program called name that $PATH leads to, "" if there is none.
func (w world) lookPath(name string) string {
	for _, dir := range filepath.SplitList(getenv(w.env, "PATH")) {
		at := filepath.Join(dir, name)
		if info, err := os.Stat(at); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0 && filepath.IsAbs(at) {
			return at
		}
	}
	return ""
}

// executorOptions say how to run the handlers of cfg.
func (w world) executorOptions(cfg *loader.Config) executor.Options {
	o := executor.Options{
		Project: cfg.Project, Home: w.home, Env: w.env, Settings: cfg.Env,
		URLAllow: cfg.URLAllow, EnvAllow: cfg.EnvAllow, Net: w.net(), State: w.state,
	}
	if ms, err := strconv.Atoi(getenv(w.env, "CLAUDE_CODE_SESSIONEND_HOOKS_TIMEOUT_MS")); err == nil && ms > 0 {
		o.SessionEnd = time.Duration(ms) * time.Millisecond
	}
	return o
}

// net is the path of run-hooks-net, which stands beside this program; "" if it
// does not.
func (w world) net() string {
	self := w.self
	if real, err := filepath.EvalSymlinks(self); err == nil {
		self = real
	}
	path := filepath.Join(filepath.Dir(self), "run-hooks-net")
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// expanded is absolute for a path that may begin with ~, as in Qwen Code's variable:
// a literal ~ makes no sense in any.
func (w world) expanded(path string) string {
	if rest, ok := strings.CutPrefix(path, "~"); ok && w.home != "" && (rest == "" || rest[0] == '/') {
		return filepath.Join(w.home, rest)
	}
	return w.absolute(path)
}

// absolute returns path made absolute against the current directory.
func (w world) absolute(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(w.cwd, path)
}
