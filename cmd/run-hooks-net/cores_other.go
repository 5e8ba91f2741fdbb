//go:build !unix

package main

// dropCores does nothing: there are no core files here.
func dropCores() {}
