import { expect, test } from 'vitest'
import { blocksOf, isExcerpt, moduleOf } from '../docs-blocks.mjs'

const FILE = `function tour() {
  const one = 1

  if (one) {
    two()
  }
}
`

test('the blocks of TypeScript are found, with their lines and the files that they are excerpts of', () => {
  const page = 'Text\n\n```sh\nls\n```\n\n```ts\nconst a = 1\n```\n\n```ts from a.ts\nconst b = 2\nconst c = 3\n```\n'
  expect(blocksOf(page)).toEqual([
    { source: undefined, text: 'const a = 1\n', line: 7 },
    { source: 'a.ts', text: 'const b = 2\nconst c = 3\n', line: 11 },
  ])
})

test('an excerpt stands in its file as it is, however far it is indented there', () => {
  expect(isExcerpt('const one = 1\n\nif (one) {\n  two()\n}\n', FILE)).toBe(true)
  expect(isExcerpt('  const one = 1\n', FILE)).toBe(false)
  expect(isExcerpt('const one = 2\n', FILE)).toBe(false)
  expect(isExcerpt('const one = 1\nif (one) {\n', FILE)).toBe(false)
  expect(isExcerpt('if (one) {\ntwo()\n', FILE)).toBe(false)
  expect(isExcerpt('}\n\n\n', '}\n')).toBe(true)
})

test('a module has its block at the lines of the page', () => {
  const [, block] = blocksOf('```ts\na()\n```\n\n```ts\nb()\n```\n')
  expect(moduleOf(block).split('\n').indexOf('b()')).toBe(5)
})
