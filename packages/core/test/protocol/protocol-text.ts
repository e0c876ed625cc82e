import { readFileSync } from 'node:fs'

/** PROTOCOL.md as it stands. */
export function protocolText(): string {
  return readFileSync(new URL('../../../../PROTOCOL.md', import.meta.url), 'utf8')
}

/** The rows of the first table under a heading, each a list of its cells; the head and the dashes left out. */
export function tableUnder(heading: string): string[][] {
  const section = protocolText().split(`\n${heading}\n`)[1]
  if (section === undefined) throw new Error(`expected a heading "${heading}" in PROTOCOL.md`)
  const lines = section.split('\n')
  const start = lines.findIndex((line) => line.startsWith('|'))
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('|'))
  return lines.slice(start + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}
