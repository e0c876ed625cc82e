import fc from 'fast-check'
import { expect, test } from 'vitest'
import { indexedWords, searchTerms } from '../../src/text/search-terms.ts'
import { finds } from './word-index.ts'

const RUNS = { numRuns: 1_000 }
const RUN_CHARACTERS = [...'今天气很好人々あいカー한국어𠮷', 'ｶﾞ', 'は\u309a', 'か\u309a']
const PIECES = [...RUN_CHARACTERS, ...['tea', 'Tea', 'İ', 'ß', 'ς', 'Σ', 'ह', 'ि', 'ที่', '\u0301', '\u3099', '\ufe0f']]
const GAPS = [
  ' ',
  ', ',
  '"',
  '*',
  ':',
  '(',
  '\n',
  '。',
  '-',
  '\u200b',
  '\u200d',
  '\u00ad',
  '👍🏽',
  '👩‍💻',
  '🇨🇳',
  '❤️',
  '⺀',
  '🈀',
]

const run = fc.array(fc.constantFrom(...RUN_CHARACTERS), { minLength: 1, maxLength: 12 })
const piece = fc.oneof(
  fc.constantFrom(...PIECES),
  fc.constantFrom(...GAPS),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''))

test('whatever the text, its words are letters, digits and marks, with one space between two', () => {
  fc.assert(
    fc.property(text, (any) => {
      const words = indexedWords(any)
      expect(words === '' || /^[\p{L}\p{N}\p{M}]+(?: [\p{L}\p{N}\p{M}]+)*$/u.test(words), words).toBe(true)
      for (const word of words.split(' ')) expect([...word].length).toBeLessThanOrEqual(256)
    }),
    RUNS,
  )
})

test('[SEARCH-2] a text is found by itself, by each of its terms, and in every case and form', () => {
  fc.assert(
    fc.property(text, (any) => {
      fc.pre(searchTerms(any).length > 0)
      for (const query of [any, any.toLowerCase(), any.normalize('NFD'), any.normalize('NFKC'), ` ${any}!`]) {
        expect(finds(any, query), JSON.stringify(query)).toBe(true)
      }
    }),
    RUNS,
  )
})

test('[SEARCH-2] a run is found by every part of it, whatever stands around it', () => {
  fc.assert(
    fc.property(run, fc.constantFrom(...GAPS), text, (characters, gap, around) => {
      // A mark of voice is part of the letter before it.
      const whole = [...characters.join('').normalize('NFKC')]
      for (let from = 0; from < whole.length; from++) {
        for (let to = from + 1; to <= whole.length; to++) {
          const part = whole.slice(from, to).join('')
          expect(finds(`${around}${gap}${whole.join('')}${gap}${around}`, part), part).toBe(true)
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('[SEARCH-1] what is found by two queries in one is found by each, and by both at once', () => {
  fc.assert(
    fc.property(text, text, text, (any, one, other) => {
      fc.pre(searchTerms(one).length > 0 && searchTerms(other).length > 0)
      for (const where of [any, `${any} . ${other}`, `${one} . ${any} . ${other}`]) {
        expect(finds(where, `${one} . ${other}`)).toBe(finds(where, one) && finds(where, other))
      }
    }),
    RUNS,
  )
})

test('the terms of two texts apart are those of each', () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(searchTerms(`${one} . ${other}`)).toEqual([...searchTerms(one), ...searchTerms(other)])
    }),
    RUNS,
  )
})

// A pattern whose time grew with the square of the length would be at it for hours.
test.for([
  'x',
  '天',
  'x天',
  ' ',
  '\u0301',
  '\u0301\u0316',
  'x\u200d',
  '\u200d',
  '👩\u200d',
  '👩🏽\u200d👩',
  '🇨',
  '\u00ad',
  '\u1100\u1161\u11a8',
  'Σ’',
  '\ufdfa',
  '",*:(',
])('half a million times %j takes no longer than a hundred times five thousand', (unit) => {
  expect(() => indexedWords(unit.repeat(500_000 / unit.length))).not.toThrow()
})
