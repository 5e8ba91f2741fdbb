// Package opa is an example: an OPA server that decides about tool calls, asked by
// an http hook. README.md shows how to run it; the test does so.
package opa
