package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/anthropics/anthropic-sdk-go"
)

// A brief is what a model is told before the first turn.
type brief struct {
	system string
	schema map[string]any // form of the answer; nil: any
	tools  []tool         // that it may call
}

// A tool is one that a model may call. Its run returns the text for the model;
// an error's text is for the model, too.
type tool struct {
	name, about string
	properties  map[string]any // JSON schema of its arguments
	required    []string
	run         func(ctx context.Context, args json.RawMessage) (string, error)
}

// A turn is what is said to a model: text, or the results of the calls of its
// last answer, in their order.
type turn struct {
	text    string
	results []toolResult
}

// A toolResult is what came of a call.
type toolResult struct {
	id, text string
	failed   bool
}

// An answer is a model's turn.
type answer struct {
	text  string
	calls []call
}

// A call is a tool that the model asks for.
type call struct {
	id, name string
	args     json.RawMessage
}

// A talk is a conversation with a model, which remembers what was said. No error
// holds a key or anything that the server sent.
type talk interface {
	say(ctx context.Context, t turn) (answer, error)
}

// maxTokens bounds one answer.
const maxTokens = 8192

// newTalk begins a conversation: with the OpenAI-compatible endpoint that
// RUN_HOOKS_MODEL_URL names, else with the Anthropic Messages API. model is the
// handler's own wish, "" for none.
func newTalk(getenv func(string) string, model string, b brief) (talk, error) {
	if at := getenv("RUN_HOOKS_MODEL_URL"); at != "" {
		endpoint, err := parseEndpoint(at)
		if err != nil {
			return nil, fmt.Errorf("RUN_HOOKS_MODEL_URL: %w", err)
		}
		if model = cmp.Or(getenv("RUN_HOOKS_MODEL"), model); model == "" {
			return nil, errors.New("RUN_HOOKS_MODEL is not set and the hook names no model")
		}
		return newOpenAI(endpoint, model, getenv("RUN_HOOKS_MODEL_KEY"), b), nil
	}
	if getenv("ANTHROPIC_API_KEY") == "" && getenv("ANTHROPIC_AUTH_TOKEN") == "" {
		return nil, errors.New("there is no model to ask: set ANTHROPIC_API_KEY, or RUN_HOOKS_MODEL_URL for another one")
	}
	endpoint, err := parseEndpoint(cmp.Or(getenv("ANTHROPIC_BASE_URL"), "https://api.anthropic.com"))
	if err != nil {
		return nil, fmt.Errorf("ANTHROPIC_BASE_URL: %w", err)
	}
	return newClaude(endpoint, claudeModel(getenv, model), b), nil
}

// claudeModel returns the name of the model to ask. The session's own model,
// which the measured client takes (§10.4), is not known here: a handler that
// names none gets ANTHROPIC_MODEL, else the small one. haiku, sonnet and opus
// are short names, set by variables as in the client.
func claudeModel(getenv func(string) string, model string) string {
	if model == "" || model == "inherit" {
		model = cmp.Or(getenv("ANTHROPIC_MODEL"), "haiku")
	}
	switch model {
	case "haiku":
		return cmp.Or(getenv("ANTHROPIC_DEFAULT_HAIKU_MODEL"), anthropic.ModelClaudeHaiku5_5)
	case "sonnet":
		return cmp.Or(getenv("ANTHROPIC_DEFAULT_SONNET_MODEL"), anthropic.ModelClaudeSonnet5_5)
	case "opus":
		return cmp.Or(getenv("ANTHROPIC_DEFAULT_OPUS_MODEL"), anthropic.ModelClaudeOpus5_5)
	}
	return model
}

// parseEndpoint reads the URL of an API. The error quotes nothing of it.
func parseEndpoint(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("not an http or https URL")
	}
	return u, nil
}

// A place is where a model is asked, for messages: of the URL only scheme, host
// and port.
type place struct {
	endpoint *url.URL
	model    string
}

// failure words why the model could not be asked.
func (p place) failure(err error) error {
	return fmt.Errorf("asking model %q at %s://%s: %s", p.model, p.endpoint.Scheme, p.endpoint.Host, words(err))
}

// refused words an answer that is an HTTP error; kind is the API's own word for
// it, which is left out if it is no word.
func (p place) refused(code int, kind string) error {
	text := status(code)
	if kind != "" && len(kind) <= 60 && strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz_") == "" {
		text += ", " + kind
	}
	return fmt.Errorf("asking model %q at %s://%s: the server answered %s", p.model, p.endpoint.Scheme, p.endpoint.Host, text)
}
