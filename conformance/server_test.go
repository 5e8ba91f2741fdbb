//go:build unix

package conformance

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// An answer is what the hook server says to one request.
type answer struct {
	Status  int // 0: 200
	Headers map[string]string
	Body    json.RawMessage // a string is sent as it is, anything else as JSON
	Rep     repetition      // in place of Body
}

// A repetition is a text and how often it is sent: ["text", N].
type repetition struct{ text string }

// UnmarshalJSON reads the pair.
func (r *repetition) UnmarshalJSON(raw []byte) error {
	var text string
	var count int
	pair := []any{&text, &count}
	err := json.Unmarshal(raw, &pair)
	r.text = strings.Repeat(text, count)
	return err
}

// text is the body of an answer.
func (a answer) text() (string, error) {
	if a.Rep.text != "" || a.Body == nil {
		return a.Rep.text, nil
	}
	var text string
	if json.Unmarshal(a.Body, &text) == nil {
		return text, nil
	}
	return spaced.format(a.Body)
}

// A request is one that came to the hook server.
type request struct {
	path    string
	headers map[string]string // names in lower case
	body    string
}

// A hookServer answers by a table; paths without an entry are not found.
type hookServer struct {
	mu    sync.Mutex
	table map[string]turns[answer]
	seen  []request
}

// requests returns what came in so far.
func (s *hookServer) requests() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.seen)
}

// note writes a request down and returns the answer to it.
func (s *hookServer) note(r request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, earlier := range s.seen {
		if earlier.path == r.path {
			n++
		}
	}
	s.seen = append(s.seen, r)
	if len(s.table[r.path]) == 0 {
		return answer{Status: http.StatusNotFound}
	}
	return s.table[r.path].at(n)
}

// ServeHTTP answers one request.
func (s *hookServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // half a body is written down as one
	headers := map[string]string{"host": r.Host}
	for name, values := range r.Header {
		headers[strings.ToLower(name)] = values[len(values)-1]
	}
	says := s.note(request{path: r.RequestURI, headers: headers, body: string(body)})
	text, err := says.text()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header()["Content-Type"] = nil // none is guessed
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	for name, value := range says.Headers {
		w.Header().Set(name, value)
	}
	status := says.Status
	if status == 0 {
		status = http.StatusOK
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // the client may have gone
}
