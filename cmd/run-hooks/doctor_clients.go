package main

import (
	"context"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
)

// A driver is how `doctor --fire` runs a client without a user against a fake
// model. Its config is all that the client gets.
type driver struct {
	files func(ctx context.Context, t *trial) map[string]string // of the client's own config, by their place below the home directory
	env   func(url string) []string                             // the fake model's base URL is url
	args  []string                                              // before the prompt
	tool  string                                                // that runs a shell command
	input func(command string) map[string]any                   // of that tool
	but   string                                                // what a trial that goes well does not show; "" if nothing
}

// drivers are the clients that can be driven, by harness.
func drivers() map[string]driver {
	return map[string]driver{"opencode": openCodeDriver(), "codex": codexDriver(), "gemini": geminiDriver(), "qwen": qwenDriver()}
}

// driverNames lists them for messages.
func driverNames() string {
	return strings.Join(slices.Sorted(maps.Keys(drivers())), ", ")
}

// openCodeDriver: OpenCode fetches a package of its own before it loads a plugin,
// unless a lock file names it (§2.3 of the OpenCode record).
func openCodeDriver() driver {
	return driver{
		files: func(ctx context.Context, t *trial) map[string]string {
			const dir = ".config/opencode/"
			return map[string]string{
				dir + "node_modules/.keep": "",
				dir + "package-lock.json":  fmt.Sprintf(`{"lockfileVersion":3,"packages":{"":{"dependencies":{"@opencode-ai/plugin":%q}}}}`, t.clientVersion(ctx)),
				dir + "opencode.json": fmt.Sprintf(`{"model":"fake/fake","provider":{"fake":{"npm":"@ai-sdk/openai-compatible","name":"Fake",
"options":{"baseURL":%q,"apiKey":"none"},"models":{"fake":{"name":"Fake","limit":{"context":100000,"output":4000}}}}}}`, t.model.url),
			}
		},
		env: func(string) []string {
			return []string{"OPENCODE_DISABLE_AUTOUPDATE=1", "OPENCODE_DISABLE_LSP_DOWNLOAD=1", "OPENCODE_DISABLE_MODELS_FETCH=1"}
		},
		args:  []string{"run"},
		tool:  "bash",
		input: func(command string) map[string]any { return map[string]any{"command": command} },
	}
}

// codexDriver: its hooks would have to be reviewed one by one (§2.3 of the Codex
// record); a flag takes them as they are.
func codexDriver() driver {
	return driver{
		files: func(_ context.Context, t *trial) map[string]string {
			return map[string]string{".codex/config.toml": fmt.Sprintf(`model = "gpt-5.5"
model_provider = "fake"
[model_providers.fake]
name = "Fake"
base_url = %q
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
[projects.%q]
trust_level = "trusted"
`, t.model.url, t.project)}
		},
		env:   func(string) []string { return nil },
		args:  []string{"exec", "--dangerously-bypass-hook-trust", "--sandbox", "danger-full-access", "--skip-git-repo-check"},
		tool:  "exec_command",
		input: func(command string) map[string]any { return map[string]any{"cmd": command} },
		but:   "here its review of hooks was switched off; in your own config it runs only what you have reviewed: type /hooks in codex",
	}
}

func geminiDriver() driver {
	return driver{
		files: func(context.Context, *trial) map[string]string {
			return map[string]string{".gemini/settings.json": `{"security":{"auth":{"selectedType":"gemini-api-key"}},"general":{"enableAutoUpdate":false},"privacy":{"usageStatisticsEnabled":false}}`}
		},
		env: func(url string) []string {
			return []string{
				"GEMINI_API_KEY=none", "GOOGLE_GEMINI_BASE_URL=" + strings.TrimSuffix(url, "/v1"),
				"GEMINI_CLI_NO_RELAUNCH=true", "GEMINI_CLI_TRUST_WORKSPACE=true",
			}
		},
		args: []string{"--model", "gemini-2.5-flash", "--approval-mode", "yolo", "--prompt"},
		tool: "run_shell_command",
		input: func(command string) map[string]any {
			return map[string]any{"command": command, "description": "run it"}
		},
	}
}

func qwenDriver() driver {
	return driver{
		files: func(context.Context, *trial) map[string]string {
			return map[string]string{".qwen/settings.json": `{"security":{"auth":{"selectedType":"openai"},"folderTrust":{"enabled":false}},"general":{"enableAutoUpdate":false},"privacy":{"usageStatisticsEnabled":false}}`}
		},
		env: func(url string) []string {
			return []string{
				"OPENAI_API_KEY=none", "OPENAI_MODEL=fake", "OPENAI_BASE_URL=" + url,
				"QWEN_CODE_SUPPRESS_YOLO_WARNING=1", "QWEN_CODE_NO_RELAUNCH=true",
			}
		},
		args: []string{"--approval-mode", "yolo", "--prompt"},
		tool: "run_shell_command",
		input: func(command string) map[string]any {
			return map[string]any{"command": command, "description": "run it", "is_background": false}
		},
	}
}

// clientVersion is what the client says of its version, "" if it says none.
func (t *trial) clientVersion(ctx context.Context) string {
	cmd := exec.CommandContext(ctx, t.client, "--version")
	cmd.Dir, cmd.Env = t.project, t.env
	inGroup(cmd)
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
