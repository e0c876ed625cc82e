/**
 * Writes the parts of PROTOCOL.md that the schemas and the vectors say: the contents and the messages one by one.
 * With `--check` it writes nothing and fails where they are not current.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { root } from './packages.mjs'
import { describeMessages } from './protocol-messages.mjs'
import { bin } from './run.mjs'

const path = join(root, 'PROTOCOL.md')
const core = join(root, 'packages/core')

await build({ only: 'packages/core' })
const text = readFileSync(path, 'utf8')
const messages = describeMessages({ schemas: join(core, 'dist/schemas'), vectors: join(core, 'vectors') })
const withMessages = between(text, 'messages', messages)
const written = formatted(between(withMessages, 'contents', contents(withMessages)))

if (written === text) process.exit(0)
if (process.argv.includes('--check')) {
  console.error('PROTOCOL.md is not what the schemas and packages/core/vectors say: run npm run format')
  process.exitCode = 1
} else {
  writeFileSync(path, written)
  console.error('PROTOCOL.md written')
}

/** The text with what stands between the two comments of that name replaced. */
function between(text, name, content) {
  const [start, end] = [`<!-- ${name}: written by scripts/write-protocol.mjs -->`, `<!-- end of ${name} -->`]
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`expected "${start}" and "${end}" in PROTOCOL.md`)
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`
}

/** A list of the sections, the types of Part 2 in one line for each family. */
function contents(text) {
  const seen = new Map()
  const lines = []
  for (const [, marks, title] of withoutFences(text).matchAll(/^(#{2,4}) (.+)$/gm)) {
    const link = `[${title}](#${slug(title, seen)})`
    if (marks.length === 2) lines.push(`- ${link}`)
    else if (marks.length === 3) lines.push(`  - ${link}`)
    else lines[lines.length - 1] += ` · ${link}`
  }
  return lines.join('\n')
}

/** As the formatter of everything else would have it. */
function formatted(text) {
  const command = [bin('@biomejs/biome', 'bin/biome'), 'format', '--stdin-file-path=PROTOCOL.md']
  return execFileSync(process.execPath, command, { cwd: root, input: text, encoding: 'utf8' })
}

/** GitHub's anchor of a heading: the second of the same text ends with -1. */
function slug(title, seen) {
  const plain = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
  const count = seen.get(plain) ?? 0
  seen.set(plain, count + 1)
  return count === 0 ? plain : `${plain}-${count}`
}

function withoutFences(text) {
  return text.replace(/^```[\s\S]*?^```$/gm, '')
}
