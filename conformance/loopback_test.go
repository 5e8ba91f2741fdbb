//go:build unix

package conformance

import (
	"net"
	"net/http"
	"strconv"
)

// A loopback is an HTTP server on a free port of 127.0.0.1.
type loopback struct {
	listener net.Listener
	server   http.Server
}

// listen opens the port. Requests wait there until serve.
func listen() (*loopback, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	return &loopback{listener: listener}, err
}

func (l *loopback) port() string {
	return strconv.Itoa(l.listener.Addr().(*net.TCPAddr).Port)
}

// serve starts answering; close ends it.
func (l *loopback) serve(h http.Handler) {
	l.server.Handler = h
	go func() { _ = l.server.Serve(l.listener) }()
}

func (l *loopback) close() {
	_ = l.server.Close()
	_ = l.listener.Close()
}

// servers are the two that a vector may ask for, each on a port of its own.
type servers struct {
	hooks hookServer
	model scriptedModel
	open  map[string]*loopback // by the placeholder of its port
}

// The placeholders of the ports.
const (
	hooksPort = "PORT"
	modelPort = "API"
)

// listen opens the ports of the servers that v asks for, and adds them to names.
func (s *servers) listen(v *vector, names map[string]string) error {
	s.open = map[string]*loopback{}
	for name, wanted := range map[string]bool{hooksPort: v.HTTP != nil, modelPort: v.Model != nil} {
		if !wanted {
			continue
		}
		l, err := listen()
		if err != nil {
			return err
		}
		s.open[name], names[name] = l, l.port()
	}
	return nil
}

// serve starts answering as v says.
func (s *servers) serve(v *vector) {
	s.hooks.table, s.model.script = v.HTTP, v.Model
	for name, l := range s.open {
		if name == modelPort {
			l.serve(&s.model)
		} else {
			l.serve(&s.hooks)
		}
	}
}

func (s *servers) close() {
	for _, l := range s.open {
		l.close()
	}
}
