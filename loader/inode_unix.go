//go:build unix

package loader

import (
	"os"
	"syscall"
)

// inode tells apart a file and one put in its place in the same instant.
func inode(info os.FileInfo) uint64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(s.Ino)
	}
	return 0
}
