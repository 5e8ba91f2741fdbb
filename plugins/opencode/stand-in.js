#!/usr/bin/env node
// A stand-in for the program run-hooks, for the plugin's own tests. What it
// answers, and how it fails, is in the request: input.tool names the behaviour,
// input.answer is the answer. It writes a line to $STAND_IN_LOG for each start
// and each request.
import fs from "node:fs"
import process from "node:process"

const verb = process.argv[2]
const note = (/** @type {string} */ line) => fs.appendFileSync(process.env.STAND_IN_LOG ?? "/dev/null", line + "\n")
note(`start ${process.argv.slice(2).join(" ")}`)

/** @param {any} request */
function answer(request) {
  const { tool = "", answer = {} } = request.input ?? {}
  note(`${verb} ${request.event} ${tool}`)
  if (tool === "die" && verb === "serve") process.exit(1)
  if (tool === "die always") process.exit(1)
  if (tool === "silence") return
  if (tool === "quits") process.exit(0)
  if (tool === "no object") return process.stdout.write("1\n")
  if (tool === "garbage" && verb === "serve") return process.stdout.write("not JSON\n")
  if (tool === "garbage always") return process.stdout.write("not JSON\n")
  if (request.input?.echo) answer.args = request[request.input.echo]
  const reply = () => process.stdout.write(JSON.stringify({ id: request.id, ...answer, log: [verb] }) + "\n")
  setTimeout(reply, request.input?.delay ?? 0)
}

let rest = ""
process.stdin.setEncoding("utf8").on("data", (piece) => {
  const lines = (rest + piece).split("\n")
  rest = lines.pop() ?? ""
  for (const line of lines) answer(JSON.parse(line))
})
process.stdin.on("end", () => verb === "serve" && process.exit(0))
