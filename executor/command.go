package executor

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	hook "github.com/run-hooks/run-hooks"
)

// announcedLimit is how long a hook may go on that says while it runs that it is
// asynchronous (§8).
const announcedLimit = 15 * time.Second

// newProcess says how to start h for ev. index tells apart the handlers of one
// firing.
func newProcess(ev *hook.Event, h *hook.Handler, index int, o Options) (process, error) {
	p := process{
		dir:        workDir(ev, o),
		stdin:      append(ev.Payload.JSON(), '\n'),
		limit:      limit(ev, h, o),
		announce:   announcesAsync,
		background: announcedLimit,
	}
	p.env = environment(ev, h, p.dir, index, o)
	var err error
	switch h.Type {
	case hook.Command:
		p.argv, err = commandLine(h, o.Project)
	default:
		err = p.netProcess(ev, h, o)
	}
	return p, err
}

// limit is how long h may take for ev. SessionEnd's default can be set for all
// hooks without a timeout of their own (§8).
func limit(ev *hook.Event, h *hook.Handler, o Options) time.Duration {
	if ev.Spec.Name == hook.SessionEnd && h.Timeout == 0 && o.SessionEnd > 0 {
		return o.SessionEnd
	}
	return h.Limit(ev.Spec)
}

// commandLine returns the program and arguments of a command handler (§2).
func commandLine(h *hook.Handler, project string) ([]string, error) {
	if h.Scope != hook.ScopePlugin && strings.Contains(h.Command, "${CLAUDE_PLUGIN_ROOT}") {
		return nil, errors.New("uses ${CLAUDE_PLUGIN_ROOT}, which is set only for hooks of a plugin")
	}
	if h.Command == "" {
		return nil, errors.New("has an empty command")
	}
	if h.Exec {
		expand := strings.NewReplacer("${CLAUDE_PROJECT_DIR}", project, "${CLAUDE_PLUGIN_ROOT}", h.PluginRoot, "${CLAUDE_PLUGIN_DATA}", h.PluginData)
		argv := []string{expand.Replace(h.Command)}
		for _, a := range h.Args {
			argv = append(argv, expand.Replace(a))
		}
		return argv, nil
	}
	if h.Shell == "powershell" {
		return []string{"pwsh", "-NoProfile", "-NonInteractive", "-Command", h.Command}, nil
	}
	return []string{"/bin/sh", "-c", h.Command}, nil
}

// workDir is the session's current directory; if that is gone, the project, the
// home directory, or the temporary one (e02_cwd_deleted, reference §4.3).
func workDir(ev *hook.Event, o Options) string {
	for _, dir := range []string{ev.Dir, ev.String("cwd"), o.Project, o.Home} {
		if info, err := os.Stat(dir); dir != "" && err == nil && info.IsDir() {
			return dir
		}
	}
	return os.TempDir()
}

// environment returns a hook's environment: ours, the settings' "env", and the
// variables Claude Code adds (§2), which beat both.
func environment(ev *hook.Event, h *hook.Handler, dir string, index int, o Options) []string {
	vars := map[string]string{
		"CLAUDECODE":                         "1",
		"CLAUDE_PROJECT_DIR":                 o.Project,
		"CLAUDE_CODE_ENTRYPOINT":             "sdk-cli",
		"CLAUDE_CODE_SESSION_ID":             ev.String("session_id"),
		"CLAUDE_CODE_CHILD_SESSION":          "1",
		"CLAUDE_CODE_SESSION_ATTENDED":       "0",
		"COREPACK_ENABLE_AUTO_PIN":           "0",
		"NoDefaultCurrentDirectoryInExePath": "1",
		"PWD":                                dir,
		"CLAUDE_ENV_FILE":                    "",
		"CLAUDE_EFFORT":                      "",
	}
	if effort, err := hook.ParseObject(member(ev.Payload, "effort")); err == nil {
		vars["CLAUDE_EFFORT"] = hook.Text(member(effort, "level"))
	}
	if h.PluginRoot != "" {
		vars["CLAUDE_PLUGIN_ROOT"], vars["CLAUDE_PLUGIN_DATA"] = h.PluginRoot, h.PluginData
	}
	if ev.Spec.EnvFile {
		vars["CLAUDE_ENV_FILE"] = envFile(ev, index, o)
	}
	for name, value := range o.Settings {
		if _, ours := vars[name]; !ours {
			vars[name] = value
		}
	}
	var out []string
	for _, line := range o.Env {
		if name, _, _ := strings.Cut(line, "="); !has(vars, name) {
			out = append(out, line)
		}
	}
	for name, value := range vars {
		if value = strings.ReplaceAll(value, "\x00", ""); value != "" { // a zero byte would keep every hook from starting
			out = append(out, name+"="+value)
		}
	}
	return out
}

func has(vars map[string]string, name string) bool {
	_, ok := vars[name]
	return ok
}

// envFile returns the path for CLAUDE_ENV_FILE, in a directory that exists; ""
// if it cannot be made. What a hook exports there is for the agent's shell.
func envFile(ev *hook.Event, index int, o Options) string {
	dir := filepath.Join(sessionDir(ev, o), "session-env")
	if os.MkdirAll(dir, 0o700) != nil {
		return ""
	}
	return filepath.Join(dir, fmt.Sprintf("%s-hook-%d.sh", strings.ToLower(string(ev.Spec.Name)), index))
}

// sessionDir is where files of the event's session are kept.
func sessionDir(ev *hook.Event, o Options) string {
	return SessionDir(o.State, ev.String("session_id"))
}

// SessionDir is where run-hooks keeps the files of a session, below its state
// directory; if that is "", below the system's temporary one.
func SessionDir(state, session string) string {
	if state == "" {
		state = filepath.Join(os.TempDir(), fmt.Sprintf("run-hooks-%d", os.Getuid()))
	}
	return filepath.Join(state, "sessions", fileName(session))
}

// fileName makes of an id from outside a name that stays in its directory.
func fileName(id string) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, id)
	if name == "" {
		return "none"
	}
	return name[:min(len(name), 100)]
}

// errorText returns what is wrong, without the path that a message has already.
func errorText(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
