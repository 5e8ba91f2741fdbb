package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"strings"

	hook "github.com/run-hooks/run-hooks"
)

// maxTranscript is how much of a conversation a model is given, in bytes of its
// end.
const maxTranscript = 400 << 10

// conversationOf returns the conversation that the event is the end of, for the
// model that judges a Stop (§10.4), with two line breaks after it: from the file
// that the event names, in the form in which Claude Code keeps it. Where there is
// none that can be read, it is the last message that the event holds; "" if it
// holds none.
func conversationOf(event []byte) string {
	payload, err := hook.ParseObject(event)
	if err != nil {
		return ""
	}
	ev := hook.Event{Payload: payload}
	file := ev.String("agent_transcript_path")
	if file == "" {
		file = ev.String("transcript_path")
	}
	text := told(tail(file, maxTranscript))
	if last := ev.String("last_assistant_message"); text == "" && last != "" {
		text = "assistant: " + last + "\n"
	}
	if text == "" {
		return ""
	}
	return "The conversation:\n\n" + text + "\n\n"
}

// tail returns the end of a regular file, nothing if it cannot be read.
func tail(file string, size int64) []byte {
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	if info.Size() > size {
		if _, err := f.Seek(-size, io.SeekEnd); err != nil {
			return nil
		}
	}
	text, _ := io.ReadAll(io.LimitReader(f, size))
	return text
}

// told makes text of a transcript's lines: who said it, and what. Lines of
// another form, the cut one at the beginning among them, are left out.
func told(lines []byte) string {
	var out strings.Builder
	for line := range bytes.Lines(lines) {
		var entry struct {
			Message struct {
				Role    string
				Content json.RawMessage
			}
		}
		if json.Unmarshal(line, &entry) != nil || entry.Message.Role == "" {
			continue
		}
		if text := contentText(entry.Message.Content); text != "" {
			out.WriteString(entry.Message.Role + ": " + text + "\n")
		}
	}
	return out.String()
}

// contentText is the content of a message: text, or blocks of it.
func contentText(raw json.RawMessage) string {
	if text := hook.Text(raw); text != "" {
		return text
	}
	var blocks []struct {
		Type, Text, Name string
		Input, Content   json.RawMessage
	}
	if json.Unmarshal(raw, &blocks) != nil {
		return ""
	}
	var parts []string
	for _, b := range blocks {
		switch b.Type {
		case "text":
			parts = append(parts, b.Text)
		case "tool_use":
			parts = append(parts, "[calls "+b.Name+" "+string(b.Input)+"]")
		case "tool_result":
			parts = append(parts, "[result: "+contentText(b.Content)+"]")
		}
	}
	return strings.Join(parts, "\n")
}
