package main

import (
	"context"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A driver is how `doctor --fire` runs a client without a user against a fake model.
type driver struct {
	configure func(ctx context.Context, t *trial) error // writes the client's own config but for its hooks
	env       func(t *trial) []string
	args      func(t *trial) []string // before the prompt
	tool      string                  // that runs a shell command
	input     func(command string) map[string]any
	but       func(t *trial) string // what a trial that goes well does not show; "" if nothing
	unasked   string                // why the client may not ask the user's own bridge; "" if nothing is known
}

// drivers are the clients that can be driven, by harness.
func drivers() map[string]driver {
	return map[string]driver{
		"opencode": openCodeDriver(), "codex": codexDriver(), "gemini": geminiDriver(), "qwen": qwenDriver(),
		"droid": droidDriver(), "copilot": copilotDriver(), "cline": clineDriver(), "kimi": kimiDriver(),
	}
}

// driverNames lists them for messages.
func driverNames() string {
	return strings.Join(slices.Sorted(maps.Keys(drivers())), ", ")
}

// atHome writes the one config of a client, at its place below the home directory.
func atHome(name string, text func(t *trial) string) func(context.Context, *trial) error {
	return func(_ context.Context, t *trial) error {
		return write(map[string]string{filepath.Join(t.home, filepath.FromSlash(name)): text(t)})
	}
}

// always is what does not depend on the trial.
func always[T any](v T) func(*trial) T { return func(*trial) T { return v } }

// trusted is what a trial of a client that asks whether a folder is to be trusted
// does not show.
func trusted(t *trial) string {
	if !t.shared {
		return ""
	}
	return "here its folder counts as trusted; of one that you have not trusted " + t.agent.Title + " runs no hooks"
}

// openCodeDriver: OpenCode fetches a package of its own before it loads a plugin,
// unless a lock file names it (§2.3 of the OpenCode record).
func openCodeDriver() driver {
	return driver{
		configure: func(ctx context.Context, t *trial) error {
			lock := fmt.Sprintf(`{"lockfileVersion":3,"packages":{"":{"dependencies":{"@opencode-ai/plugin":%q}}}}`, t.clientVersion(ctx))
			home, project := filepath.Join(t.home, ".config", "opencode"), filepath.Join(t.project, ".opencode")
			return write(map[string]string{
				filepath.Join(home, "node_modules", ".keep"): "", filepath.Join(home, "package-lock.json"): lock,
				filepath.Join(project, "node_modules", ".keep"): "", filepath.Join(project, "package-lock.json"): lock,
				filepath.Join(home, "opencode.json"): fmt.Sprintf(`{"model":"fake/fake","provider":{"fake":{"npm":"@ai-sdk/openai-compatible","name":"Fake",
"options":{"baseURL":%q,"apiKey":"none"},"models":{"fake":{"name":"Fake","limit":{"context":100000,"output":4000}}}}}}`, t.model.url),
			})
		},
		env:   always([]string{"OPENCODE_DISABLE_AUTOUPDATE=1", "OPENCODE_DISABLE_LSP_DOWNLOAD=1", "OPENCODE_DISABLE_MODELS_FETCH=1"}),
		args:  always([]string{"run"}),
		tool:  "bash",
		input: func(command string) map[string]any { return map[string]any{"command": command} },
		but:   always(""),
	}
}

// codexDriver: Codex runs only hooks that the user has reviewed, one by one (§2.3
// of the Codex record); a flag takes a bridge as it is that the user has not.
func codexDriver() driver {
	const review = "type /hooks in codex"
	return driver{
		configure: atHome(".codex/config.toml", func(t *trial) string {
			return fmt.Sprintf(`model = "gpt-5.5"
model_provider = "fake"
[model_providers.fake]
name = "Fake"
base_url = %q
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
[projects.%q]
trust_level = "trusted"
`, t.model.url, t.project)
		}),
		env: always[[]string](nil),
		args: func(t *trial) []string {
			args := []string{"exec", "--sandbox", "danger-full-access", "--skip-git-repo-check"}
			if t.own {
				return args
			}
			return append(args, "--dangerously-bypass-hook-trust")
		},
		tool:  "exec_command",
		input: func(command string) map[string]any { return map[string]any{"cmd": command} },
		but: func(t *trial) string {
			if t.own {
				return trusted(t)
			}
			return "here its review of hooks was switched off; in your own config it runs only what you have reviewed: " + review
		},
		unasked: "Codex runs a hook only after you have reviewed it, and says nothing where you have not: " + review,
	}
}

func geminiDriver() driver {
	return driver{
		configure: atHome(".gemini/settings.json", always(`{"security":{"auth":{"selectedType":"gemini-api-key"}},"general":{"enableAutoUpdate":false},"privacy":{"usageStatisticsEnabled":false}}`)),
		env: func(t *trial) []string {
			return []string{
				"GEMINI_API_KEY=none", "GOOGLE_GEMINI_BASE_URL=" + strings.TrimSuffix(t.model.url, "/v1"),
				"GEMINI_CLI_NO_RELAUNCH=true", "GEMINI_CLI_TRUST_WORKSPACE=true",
			}
		},
		args: always([]string{"--model", "gemini-2.5-flash", "--approval-mode", "yolo", "--prompt"}),
		tool: "run_shell_command",
		input: func(command string) map[string]any {
			return map[string]any{"command": command, "description": "run it"}
		},
		but: trusted,
	}
}

func qwenDriver() driver {
	return driver{
		configure: atHome(".qwen/settings.json", always(`{"security":{"auth":{"selectedType":"openai"},"folderTrust":{"enabled":false}},"general":{"enableAutoUpdate":false},"privacy":{"usageStatisticsEnabled":false}}`)),
		env: func(t *trial) []string {
			return []string{
				"OPENAI_API_KEY=none", "OPENAI_MODEL=fake", "OPENAI_BASE_URL=" + t.model.url,
				"QWEN_CODE_SUPPRESS_YOLO_WARNING=1", "QWEN_CODE_NO_RELAUNCH=true",
			}
		},
		args: always([]string{"--approval-mode", "yolo", "--prompt"}),
		tool: "run_shell_command",
		input: func(command string) map[string]any {
			return map[string]any{"command": command, "description": "run it", "is_background": false}
		},
		but: trusted,
	}
}

// droidDriver: without FACTORY_AIRGAP_ENABLED Droid waits for its own service.
func droidDriver() driver {
	return driver{
		configure: atHome(".factory/settings.json", func(t *trial) string {
			return fmt.Sprintf(`{"customModels":[{"model":"fake","displayName":"fake","baseUrl":%q,"apiKey":"none","provider":"generic-chat-completion-api","maxOutputTokens":4000}]}`, t.model.url)
		}),
		env:  always([]string{"FACTORY_AIRGAP_ENABLED=true"}),
		args: always([]string{"exec", "--auto", "high", "--model", "custom:fake"}),
		tool: "Execute",
		input: func(command string) map[string]any {
			return map[string]any{"command": command, "summary": "run it", "riskLevel": "low", "riskLevelReason": "none"}
		},
		but: always(""),
	}
}

func copilotDriver() driver {
	return driver{
		configure: func(context.Context, *trial) error { return nil },
		env: func(t *trial) []string {
			return []string{"COPILOT_OFFLINE=true", "COPILOT_PROVIDER_TYPE=openai", "COPILOT_PROVIDER_BASE_URL=" + t.model.url, "COPILOT_MODEL=fake"}
		},
		args: always([]string{"--allow-all", "--trust-folder", "-p"}),
		tool: "bash",
		input: func(command string) map[string]any {
			return map[string]any{"command": command, "description": "run it"}
		},
		but: trusted,
	}
}

// clineDriver: with that variable no process of Cline's own is left behind.
func clineDriver() driver {
	return driver{
		configure: atHome(".cline/data/settings/providers.json", func(t *trial) string {
			return fmt.Sprintf(`{"version":1,"lastUsedProvider":"openai-compatible","modes":{},"providers":{"openai-compatible":{"settings":
{"provider":"openai-compatible","apiKey":"none","model":"fake","baseUrl":%q},"updatedAt":"2026-01-01T00:00:00.000Z","tokenSource":"manual"}}}`, t.model.url)
		}),
		env:   always([]string{"CLINE_SESSION_BACKEND_MODE=local"}),
		args:  always([]string{"-P", "openai-compatible", "-m", "fake"}),
		tool:  "run_commands",
		input: func(command string) map[string]any { return map[string]any{"commands": []string{command}} },
		but:   always(""),
	}
}

func kimiDriver() driver {
	return driver{
		configure: func(context.Context, *trial) error { return nil },
		env: func(t *trial) []string {
			return []string{"KIMI_MODEL_NAME=fake", "KIMI_MODEL_API_KEY=none", "KIMI_MODEL_PROVIDER_TYPE=openai", "KIMI_MODEL_BASE_URL=" + t.model.url}
		},
		args:  always([]string{"-p"}),
		tool:  "Bash",
		input: func(command string) map[string]any { return map[string]any{"command": command} },
		but:   always(""),
	}
}

// clientVersion is what the client says of its version, "" if it says none.
func (t *trial) clientVersion(ctx context.Context) string {
	out, err := t.command(ctx, "--version").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// command is a run of the client in the trial.
func (t *trial) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, t.client, args...)
	cmd.Dir, cmd.Env = t.project, t.env
	inGroup(cmd)
	return cmd
}
