package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"
)

// A claude is a talk by the Anthropic Messages API. The SDK takes key and further
// headers from the variables of its own and repeats a request that failed for a
// while.
type claude struct {
	place
	client anthropic.Client
	params anthropic.MessageNewParams // all that was said so far
}

func newClaude(endpoint *url.URL, model string, b brief) *claude {
	c := &claude{
		place:  place{endpoint, model},
		client: anthropic.NewClient(option.WithHTTPClient(client()), option.WithBaseURL(endpoint.String())),
		params: anthropic.MessageNewParams{
			Model: model, MaxTokens: maxTokens,
			System: []anthropic.TextBlockParam{{Text: b.system}},
		},
	}
	if b.schema != nil {
		c.params.OutputConfig.Format.Schema = b.schema
	}
	for _, t := range b.tools {
		c.params.Tools = append(c.params.Tools, anthropic.ToolUnionParam{OfTool: &anthropic.ToolParam{
			Name: t.name, Description: anthropic.String(t.about),
			InputSchema: anthropic.ToolInputSchemaParam{Properties: t.properties, Required: t.required},
		}})
	}
	return c
}

func (c *claude) say(ctx context.Context, t turn) (answer, error) {
	var blocks []anthropic.ContentBlockParamUnion
	for _, r := range t.results {
		blocks = append(blocks, anthropic.NewToolResultBlock(r.id, r.text, r.failed))
	}
	if t.text != "" {
		blocks = append(blocks, anthropic.NewTextBlock(t.text))
	}
	c.params.Messages = append(c.params.Messages, anthropic.NewUserMessage(blocks...))
	var resp *http.Response
	message, err := c.client.Messages.New(ctx, c.params, option.WithResponseInto(&resp))
	if err != nil {
		return answer{}, c.explain(err, resp)
	}
	if len(message.Content) > 0 { // an empty turn may not be repeated to the API
		c.params.Messages = append(c.params.Messages, message.ToParam())
	}
	var out answer
	for _, b := range message.Content {
		switch b.Type {
		case "text":
			out.text += b.Text
		case "tool_use":
			out.calls = append(out.calls, call{b.ID, b.Name, b.Input})
		}
	}
	return out, nil
}

// explain words an error of the SDK, whose texts quote what the server sent.
func (c *claude) explain(err error, resp *http.Response) error {
	var refused *anthropic.Error
	switch {
	case errors.As(err, &refused):
		var body struct{ Error struct{ Type string } }
		_ = json.Unmarshal([]byte(refused.RawJSON()), &body)
		return c.refused(refused.StatusCode, body.Error.Type)
	case resp != nil && resp.StatusCode != http.StatusOK: // a redirect
		return c.refused(resp.StatusCode, "")
	}
	return c.failure(err)
}
