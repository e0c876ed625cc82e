/** The blocks of code in the guides, and what each has to be. */

/** A block's language, the file that it is an excerpt of where it names one, its text and the line before its first. */
const FENCE = /^```(?<language>\w+)(?: from (?<source>\S+))?\n(?<text>[\s\S]*?)^```$/gm

/** The blocks of TypeScript in a page. */
export function blocksOf(page) {
  return [...page.matchAll(FENCE)]
    .filter(({ groups }) => groups.language === 'ts')
    .map(({ index, groups: { source, text } }) => ({ source, text, line: page.slice(0, index).split('\n').length }))
}

/** Whether a block stands in a file as it is, but for its indentation. */
export function isExcerpt(text, file) {
  const wanted = text.trimEnd().split('\n')
  const lines = file.split('\n')
  return lines.some((_line, at) => sameBut(indentOf(lines[at]), wanted, lines.slice(at, at + wanted.length)))
}

/** A module of its own whose lines have the page's numbers. */
export function moduleOf({ text, line }) {
  return `${'\n'.repeat(line)}${text}export {}\n`
}

function sameBut(indent, wanted, lines) {
  return wanted.length === lines.length && wanted.every((line, at) => lines[at] === (line === '' ? '' : indent + line))
}

function indentOf(line) {
  return /^ */.exec(line)[0]
}
