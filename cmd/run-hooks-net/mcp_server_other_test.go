//go:build !unix

package main

// serveMCP is for systems with process groups.
func serveMCP(string) {}
