// @ts-check
// The run-hooks plugin for OpenCode 1.x: runs the hooks of .claude/settings.json
// (and the other places run-hooks reads) under OpenCode.
//
// It moves bytes, keeps what OpenCode does not keep, and does what it is told.
// What hooks say, and what that means here, is decided by the program run-hooks:
// one resident child, one JSON object a line. Requests and answers are described
// in mapper/opencode.go of github.com/run-hooks/run-hooks.
import { spawn, spawnSync } from "node:child_process"
import { randomUUID } from "node:crypto"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"

/**
 * @typedef {import("@opencode-ai/plugin").PluginInput} Host
 * @typedef {import("@opencode-ai/plugin").Hooks} Hooks
 * @typedef {Parameters<NonNullable<Hooks["tool.execute.before"]>>} Before
 * @typedef {Parameters<NonNullable<Hooks["tool.execute.after"]>>} After
 * @typedef {Parameters<NonNullable<Hooks["chat.message"]>>} Message
 * @typedef {import("@opencode-ai/sdk").Session} Session
 * @typedef {{ variant: "info" | "success" | "warning" | "error", message: string }} Notice
 * @typedef {{
 *   log?: string[], tell?: Notice[], args?: Record<string, unknown>, allow?: boolean,
 *   output?: string, content?: unknown[], carry?: string[], append?: string[], parts?: string[],
 *   context?: string[], env?: Record<string, string>, reply?: "once" | "reject", message?: string,
 *   prompt?: string, abort?: string, throw?: string,
 *   problems?: string[], version?: string, words?: string,
 * }} Answer
 * @typedef {{ enabled: boolean, path: string, timeoutMs: number, failMode: "closed" | "open", idleMs: number,
 *   logLevel: "debug" | "info" | "warn" | "error" | "off", toasts: boolean }} Options
 * @typedef {import("node:child_process").ChildProcessWithoutNullStreams} Child
 * @typedef {{ done: (answer: Answer) => void, failed: (e: Error) => void }} Waiting
 * @typedef {{ tool: string, args: unknown, checked: string, carry: string[], abort?: string, allow?: boolean, made: number }} Call
 *   what is kept of a call between its two hooks
 * @typedef {{ id: string, sessionID: string, permission: string, tool?: { callID: string } }} Question of permission
 * @typedef {{ role: string, summary?: boolean, modelID?: string, id: string }} Info of a message
 * @typedef {{
 *   parent?: string, known: boolean, due?: string, started: boolean, agent?: string,
 *   model?: { providerID: string, modelID: string }, prompt?: string, command?: { name: string, arguments: string },
 *   turn: number, stops: number, last: string, lastMessage?: string, finished?: string,
 *   trigger?: string, summary?: string, messages: Map<string, Info>, idle?: NodeJS.Timeout,
 * }} Memory what OpenCode does not tell its hooks of a session, and hooks must know
 */

const ID = "run-hooks"

/** Where `run-hooks init` found the program; "" in a copy that others share. @type {string} */
const INSTALLED = ""

/** A refusal: its message is all that the model, or the user, gets to read. */
class Refusal extends Error {}

/** Why run-hooks could not do its work. */
class Trouble extends Error {}

// --- options -----------------------------------------------------------------

const LEVELS = /** @type {const} */ (["debug", "info", "warn", "error", "off"])

/** @type {Options} */
const DEFAULTS = {
  enabled: true,
  path: "",
  timeoutMs: 660_000,
  failMode: "closed",
  idleMs: 60_000,
  logLevel: "info",
  toasts: true,
}

/** @type {Record<keyof Options, [check: (v: any) => boolean, wanted: string]>} */
const RULES = {
  enabled: [(v) => typeof v === "boolean", "true or false"],
  path: [(v) => typeof v === "string" && path.isAbsolute(v), "an absolute path"],
  timeoutMs: [(v) => Number.isFinite(v) && v >= 1000, "a number of milliseconds, 1000 or more"],
  failMode: [(v) => v === "closed" || v === "open", '"closed" or "open"'],
  idleMs: [(v) => Number.isFinite(v) && v >= 0, "a number of milliseconds"],
  logLevel: [(v) => LEVELS.includes(v), LEVELS.join(", ")],
  toasts: [(v) => typeof v === "boolean", "true or false"],
}

/**
 * Options from .opencode/run-hooks.json of the worktree and the directory, then
 * those of the plugin entry in opencode.json. What is wrong is told and left out.
 * @param {unknown} entry @param {string[]} directories
 * @returns {{ options: Options, faults: string[] }}
 */
export function readOptions(entry, directories) {
  const options = { ...DEFAULTS }
  /** @type {string[]} */
  const faults = []
  const take = (/** @type {unknown} */ given, /** @type {string} */ where) => {
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
      faults.push(`${where}: the options are not an object`)
      return
    }
    for (const [name, value] of Object.entries(given)) {
      const rule = RULES[/** @type {keyof Options} */ (name)]
      if (!rule) faults.push(`${where}: there is no option "${name}"; there are ${Object.keys(RULES).join(", ")}`)
      else if (!rule[0](value)) faults.push(`${where}: "${name}" must be ${rule[1]}`)
      else Object.assign(options, { [name]: value })
    }
  }
  for (const directory of directories) {
    const file = path.join(directory, ".opencode", "run-hooks.json")
    try {
      take(JSON.parse(fs.readFileSync(file, "utf8")), file)
    } catch (e) {
      if (code(e) !== "ENOENT" && code(e) !== "ENOTDIR") faults.push(`${file}: ${text(e)}`)
    }
  }
  if (entry !== undefined) take(entry, "options of the run-hooks plugin")
  return { options, faults }
}

// --- the program ---------------------------------------------------------------

const shared = /** @type {Record<symbol, any>} */ (globalThis)

/** Where the copies of this plugin in this process know the program to be. @type {Set<string>} */
const places = (shared[Symbol.for("run-hooks.opencode.places")] ??= new Set())
if (INSTALLED) places.add(INSTALLED)

/**
 * The program, or the places where it is not.
 * @param {Options} options @returns {{ file?: string, tried: string[] }}
 */
function program(options) {
  if (options.path) return executable(options.path) ? { file: options.path, tried: [] } : { tried: [options.path] }
  const tried = [...places]
  for (const dir of (process.env.PATH ?? "").split(path.delimiter)) if (dir) tried.push(path.join(dir, ID))
  const file = tried.find(executable)
  return file ? { file, tried } : { tried: [...places, "PATH"] }
}

/** @param {string} file */
function executable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return fs.statSync(file).isFile()
  } catch {
    return false
  }
}

/**
 * Hook configs that are in force here, or may be: files that cannot be read
 * count. word is what such a file contains; the program knows better, but this is
 * asked when there is no program.
 * @param {string} directory @param {string} worktree @param {string} word
 */
export function guards(directory, worktree, word) {
  const home = process.env.CLAUDE_CONFIG_DIR || path.join(os.homedir(), ".claude")
  const managed = process.platform === "darwin" ? "/Library/Application Support/ClaudeCode" : "/etc/claude-code"
  const files = [path.join(home, "settings.json"), path.join(managed, "managed-settings.json")]
  files.push(...list(path.join(managed, "managed-settings.d")))
  for (let dir = directory; ; dir = path.dirname(dir)) {
    for (const name of [".claude/settings.json", ".claude/settings.local.json", ".opencode/hooks.json"])
      files.push(path.join(dir, name))
    for (const name of [".codex/hooks.json", ".codex/config.toml"]) files.push(path.join(dir, name))
    if (dir === worktree || dir === path.dirname(dir)) break
  }
  return files.filter((file) => {
    try {
      const said = fs.readFileSync(file, "utf8").replaceAll("\0", "")
      return said.includes(word) || said.includes("enabledPlugins")
    } catch (e) {
      return code(e) !== "ENOENT" && code(e) !== "ENOTDIR"
    }
  })
}

/** @param {string} dir */
function list(dir) {
  try {
    return fs.readdirSync(dir).map((name) => path.join(dir, name))
  } catch {
    return []
  }
}

/**
 * `run-hooks serve opencode`, started when it is first needed and again when it
 * has died. A request that it has left unanswered is asked once more, of a process
 * of its own: its hooks may have begun, but nobody has heard what they said. One
 * that it has answered, or that has taken too long, is never asked again.
 */
export class Program {
  /** @type {{ file: string, child: Child, waiting: Map<number, Waiting> } | undefined} */
  #serve
  #last = 0

  /** @param {Options} options @param {string} directory @param {(line: string) => void} said takes what it writes to stderr */
  constructor(options, directory, said) {
    this.options = options
    this.directory = directory
    this.said = said
  }

  /** @param {object} request @returns {Promise<Answer>} */
  async ask(request) {
    const file = this.#file()
    try {
      return await this.#resident(file, request)
    } catch (e) {
      if (e instanceof Trouble) throw e
      this.said(`${text(e)}; what it has not answered is asked again`)
      return await this.#alone(file, request)
    }
  }

  /** The same while everything else waits, for what OpenCode does not wait for. @param {object} request @returns {Answer} */
  askNow(request) {
    const { timeoutMs } = this.options
    const input = JSON.stringify(request) + "\n"
    const ran = spawnSync(this.#file(), ["bridge", "opencode", ...this.#flags()], {
      cwd: this.#cwd(),
      input,
      encoding: "utf8",
      timeout: timeoutMs,
      maxBuffer: 1 << 26,
    })
    for (const line of (ran.stderr ?? "").split("\n")) if (line) this.said(line)
    if (ran.error) throw new Trouble(`run-hooks could not be run: ${text(ran.error)}`)
    return answer(ran.stdout, ran.status, ran.signal)
  }

  /** Sends what is not answered. @param {object} request */
  note(request) {
    const serve = (this.#serve ??= this.#start(this.#file()))
    serve.child.stdin.write(JSON.stringify(request) + "\n")
  }

  #file() {
    if (this.#serve) return this.#serve.file
    const { file, tried } = program(this.options)
    if (!file) throw new Trouble(`the program run-hooks was not found (looked at: ${tried.join(", ")})`)
    return file
  }

  /** Ends the child; it leaves when its input ends. */
  async end() {
    const child = this.#serve?.child
    this.#serve = undefined
    if (child) await stop(child)
  }

  /** @param {string} file @param {object} request @returns {Promise<Answer>} */
  #resident(file, request) {
    const { child, waiting } = (this.#serve ??= this.#start(file))
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(id)
        reject(new Trouble(`run-hooks gave no answer in ${this.options.timeoutMs} ms`))
        stop(child)
      }, this.options.timeoutMs)
      const settle = (/** @type {() => void} */ f) => (clearTimeout(timer), waiting.delete(id), f())
      waiting.set(id, {
        done: (answer) => settle(() => resolve(answer)),
        failed: (e) => settle(() => reject(e)),
      })
      child.stdin.write(JSON.stringify({ id, ...request }) + "\n")
    })
  }

  /** @param {string} file */
  #start(file) {
    const child = this.#spawn(file, "serve")
    /** @type {Map<number, Waiting>} */
    const waiting = new Map()
    const serve = { file, child, waiting }
    const gone = (/** @type {Error} */ e) => {
      if (this.#serve === serve) this.#serve = undefined
      for (const request of [...waiting.values()]) request.failed(e)
    }
    child.on("error", gone)
    child.on("close", () => gone(new Error("run-hooks serve has ended")))
    lines(child.stdout, (line) => {
      try {
        const answer = sound(JSON.parse(line))
        waiting.get(/** @type {any} */ (answer).id)?.done(answer)
      } catch {
        child.kill("SIGKILL") // out of step: nothing it says can be assigned any more
      }
    })
    // Neither the child nor its pipes keep OpenCode from ending.
    for (const part of /** @type {any[]} */ ([child, child.stdin, child.stdout, child.stderr])) part.unref?.()
    return serve
  }

  /** @param {string} file @param {object} request @returns {Promise<Answer>} */
  #alone(file, request) {
    return new Promise((resolve, reject) => {
      const child = this.#spawn(file, "bridge")
      let out = ""
      const timer = setTimeout(() => stop(child), this.options.timeoutMs)
      child.stdout.setEncoding("utf8").on("data", (piece) => (out += piece))
      child.on("error", (e) => reject(new Trouble(`run-hooks could not be started: ${text(e)}`)))
      child.on("close", (status, signal) => {
        clearTimeout(timer)
        try {
          resolve(answer(out, status, signal))
        } catch (e) {
          reject(e)
        }
      })
      child.stdin.end(JSON.stringify(request) + "\n")
    })
  }

  /**
   * A process in a session of its own, so that a ctrl+c meant for OpenCode does not end it.
   * @param {string} file @param {"serve" | "bridge"} verb
   */
  #spawn(file, verb) {
    const child = spawn(file, [verb, "opencode", ...this.#flags()], { cwd: this.#cwd(), detached: true, stdio: "pipe" })
    child.stdin.on("error", () => {}) // it has ended; "close" says so
    lines(child.stderr, this.said)
    return child
  }

  #flags() {
    return this.options.failMode === "open" ? ["--fail-open"] : []
  }

  #cwd() {
    return fs.existsSync(this.directory) ? this.directory : "/"
  }
}

/** What a process of its own has said. @param {string} out @param {number | null} status @param {string | null} signal @returns {Answer} */
function answer(out, status, signal) {
  try {
    return sound(JSON.parse(out))
  } catch {
    throw new Trouble(`run-hooks ended with ${signal ?? `status ${status}`} and no answer`)
  }
}

/** An answer that is one: an object, and of a program that could do its work. @param {any} said @returns {Answer} */
function sound(said) {
  if (typeof said !== "object" || said === null || Array.isArray(said)) throw new Error("no object")
  if (said.exit && said.throw === undefined) throw new Error(`an internal error, status ${said.exit}`)
  return said
}

/** Ends a child by the end of its input; by force, if that takes it two seconds. @param {Child} child */
function stop(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(undefined)
    const timer = setTimeout(() => child.kill("SIGKILL"), 2000)
    child.once("close", () => (clearTimeout(timer), resolve(undefined)))
    child.stdin.end()
  })
}

/** @param {import("node:stream").Readable} stream @param {(line: string) => void} each */
function lines(stream, each) {
  let rest = ""
  stream.setEncoding("utf8").on("data", (piece) => {
    const all = (rest + piece).split("\n")
    rest = all.pop() ?? ""
    for (const line of all) if (line) each(line)
  })
}

// --- the session ---------------------------------------------------------------

/** What is remembered of the sessions. */
class Sessions {
  #client
  /** @type {Map<string, Memory>} */
  #all = new Map()

  /** @param {Host["client"]} client */
  constructor(client) {
    this.#client = client
  }

  /** @param {string} id @returns {Memory} */
  of(id) {
    const known = this.#all.get(id)
    if (known) return known
    const memory = { known: false, started: false, turn: 0, stops: 0, last: "", messages: new Map() }
    this.#all.set(id, memory)
    return memory
  }

  /** @param {Session} info of a session.created event */
  created(info) {
    const fork = /\(fork #\d+\)$/.test(info.title ?? "")
    const due = info.parentID ? undefined : fork ? "fork" : "startup"
    Object.assign(this.of(info.id), { known: true, parent: info.parentID, due })
  }

  /** @param {string} id */
  forget(id) {
    clearTimeout(this.#all.get(id)?.idle)
    this.#all.delete(id)
  }

  /** The sessions that have begun and not ended. */
  live() {
    return [...this.#all].filter(([, s]) => s.started).map(([id]) => id)
  }

  /** A message is kept while parts of it may come. @param {string} id @param {Info} info */
  message(id, { role, summary, modelID, id: message }) {
    const { messages } = this.of(id)
    messages.set(message, { role, summary, modelID, id: message })
    for (const old of [...messages.keys()].slice(0, -8)) messages.delete(old)
  }

  /** @param {string} id @param {Message[1]["message"]} message @param {boolean} own */
  prompted(id, message, own) {
    const s = this.of(id)
    Object.assign(s, { agent: message.agent, model: message.model, finished: undefined })
    if (own) return
    Object.assign(s, { turn: s.turn + 1, stops: 0, prompt: s.command ? s.prompt : randomUUID() })
  }

  /** Why the session's start is due, once. @param {string} id */
  start(id) {
    const s = this.of(id)
    const why = s.due ?? (s.started ? undefined : "resume")
    Object.assign(s, { due: undefined, started: true })
    return why
  }

  /** The state that goes with each request. @param {string} id */
  async state(id) {
    for (const seen = new Set(); !seen.has(id) && !this.of(id).known;) {
      seen.add(id)
      Object.assign(this.of(id), { known: true, parent: await this.#ask(id) })
    }
    const { parent } = this.of(id)
    if (parent) await this.state(parent)
    return this.stateNow(id)
  }

  /** The same as far as it is known. @param {string} id */
  stateNow(id) {
    const root = this.root(id)
    const { agent, model } = this.of(id)
    const name = model && `${model.providerID}/${model.modelID}`
    return { root, agent, model: name, prompt: this.of(root).prompt }
  }

  /** @param {string} id */
  root(id) {
    for (const seen = new Set(); !seen.has(id);) {
      seen.add(id)
      id = this.of(id).parent ?? id
    }
    return id
  }

  /** @param {string} id */
  async #ask(id) {
    try {
      return (await this.#client.session.get({ path: { id } })).data?.parentID
    } catch {
      return undefined
    }
  }
}

/** Notices for the user, and OpenCode's log. */
class Voice {
  /** @type {Set<string>} */
  #warned = new Set()

  /** @param {Host["client"]} client @param {Options} options @param {string} mode */
  constructor(client, options, mode) {
    this.client = client
    this.options = options
    this.mode = mode
  }

  /** @param {"debug" | "info" | "warn" | "error"} level @param {string} message */
  log(level, message) {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(this.options.logLevel)) return
    quietly(() => this.client.app.log({ body: { service: ID, level, message } }))
  }

  /** A warning is told once in a process, other notices each time. @param {Notice[] | undefined} notices @param {number} delay in ms, of toasts */
  tell(notices, delay = 0) {
    for (const { variant, message: said } of notices ?? []) {
      const message = said.replace(/^run-hooks: /, "")
      this.log(variant === "error" ? "error" : variant === "warning" ? "warn" : "info", message)
      if (variant === "warning" && this.#warned.has(message)) continue
      this.#warned.add(message)
      if (this.mode === "run") process.stderr.write(`${ID}: ${message}\n`)
      else if (this.options.toasts)
        setTimeout(
          () => quietly(() => this.client.tui.showToast({ body: { title: ID, message, variant } })),
          delay,
        ).unref()
    }
  }

  /** @param {string} message @param {number} [delay] */
  warn(message, delay) {
    this.tell([{ variant: "warning", message }], delay)
  }
}

/** @param {() => unknown} f whose failure does not matter */
function quietly(f) {
  new Promise((resolve) => resolve(f())).catch(() => {})
}

const MODES = ["run", "serve", "acp", "web"]

/** @param {string[]} argv */
export function modeOf(argv) {
  const words = argv.slice(2)
  const prompt = words.indexOf("--prompt") // what follows it is the user's
  return words.slice(0, prompt < 0 ? undefined : prompt).find((word) => MODES.includes(word)) ?? "tui"
}

// A toast shown before OpenCode's own, about the prompt that failed, is replaced by it.
const AFTER_OWN_TOAST = 700

// A toast shown before the screen is there is lost.
const AFTER_START = 2000

// How long the end of OpenCode waits for hooks that nothing else has waited for.
const AT_END = 10_000

// Objects that one copy of this plugin has taken: two copies (of the user and of
// the project) are given the same ones, and hooks must run once.
/** @type {WeakSet<object>} */
const taken = (shared[Symbol.for("run-hooks.opencode")] ??= new WeakSet())

/** @param {unknown} object */
function mine(object) {
  if (typeof object !== "object" || object === null) return true
  if (taken.has(object)) return false
  taken.add(object)
  return true
}

/** One OpenCode project: its hooks in OpenCode's sense. */
class Bridge {
  /** @type {Map<string, Call>} by session and call id */
  #calls = new Map()
  /** @type {Set<string>} calls that were refused: their error is not a failure */
  #refused = new Set()
  /** @type {Map<string, Promise<string[]>>} texts for results that OpenCode makes itself, of calls that failed */
  #failed = new Map()
  /** @type {Map<string, { texts: Promise<string[]>, at?: string }>} by session: texts to stand behind a compaction */
  #compacted = new Map()
  /** @type {Map<string, string[]>} texts for a session's next prompt */
  #waiting = new Map()
  /** @type {Map<string, { question: Question, call?: Call, ours?: boolean }>} permission questions that are open */
  #questions = new Map()
  /** @type {Set<Promise<unknown>>} what nobody waits for, until the end */
  #pending = new Set()
  /** @type {{ parent: string, prompt: unknown }[]} prompts for sub-agents that have not been sent yet */
  #tasks = []
  /** @type {Set<string>} parts whose beginning is in the transcript */
  #begun = new Set()
  /** @type {Map<string, string>} by session: a continuation that was inserted and not taken up yet */
  #inserted = new Map()
  /** @type {string[]} names of MCP servers */
  #mcp = []
  /** @type {Parameters<NonNullable<Hooks["config"]>>[0] | undefined} */
  #config
  #latest = ""
  #edited = { file: "", at: 0 }

  /** @param {Pick<Host, "client" | "directory" | "worktree">} host @param {Options} options */
  constructor(host, options) {
    this.client = host.client
    this.directory = host.directory
    this.worktree = host.worktree
    this.options = options
    this.mode = modeOf(process.argv)
    this.auto = process.argv.some((word) => ["--auto", "--yolo", "--dangerously-skip-permissions"].includes(word))
    this.voice = new Voice(host.client, options, this.mode)
    this.sessions = new Sessions(host.client)
    this.program = new Program(options, host.directory, (line) => this.#said(line))
  }

  /** Says what is live here, in the log, and what is wrong, to the user. */
  async status() {
    try {
      const s = await this.program.ask({ event: "status", directory: this.directory, worktree: this.worktree })
      this.voice.log("info", `${s.version ?? ID}: ${s.words ?? ""}`)
      for (const problem of s.problems ?? []) this.voice.warn(problem, AFTER_START)
    } catch (e) {
      this.#edge("status", e)
    }
  }

  /** @param {Parameters<NonNullable<Hooks["config"]>>[0]} config which plugins after this one may still change */
  async config(config) {
    this.#config = config
  }

  // --- calls of tools

  /**
   * The MCP servers that a tool may be of, before each call of one that may have a
   * server in its name: servers come and go, and those of an editor (acp) or of a
   * client are in no config. Only one that is connected has tools.
   * @param {string} tool @returns {Promise<string[]>}
   */
  async #servers(tool) {
    const configured = Object.keys(this.#config?.mcp ?? {})
    if (!tool.includes("_")) return configured
    const known = await (async () => this.client.mcp.status())().catch(() => undefined)
    const all = Object.entries(known?.data ?? {})
    const connected = all.flatMap(([name, { status }]) => (status === "connected" ? [name] : []))
    const its = connected.some((name) => tool.startsWith(`${name.replace(/[^A-Za-z0-9_-]/g, "_")}_`))
    return its ? connected : [...new Set([...configured, ...all.map(([name]) => name)])]
  }

  /** @param {Before[0]} input @param {Before[1]} output */
  async before(input, output) {
    const mcp = await this.#servers(input.tool)
    this.#mcp = mcp
    const answer = await this.#ask("tool.execute.before", input, output, input.sessionID, { mcp })
    this.voice.tell(answer.tell)
    if (answer.throw !== undefined) {
      this.#refused.add(key(input))
      if (answer.abort !== undefined) this.#abort(input.sessionID)
      if (input.tool === "task" && ofCommand(input.callID)) return noAgent(output.args, answer.throw)
      throw new Refusal(answer.throw)
    }
    if (answer.args) {
      for (const name of Object.keys(output.args)) delete output.args[name]
      Object.assign(output.args, answer.args)
    }
    const { carry = [], abort, allow } = answer
    const { tool } = input
    const { args } = output
    if (tool === "task") this.#tasks.push({ parent: input.sessionID, prompt: args.prompt })
    const checked = JSON.stringify(args)
    const twin = this.#calls.get(key(input)) // of the same id: what is allowed to one is not to the other
    const both = allow && (!twin || twin.allow)
    this.#calls.set(key(input), { tool, args, checked, carry, abort, allow: both, made: Date.now() })
  }

  /** @param {After[0]} input @param {After[1] & { content?: unknown[], structuredContent?: unknown }} output */
  async after(input, output) {
    if (output === undefined) return // a command's sub-agent has failed: its part will say so
    const call = this.#calls.get(key(input))
    this.#calls.delete(key(input))
    const duration = call && Date.now() - call.made
    if (call && JSON.stringify(input.args) !== call.checked)
      this.voice.warn(`another plugin has changed the input of ${input.tool} after the hooks had checked it`)
    if (input.tool === "task" && output.output !== undefined)
      await this.#taskEnds(output).catch((e) =>
        this.voice.warn(`the sub-agent could not be sent back to work: ${text(e)}`),
      )
    const answer = await this.#ask("tool.execute.after", input, output, input.sessionID, { duration })
    this.voice.tell(answer.tell)
    if (answer.output !== undefined) output.output = answer.output
    if (answer.content !== undefined) {
      output.content = answer.content
      delete output.structuredContent
    }
    add(output, [...(call?.carry ?? []), ...(answer.append ?? [])])
    if ((answer.abort ?? call?.abort) !== undefined) this.#abort(input.sessionID)
  }

  /** A sub-agent's turn: its hooks may send it back to work, and then it answers anew. @param {After[1]} output */
  async #taskEnds(output) {
    const id = output.metadata?.sessionId
    if (typeof id !== "string" || output.metadata.background) return // it has only begun
    const s = this.sessions.of(id)
    for (s.stops = 0; ; s.stops++) {
      const stop = { count: s.stops, last: taskResult(output.output)[1] }
      const answer = await this.#ask("session.idle", {}, undefined, id, { stop })
      this.voice.tell(answer.tell)
      if (answer.prompt === undefined) return
      const { data } = await this.client.session.prompt({ path: { id }, body: this.#body(s, answer.prompt) })
      const said = (data?.parts ?? []).flatMap((part) => (part.type === "text" ? [part.text] : []))
      const [before, , after] = taskResult(output.output)
      output.output = before + (said.at(-1) ?? s.last) + after
    }
  }

  /** A call that failed has no hook behind it. @param {any} part */
  #toolFailed(part) {
    const at = this.#known(part)
    const call = this.#calls.get(at)
    this.#calls.delete(at)
    const own = this.#refused.delete(at) || call?.abort !== undefined
    if (call?.abort !== undefined) this.#abort(part.sessionID)
    const carry = call?.carry ?? []
    if (own) return void (carry.length && this.#failed.set(key(part), Promise.resolve(carry)))
    const duration = call && Date.now() - call.made
    const asked = this.#ask("message.part.updated", { part }, undefined, part.sessionID, { duration })
    this.#failed.set(
      key(part),
      this.#later(asked.then((a) => (this.voice.tell(a.tell), [...carry, ...(a.append ?? [])]))),
    )
  }

  /** What a failed call was remembered by: a command's sub-agent by the id of its part. @param {any} part */
  #known(part) {
    const own = key({ sessionID: part.sessionID, callID: part.id })
    return this.#calls.has(own) || this.#refused.has(own) ? own : key(part)
  }

  // --- permission

  /** @param {Question} question */
  #asked(question) {
    const call = question.tool && this.#calls.get(key({ sessionID: question.sessionID, callID: question.tool.callID }))
    this.#questions.set(question.id, { question, call })
    if (question.permission === "doom_loop") return this.#notify("permission", question.sessionID, call?.tool)
    if (call?.allow) return this.#reply(question, { reply: "once" })
    const output = call && { tool: call.tool, args: call.args }
    if (this.mode === "run") {
      // OpenCode's own answer, no, is given before anything that waits.
      return this.#reply(question, this.#askNow("permission.asked", question, output, question.sessionID))
    }
    const asked = this.#ask("permission.asked", question, output, question.sessionID)
    this.#later(
      asked.then((answer) => {
        this.#reply(question, answer)
        if (!answer.reply) this.#notify("permission", question.sessionID, call?.tool ?? question.permission)
      }),
    )
  }

  /** @param {Question} question @param {Answer} answer */
  #reply(question, answer) {
    this.voice.tell(answer.tell)
    if (answer.abort !== undefined) this.#abort(question.sessionID)
    const open = this.#questions.get(question.id)
    if (!answer.reply || !open) return
    open.ours = true
    const { reply: response, message } = answer
    const raw = /** @type {any} */ (this.client)._client
    if (message && raw?.post) {
      const said = { url: "/permission/{requestID}/reply", path: { requestID: question.id } }
      quietly(() =>
        raw.post({ ...said, body: { reply: response, message }, headers: { "Content-Type": "application/json" } }),
      )
      return
    }
    const path = { id: question.sessionID, permissionID: question.id }
    quietly(() => this.client.postSessionIdPermissionsPermissionId({ path, body: { response } }))
  }

  /** @param {{ requestID: string, sessionID: string, reply: string }} replied */
  #replied({ requestID, sessionID, reply }) {
    const open = this.#questions.get(requestID)
    this.#questions.delete(requestID)
    if (reply !== "reject" || !open) return
    const at = open.question.tool && key({ sessionID, callID: open.question.tool.callID })
    if (at) this.#refused.add(at)
    if (open.ours) return
    const output = open.call && { tool: open.call.tool, args: open.call.args }
    const asked = this.#ask("permission.replied", { ...open.question, reply }, output, sessionID)
    const texts = this.#later(asked.then((a) => (this.voice.tell(a.tell), a.append ?? [])))
    if (at) this.#failed.set(at, texts)
  }

  // --- prompts and turns

  /** @param {{ command: string, sessionID: string, arguments: string }} input @param {object} output */
  async command(input, output) {
    const s = this.sessions.of(input.sessionID)
    s.prompt = randomUUID()
    const answer = await this.#starting("command.execute.before", input, output)
    this.#waiting.set(input.sessionID, [...(this.#waiting.get(input.sessionID) ?? []), ...(answer.carry ?? [])])
    if (answer.throw !== undefined) throw new Refusal(answer.throw)
    s.command = { name: input.command, arguments: input.arguments }
  }

  /** @param {Message[0]} input @param {Message[1]} output */
  async message(input, output) {
    const id = input.sessionID
    const own = output.parts.some((part) => part.type === "text" && part.metadata?.runHooks === "prompt")
    const { command } = this.sessions.of(id)
    this.sessions.prompted(id, output.message, own)
    this.sessions.of(id).command = undefined
    clearTimeout(this.sessions.of(id).idle)
    const more = own ? {} : { command, user: await this.#ofUser(id, output) }
    const answer = own ? {} : await this.#starting("chat.message", input, output, more)
    const texts = [...(this.#waiting.get(id) ?? []), ...(answer.parts ?? [])]
    if (answer.throw !== undefined) {
      this.#waiting.set(id, [...texts, ...(answer.carry ?? [])])
      throw new Refusal(answer.throw)
    }
    this.#waiting.delete(id)
    const [last = "prt_"] = output.parts.map((part) => part.id).sort((a, b) => (a < b ? 1 : -1))
    texts.forEach((text, i) =>
      output.parts.push(synthetic(`${last}z${String(i).padStart(3, "0")}`, output.message, text)),
    )
  }

  /** Whether the user has sent it: to a sub-agent he may, too. @param {string} id @param {Message[1]} output */
  async #ofUser(id, output) {
    await this.sessions.state(id)
    const { parent } = this.sessions.of(id)
    const said = output.parts.flatMap((part) => (part.type === "text" ? [part.text] : []))
    const at = this.#tasks.findIndex(({ parent: of, prompt }) => of === parent && said.some((text) => text === prompt))
    if (at >= 0) this.#tasks.splice(at, 1)
    return at < 0
  }

  /** What comes of a prompt, or a command, that may be a session's first. @param {string} event @param {any} input @param {any} output @param {object} [more] */
  async #starting(event, input, output, more) {
    const id = input.sessionID
    const { root } = await this.sessions.state(id)
    const source = root === id ? this.sessions.start(id) : undefined
    this.#latest = root
    if (source === "resume" || source === "fork") await this.#wholeTranscript(id)
    const answer = await this.#ask(event, input, output, id, { source, ...more })
    this.voice.tell(answer.tell, answer.throw === undefined ? 0 : AFTER_OWN_TOAST)
    return answer
  }

  /** The turn has ended; first is false where OpenCode says so again. @param {string} id */
  #idle(id) {
    const s = this.sessions.of(id)
    if (this.sessions.root(id) !== id) return
    if (this.mode !== "run") this.#idleLater(id, s)
    if (s.finished === undefined) return
    s.finished = undefined
    const turn = s.turn
    const asked = this.#ask("session.idle", {}, undefined, id, { stop: { count: s.stops, last: s.last } })
    this.#later(
      asked.then((answer) => {
        this.voice.tell(answer.tell)
        if (answer.prompt === undefined || s.turn !== turn) return // the user has gone on meanwhile
        s.stops++
        const sent = this.client.session.prompt({ path: { id }, body: this.#body(s, answer.prompt) })
        sent.catch((e) => this.voice.warn(`the model could not be sent back to work: ${text(e)}`))
      }),
    )
  }

  /**
   * `opencode run` leaves at the first idle, so that the answer must be there
   * before: at the end of the last step the loop still has to look for a newer
   * message, and finds ours.
   * @param {string} id
   */
  #stopNow(id) {
    const s = this.sessions.of(id)
    s.finished = undefined
    const answer = this.#askNow("session.idle", {}, undefined, id, { stop: { count: s.stops, last: s.last } })
    this.voice.tell(answer.tell)
    if (answer.prompt === undefined) return
    s.stops++
    this.#inserted.set(id, answer.prompt)
    const body = { noReply: true, ...this.#body(s, answer.prompt) }
    quietly(() => this.client.session.prompt({ path: { id }, body }))
  }

  /** @param {Memory} s @param {string} text */
  #body({ agent, model }, text) {
    const part = { type: /** @type {const} */ ("text"), text, metadata: { runHooks: "prompt" } }
    return { agent, model, parts: [part] }
  }

  /** @param {string} id @param {Memory} s */
  #idleLater(id, s) {
    clearTimeout(s.idle)
    s.idle = setTimeout(() => this.#notify("idle", id), this.options.idleMs)
    s.idle.unref()
  }

  /** @param {"permission" | "question" | "idle"} kind @param {string} session @param {string} [tool] @param {string} [text] */
  #notify(kind, session, tool, text) {
    const asked = this.#ask("notification", { kind, tool, text }, undefined, session)
    this.#later(asked.then((answer) => this.voice.tell(answer.tell)))
  }

  // --- compaction

  /** @param {{ sessionID: string }} input @param {{ context: string[] }} output */
  async compacting(input, output) {
    const { trigger } = this.sessions.of(input.sessionID)
    const answer = await this.#ask("experimental.session.compacting", input, output, input.sessionID, { trigger })
    this.voice.tell(answer.tell)
    output.context.push(...(answer.context ?? []))
  }

  /** @param {string} id */
  #compactedNow(id) {
    const { trigger, summary } = this.sessions.of(id)
    const asked = this.#ask("session.compacted", {}, undefined, id, { trigger, summary })
    const texts = this.#later(asked.then((a) => (this.voice.tell(a.tell), a.carry ?? [])))
    this.#compacted.set(id, { texts })
  }

  /**
   * Each request to the model: OpenCode gives a copy, so that what is added is
   * added each time, and at the same place.
   * @param {any} output
   */
  async transform({ messages }) {
    for (const { parts } of messages)
      for (const part of parts) {
        if (part.type !== "tool" || part.state.status !== "error") continue
        const texts = (await this.#failed.get(key(part))) ?? []
        part.state.error = [part.state.error, ...texts].join("\n\n")
      }
    const after = this.#compacted.get(messages[0]?.info.sessionID)
    const texts = (await after?.texts) ?? []
    if (!after || texts.length === 0) return
    after.at ??= messages.findLast((/** @type {any} */ m) => m.info.role === "user")?.info.id
    const message = messages.find((/** @type {any} */ m) => m.info.id === after.at)
    message?.parts.push(...texts.map((text, i) => synthetic(`prt_zz${i}`, message.info, text)))
  }

  // --- the shell

  /** @param {{ sessionID?: string }} input @param {{ env: Record<string, string> }} output */
  async shell(input, output) {
    const session = input.sessionID ?? this.#latest
    if (!session) return
    const answer = await this.#ask("shell.env", input, {}, session)
    Object.assign(output.env, answer.env)
  }

  // --- events

  /** @param {{ type: string, properties: any }} event */
  event({ type, properties: p }) {
    const at = p.sessionID
    if (type === "session.created") this.sessions.created(p.info)
    else if (type === "session.deleted") this.#ended("session.deleted", p.info?.id ?? at)
    else if (type === "session.status" && p.status?.type === "busy") clearTimeout(this.sessions.of(at).idle)
    else if (type === "session.idle") this.#idle(at)
    else if (type === "session.error" && at) this.#error(at, p)
    else if (type === "session.compacted") this.#compactedNow(at)
    else if (type === "message.updated") this.sessions.message(p.info.sessionID, p.info)
    else if (type === "message.part.updated") this.#part(p.part)
    else if (type === "permission.asked") this.#asked(p)
    else if (type === "permission.replied") this.#replied(p)
    else if (type === "question.asked") this.#notify("question", at, undefined, p.questions?.[0]?.question)
    else if (type === "file.edited") this.#file(type, p)
    else if (type === "file.watcher.updated") this.#file(type, p)
  }

  /** @param {any} part */
  #part(part) {
    const s = this.sessions.of(part.sessionID)
    const info = s.messages.get(part.messageID)
    this.#transcript(part, info)
    if (part.type === "text" && info?.role === "assistant" && part.time?.end) {
      if (info.summary) s.summary = part.text
      else s.last = s.lastMessage === info.id ? `${s.last}\n${part.text}` : part.text
      s.lastMessage = info.id
    } else if (part.type === "compaction") s.trigger = part.auto ? "auto" : "manual"
    else if (part.type === "step-start") {
      s.finished = undefined
      this.#inserted.delete(part.sessionID)
    } else if (part.type === "step-finish" && part.reason === "stop" && !info?.summary) {
      s.finished = part.messageID
      if (this.mode === "run" && this.sessions.root(part.sessionID) === part.sessionID) this.#stopNow(part.sessionID)
    } else if (part.type === "tool" && part.state.status === "error") this.#toolFailed(part)
  }

  /** @param {string} id @param {any} properties */
  #error(id, properties) {
    if (properties.error?.name === "MessageAbortedError") return
    this.sessions.of(id).finished = undefined
    const asked = this.#ask("session.error", properties, undefined, id)
    this.#later(asked.then((answer) => this.voice.tell(answer.tell)))
  }

  /** A change that OpenCode made is seen by its watcher too. @param {string} type @param {{ file: string, event?: string }} properties */
  #file(type, properties) {
    const again =
      type === "file.watcher.updated" && this.#edited.file === properties.file && Date.now() - this.#edited.at < 2000
    if (type === "file.edited") this.#edited = { file: properties.file, at: Date.now() }
    if (again || !this.#latest) return
    const asked = this.#ask(type, properties, undefined, this.#latest)
    this.#later(asked.then((answer) => this.voice.tell(answer.tell)))
  }

  /** @param {"session.deleted" | "dispose"} event @param {string} id */
  async #ended(event, id) {
    if (!this.sessions.of(id).started) return this.sessions.forget(id)
    this.sessions.of(id).started = false
    const answer = await this.#later(this.#ask(event, {}, undefined, id))
    this.voice.tell(answer?.tell)
    this.sessions.forget(id)
  }

  /** OpenCode ends, or this project's part of it. The terminal client waits for five seconds. */
  async dispose() {
    const settled = until(AT_END, [...this.#pending])
    for (const [id, prompt] of this.#inserted) {
      // The loop had ended before it saw the message that was inserted.
      const sent = this.client.session.prompt({ path: { id }, body: this.#body(this.sessions.of(id), prompt) })
      await sent.catch((e) => this.voice.warn(`the model could not be sent back to work: ${text(e)}`))
    }
    await Promise.all(this.sessions.live().map((id) => this.#ended("dispose", id)))
    await settled
    await this.program.end()
  }

  // --- the transcript

  /** @param {any} part @param {Info | undefined} info */
  #transcript(part, info) {
    const { id, type, state } = part
    const said = type === "text" && (info?.role === "user" || part.time?.end)
    const begins = type === "tool" && state.status === "running" && !this.#begun.has(id)
    const ends = type === "tool" && (state.status === "completed" || state.status === "error")
    if (!info || !(said || begins || ends)) return
    const begun = this.#begun.delete(id)
    if (begins) this.#begun.add(id)
    this.#note(part.sessionID, [
      { info, parts: [{ ...part, begun, ...(state && { state: { ...state, metadata: undefined } }) }] },
    ])
  }

  /** A session that began elsewhere, or before hooks did. @param {string} id */
  async #wholeTranscript(id) {
    try {
      this.#note(id, (await this.client.session.messages({ path: { id } })).data ?? [], true)
    } catch (e) {
      this.voice.log("warn", `the session so far cannot be read: ${text(e)}`)
    }
  }

  /** @param {string} session @param {unknown[]} messages @param {boolean} [whole] */
  #note(session, messages, whole) {
    const state = { root: this.sessions.root(session), mcp: this.#mcp }
    const { directory } = this
    try {
      this.program.note({ event: "transcript", directory, session, state, input: { messages, whole } })
    } catch (e) {
      this.voice.log("warn", text(e))
    }
  }

  // --- asking

  /** Remembers what nobody waits for. @template T @param {Promise<T>} promise */
  #later(promise) {
    const kept = promise.finally(() => this.#pending.delete(kept))
    kept.catch((e) => this.voice.warn(`the plugin failed: ${text(e)}`))
    this.#pending.add(kept)
    return kept
  }

  /**
   * @param {string} event @param {any} input @param {any} output @param {string} session @param {object} [more] of the state
   * @returns {Promise<Answer>}
   */
  async #ask(event, input, output, session, more) {
    try {
      const state = { ...(await this.sessions.state(session)), ...more }
      return this.#logged(await this.program.ask(this.#request(event, input, output, session, state)))
    } catch (e) {
      // A sub-agent's prompt may hold files, which guards of any kind may mind.
      return this.#edge(event, e, this.sessions.root(session) === session ? WORDS[event] : "hooks")
    }
  }

  /**
   * @param {string} event @param {any} input @param {any} output @param {string} session @param {object} [more] of the state
   * @returns {Answer}
   */
  #askNow(event, input, output, session, more) {
    try {
      const state = { ...this.sessions.stateNow(session), ...more }
      return this.#logged(this.program.askNow(this.#request(event, input, output, session, state)))
    } catch (e) {
      return this.#edge(event, e)
    }
  }

  /** @param {string} event @param {any} input @param {any} output @param {string} session @param {object} known */
  #request(event, input, output, session, known) {
    const { directory, worktree, mode, auto } = this
    return { event, directory, worktree, session, state: { mode, auto, mcp: this.#mcp, ...known }, input, output }
  }

  /** @param {Answer} answer */
  #logged(answer) {
    for (const line of answer.log ?? []) this.voice.log("info", line)
    return answer
  }

  /**
   * The answer when there is none: closed, where a hook might have said no.
   * @param {string} event @param {unknown} e @param {string} [word] that guards contain @returns {Answer}
   */
  #edge(event, e, word = WORDS[event] ?? "hooks") {
    const why = e instanceof Trouble ? e.message : `the plugin failed: ${text(e)}`
    const files = guards(this.directory, this.worktree, word)
    if (files.length === 0) {
      this.voice.log("warn", why)
      return {}
    }
    const checks = `the hooks of ${files.join(", ")}`
    const mend = `install run-hooks, or set "path" in .opencode/run-hooks.json to where it is`
    if (this.options.failMode === "closed" && event in WORDS) {
      const message =
        `Refused: ${checks} could not check this, because ${why}. ` +
        `The user can mend it: ${mend}; "failMode": "open" there lets everything pass unchecked.`
      return { throw: message, tell: [{ variant: "warning", message }] }
    }
    const what =
      this.options.failMode === "closed" && event === "status"
        ? "can check nothing, so calls are refused"
        : "do not run"
    this.voice.warn(`${why}; ${checks} ${what}; ${mend}`)
    return {}
  }

  /** @param {string} id */
  #abort(id) {
    quietly(() => this.client.session.abort({ path: { id } }))
  }

  /** @param {string} line of the program's stderr */
  #said(line) {
    this.voice.warn(line)
  }
}

/**
 * What can be refused, and a word that the config of a hook contains which could.
 * @type {Record<string, string>}
 */
const WORDS = {
  "tool.execute.before": "hooks",
  "chat.message": "UserPromptSubmit",
  "command.execute.before": "UserPromptExpansion",
}

/** A part of a message that the model reads and the user does not see. @param {string} id @param {{ id: string, sessionID: string }} message @param {string} text */
function synthetic(id, message, text) {
  const { id: messageID, sessionID } = message
  return {
    id,
    sessionID,
    messageID,
    type: /** @type {const} */ ("text"),
    text,
    synthetic: true,
    metadata: { runHooks: "context" },
  }
}

/** A sub-agent's answer and what the task tool says around it. @param {string} output */
export function taskResult(output) {
  const open = "<task_result>\n"
  const start = output.indexOf(open)
  const end = output.lastIndexOf("\n</task_result>")
  if (start < 0 || end < start + open.length) return ["", output, ""]
  return [output.slice(0, start + open.length), output.slice(start + open.length, end), output.slice(end)]
}

/** Waits for all of them, but not longer. @param {number} ms @param {Promise<unknown>[]} promises */
async function until(ms, promises) {
  if (promises.length === 0) return
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const over = new Promise((resolve) => (timer = setTimeout(resolve, ms)))
  await Promise.race([Promise.allSettled(promises), over])
  clearTimeout(timer)
}

/** Whether a call is that of a command which is a sub-agent's, and not the model's. @param {string} id of the call */
function ofCommand(id) {
  return id.startsWith("prt_")
}

/**
 * Refuses such a call by an agent that there is not, as a throw would leave the
 * session with a task that it tries again at each prompt.
 * @param {Record<string, unknown>} args @param {string} why
 */
function noAgent(args, why) {
  Object.assign(args, { subagent_type: `"refused": ${why}`, prompt: why, description: "refused" })
}

/** @param {{ sessionID: string, callID: string }} call */
function key({ sessionID, callID }) {
  return `${sessionID} ${callID}`
}

/** Adds texts to a tool's result. @param {any} output @param {string[]} texts */
function add(output, texts) {
  if (!output || texts.length === 0) return
  if (Array.isArray(output.content)) output.content.push(...texts.map((text) => ({ type: "text", text })))
  else output.output = [output.output ?? "", ...texts].join("\n\n")
}

/** @param {unknown} e */
function text(e) {
  return e instanceof Error ? e.message : String(e)
}

/** @param {any} e */
function code(e) {
  return e?.code
}

/**
 * Started by OpenCode 1.x, once for each project.
 * @type {import("@opencode-ai/plugin").Plugin}
 */
async function server(host, entry) {
  const worktree = host.worktree && host.worktree !== "/" ? host.worktree : host.directory
  const { options, faults } = readOptions(entry, [...new Set([worktree, host.directory])])
  const bridge = new Bridge({ client: host.client, directory: host.directory, worktree }, options)
  for (const fault of faults) bridge.voice.warn(`${fault}; the default is used`)
  if (!options.enabled) {
    bridge.voice.warn("switched off by its options: no hook runs")
    return {}
  }
  if (mine(host.client)) setTimeout(() => bridge.status(), 0).unref()
  const guarded = (/** @type {Promise<void>} */ work) =>
    work.catch((e) => bridge.voice.warn(`the plugin failed: ${text(e)}`))
  return {
    config: (config) => bridge.config(config),
    event: async ({ event }) => {
      if (mine(event.properties)) bridge.event(/** @type {any} */ (event))
    },
    dispose: () => guarded(bridge.dispose()),
    "chat.message": async (input, output) => {
      if (mine(output)) await bridge.message(input, output)
    },
    "command.execute.before": async (input, output) => {
      if (mine(output)) await bridge.command(input, output)
    },
    "tool.execute.before": async (input, output) => {
      if (mine(output)) await bridge.before(input, output)
    },
    "tool.execute.after": async (input, output) => {
      if (mine(output)) await guarded(bridge.after(input, output))
    },
    "shell.env": async (input, output) => {
      if (mine(output)) await guarded(bridge.shell(input, output))
    },
    "experimental.session.compacting": async (input, output) => {
      if (mine(output)) await guarded(bridge.compacting(input, output))
    },
    "experimental.chat.messages.transform": async (_, output) => guarded(bridge.transform(output)),
  }
}

const UNGUARDED =
  "run-hooks: hooks cannot check the tool calls of this session, as OpenCode asks this plugin only about those of its " +
  "1.x sessions (terminal, run, acp, /session of the server), not of 2.x ones (/api/session). So no tool can be used " +
  'here; tell the user, who can mend it: use a 1.x session, or set "failMode": "open" in .opencode/run-hooks.json where ' +
  "OpenCode is started, which lets everything pass unchecked."

/**
 * Started by OpenCode 2.x, and by 1.18.33 too, whose server has sessions of both
 * kinds. Those of 2.x are not bridged, so that they have no tools. 1.18.33 does not
 * say what directory this is for, nor has it tool hooks; 2.x has both (from its
 * documentation, not run).
 * @param {any} ctx
 */
async function setup(ctx) {
  const directory = ctx.location?.directory
  const { options } = readOptions(ctx.options, [directory ?? process.cwd()])
  if (!options.enabled || options.failMode === "open") return
  if (directory && guards(directory, "/", "hooks").length === 0) return
  if (ctx.tool?.hook) {
    await ctx.tool.hook("execute.before", () => {
      throw new Refusal(UNGUARDED)
    })
    return
  }
  await ctx.agent.transform((/** @type {any} */ agents) => {
    for (const { id } of agents.list()) agents.update(id, disarm)
  })
  await ctx.agent.reload()
}

/** @param {{ permissions: object[], system?: string }} agent of a 2.x session */
function disarm(agent) {
  agent.permissions.push({ action: "*", resource: "*", effect: "deny" })
  agent.system = [agent.system, UNGUARDED].filter(Boolean).join("\n\n")
}

export default { id: ID, server, setup }
