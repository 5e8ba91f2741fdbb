package loader

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"syscall"
	"unicode/utf16"

	hook "github.com/run-hooks/run-hooks"
)

// Limits in front of the JSON parser, which has none of its own: a megabyte of
// '[' would overflow the stack, and a Go program that does exits with 2, which
// means "block".
const (
	maxSize  = 1 << 20 // bytes
	maxDepth = 200     // nested arrays and objects
)

// A source is the text of one config file and where it came from.
type source struct {
	place
	name string // as messages name it
	text []byte // UTF-8, without a byte order mark

	starts []int // offset of each line, made when first asked for
}

// pos returns the place of the byte at offset.
func (s *source) pos(offset int) hook.Pos {
	if s.starts == nil {
		s.starts = []int{0}
		for i, c := range s.text {
			if c == '\n' {
				s.starts = append(s.starts, i+1)
			}
		}
	}
	offset = min(max(offset, 0), len(s.text))
	line, at := slices.BinarySearch(s.starts, offset)
	if !at {
		line--
	}
	return hook.Pos{File: s.name, Line: line + 1, Col: offset - s.starts[line] + 1}
}

// read returns the text of the file at p. A file that does not exist is nil and
// no error.
func read(p place, name string) (*source, error) {
	info, err := os.Stat(p.path)
	switch {
	case errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return nil, nil
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("is a directory, not a file")
	case !info.Mode().IsRegular():
		return nil, errors.New("is not a regular file")
	case info.Size() > maxSize:
		return nil, fmt.Errorf("is larger than %d bytes (%d)", maxSize, info.Size())
	}
	text, err := os.ReadFile(p.path)
	if err != nil {
		return nil, err
	}
	return &source{place: p, name: name, text: toUTF8(text)}, nil
}

// toUTF8 drops a byte order mark and decodes UTF-16; Claude Code reads both (§9.1).
func toUTF8(text []byte) []byte {
	switch {
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
		return text[3:]
	case bytes.HasPrefix(text, []byte("\xff\xfe")):
		return utf16Text(text[2:], binary.LittleEndian)
	case bytes.HasPrefix(text, []byte("\xfe\xff")):
		return utf16Text(text[2:], binary.BigEndian)
	}
	return text
}

func utf16Text(text []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(text)/2)
	for i := range units {
		units[i] = order.Uint16(text[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// tooDeep returns the offset of the bracket that opens level maxDepth+1, -1 if
// there is none. Brackets in strings and comments do not count.
func tooDeep(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i = stringEnd(text, i)
		case '/':
			i = commentEnd(text, i)
		case '[', '{':
			if depth++; depth > maxDepth {
				return i
			}
		case ']', '}':
			depth--
		}
	}
	return -1
}

// stringEnd returns the offset of the quote that ends the string at i.
func stringEnd(text []byte, i int) int {
	for i++; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i
}

// commentEnd returns the offset of the last byte of the comment at i, i if
// there is none.
func commentEnd(text []byte, i int) int {
	rest := text[i:]
	var end int
	switch {
	case bytes.HasPrefix(rest, []byte("//")):
		end = bytes.IndexByte(rest, '\n')
	case bytes.HasPrefix(rest, []byte("/*")):
		if end = bytes.Index(rest[2:], []byte("*/")); end >= 0 {
			end += 3
		}
	default:
		return i
	}
	if end < 0 {
		return len(text)
	}
	return i + end
}
