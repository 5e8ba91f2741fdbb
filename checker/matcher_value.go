package checker

import (
	"fmt"
	"slices"
	"strings"

	hook "github.com/run-hooks/run-hooks"
	"github.com/run-hooks/run-hooks/loader"
)

// subjectValues returns the values that an event's matcher is compared with,
// nil where they are free text (reference §1.1, §1.2).
func subjectValues(event hook.EventName) []string {
	switch event {
	case hook.SessionStart:
		return []string{"startup", "resume", "clear", "compact", "fork"}
	case hook.SessionEnd:
		return []string{"clear", "resume", "logout", "prompt_input_exit", "other"}
	case hook.PreCompact, hook.PostCompact:
		return []string{"manual", "auto"}
	case hook.Setup:
		return []string{"init", "maintenance"}
	case hook.ConfigChange:
		return []string{"user_settings", "project_settings", "local_settings", "policy_settings", "skills"}
	case hook.InstructionsLoaded:
		return []string{"session_start", "nested_traversal", "path_glob_match", "include", "compact"}
	case hook.DirectoryAdded:
		return []string{"slash_command", "register_repo_root"}
	case hook.Notification:
		return strings.Fields(`permission_prompt idle_prompt auth_success elicitation_dialog elicitation_url_dialog
elicitation_complete elicitation_response agent_needs_input agent_completed quota_auto_resume_fired
quota_auto_resume_stale quota_auto_resume_disabled`)
	case hook.StopFailure:
		return strings.Fields(`rate_limit overloaded authentication_failed oauth_org_not_allowed account_on_hold
verification_required billing_error invalid_request model_not_found server_error max_output_tokens
cloud_credential_error unknown`)
	}
	return nil
}

// lintValueMatcher judges a matcher that is compared with something else than a
// tool's name.
func lintValueMatcher(g group, text string) {
	p := loader.ParsePattern(text, g.spec.Narrow)
	values := subjectValues(g.spec.Name)
	switch {
	case p.Bad() != nil:
		g.add(g.matcher, loader.Error, "matcher-invalid-regex", fmt.Sprintf("matcher %s is not a valid regular expression", quoted(text)),
			never(g.node.Hooks()), valuesRight(values))
	case g.spec.Name == hook.UserPromptExpansion && strings.HasPrefix(text, "/"):
		g.add(g.matcher, loader.Warning, "matcher-bad-value", fmt.Sprintf("matcher %s has a slash; it is compared with the command's bare name", quoted(text)),
			never(g.node.Hooks()), fmt.Sprintf("write %q", strings.TrimPrefix(text, "/")))
	case values == nil || slices.ContainsFunc(values, p.Matches):
		lintValueList(g, text, p, values)
	default:
		g.add(g.matcher, loader.Warning, "matcher-bad-value", fmt.Sprintf("matcher %s is no %s of %s", quoted(text), g.spec.Subject, g.spec.Name),
			never(g.node.Hooks()), closest(text, values))
	}
}

// lintValueList judges the names of a list of which one is right.
func lintValueList(g group, text string, p loader.Pattern, values []string) {
	names, list := p.Names()
	if !list || values == nil {
		return
	}
	for _, name := range names {
		if !slices.Contains(values, name) {
			start := g.matcher.Offset(strings.Index(text, name))
			g.addAt(start, start+len(name), loader.Warning, "matcher-bad-value", fmt.Sprintf("%q is no %s of %s", name, g.spec.Subject, g.spec.Name),
				"that name never matches", closest(name, values))
		}
	}
}

// closest proposes the value that was probably meant, else lists them all.
func closest(text string, values []string) string {
	for _, v := range values {
		if strings.EqualFold(v, text) {
			return fmt.Sprintf("write %q", v)
		}
	}
	if near := nearest(text, values); near != "" {
		return fmt.Sprintf("did you mean %q", near)
	}
	return valuesRight(values)
}

func valuesRight(values []string) string {
	if values == nil {
		return "write names with | between them, or a JavaScript regular expression"
	}
	return "its values are " + strings.Join(values, ", ")
}
