import { expect, test } from 'vitest'
import { indexedWords, searchTerms } from '../../src/text/search-terms.ts'
import { finds } from './word-index.ts'

/** `[text, query, whether it is found]`. */
type Row = readonly [text: string, query: string, found: boolean]

function expectRows(rows: readonly Row[]): void {
  for (const [text, query, found] of rows) {
    expect(finds(text, query), `${JSON.stringify(query)} in ${JSON.stringify(text)}`).toBe(found)
  }
}

test('[SEARCH-2] a run without spaces is found by any part of it, down to one character', () => {
  expectRows([
    ['今天天气很好', '天气', true],
    ['今天天气很好', '天气很', true],
    ['今天天气很好', '今天天气很好', true],
    ['今天天气很好', '今', true],
    ['今天天气很好', '气', true],
    // The last character of the run begins no pair.
    ['今天天气很好', '好', true],
    ['今天天气很好', '很好', true],
    ['好', '好', true],
    ['好的', '好', true],
    // Each pair is there, and not one behind the other.
    ['天气很好，今天', '今天天气', false],
    ['今天天气很好', '天今', false],
    ['今天 天气', '今天天气', false],
    ['今天，天', '天天', false],
    ['东京に行きました', '行き', true],
    ['コーヒーを飲む', 'ヒー', true],
    ['コーヒーを飲む', 'を', true],
    ['한국어로 검색하기', '국어', true],
    ['한국어로 검색하기', '검색', true],
    ['한국어로 검색하기', '로검', false],
    ['人々', '々', true],
    ['𠮷野家', '𠮷野', true],
    ['𠮷野家', '𠮷', true],
  ])
})

test('[SEARCH-2] a word is found whole, without case, in any form that is compatible', () => {
  expectRows([
    ['Hello World', 'WORLD hello', true],
    ['Hello World', 'wor', false],
    ['ＡＢＣ １２３', 'abc 123', true],
    ['abc 123', 'ＡＢＣ１２３', false],
    ['ｶﾞｷﾞ', 'ガギ', true],
    ['caf\u00e9', 'CAFE\u0301', true],
    ['café', 'cafe', false],
    ['ﬁne', 'FINE', true],
    ['Straße', 'STRASSE', true],
    ['ΟΔΟΣ', 'οδος', true],
    ['ΟΔΟΣ’Α', 'ΟΔΟΣ', true],
    ['İzmir', 'İZMIR', true],
    ['Ⅻ', 'xii', true],
    ['don’t', "don't", true],
    ['co\u00adoperate', 'cooperate', true],
  ])
})

test('[SEARCH-2] words of several scripts stand side by side', () => {
  expectRows([
    ['iPhone手机壳', 'iphone', true],
    ['iPhone手机壳', '手机壳', true],
    ['iPhone手机壳', 'IPHONE 壳', true],
    ['iPhone手机壳', 'iPhone手机壳', true],
    ['iPhone手机壳', 'phone', false],
    ['我用iPhone打电话', '用iphone打', true],
    ['3个', '3', true],
    ['3个', '个', true],
    ['Привет мир', 'МИР', true],
    ['مرحبا بالعالم', 'بالعالم', true],
  ])
})

test('[SEARCH-2] marks belong to the letters that they stand on', () => {
  expect(searchTerms('हिन्दी में ที่ดี')).toEqual(
    ['हिन्दी', 'में', 'ที่ดี'.normalize('NFKC')].map((word) => ({ kind: 'word', tokens: [word] })),
  )
  expectRows([
    ['हिन्दी में', 'हिन्दी', true],
    ['हिन्दी में', 'हन्द', false],
    ['ที่ ดี', 'ที่', true],
    ['ที่ ดี', 'ที', false],
    // With a joiner inside, without one, and with one that is taken out of the middle of a run.
    ['क्\u200dष', 'क्ष', true],
    ['می\u200cخواهم', 'میخواهم', true],
    ['か\u309aき', 'か\u309aき', true],
    ['葛\u{e0100}城', '葛城', true],
  ])
})

test('[SEARCH-2] emoji are found: of any skin, joined ones whole and by their parts, flags as pairs', () => {
  expectRows([
    ['nice 👍', '👍', true],
    ['nice 👍🏽', '👍', true],
    ['nice 👍', '👍🏿', true],
    ['👍👍', '👍', true],
    ['👎', '👍', false],
    ['👩🏽‍💻', '👩‍💻', true],
    ['👩‍💻', '💻', true],
    ['👩 and 💻', '👩‍💻', false],
    ['👨‍👩‍👧', '👩‍👧', true],
    ['❤️', '❤', true],
    ['❤', '❤️', true],
    ['🇨🇳🇺🇸', '🇺🇸', true],
    // Of these four letters the two in the middle would be another country's flag.
    ['🇨🇳🇺🇸', '🇳🇺', false],
    ['今天😀好', '😀', true],
    ['今天😀好', '今天好', false],
    ['1️⃣', '1️⃣', true],
    // What an emoji is kept as is no word that could be typed.
    ['u1f44d ｕ1f44d', '👍', false],
  ])
})

test('[SEARCH-1] no character of a query is an operator', () => {
  const words = (query: string): string[] => searchTerms(query).flatMap(({ tokens }) => tokens)
  expect(words('foo:bar')).toEqual(['foo', 'bar'])
  expect(words('NEAR(a b, 5)')).toEqual(['near', 'a', 'b', '5'])
  expect(words('a AND b OR NOT c')).toEqual(['a', 'and', 'b', 'or', 'not', 'c'])
  expect(words("\"quoted 'text' -minus +plus ^caret {braces} te*")).toEqual([
    'quoted',
    'text',
    'minus',
    'plus',
    'caret',
    'braces',
    'te',
  ])
  expect(words("a & b | !c <-> 'd':*")).toEqual(['a', 'b', 'c', 'd'])
})

test('[SEARCH-1] a query without a word has no term', () => {
  for (const query of [
    '',
    ' ',
    '"',
    '*',
    '()',
    '…—',
    '\u200b',
    '\u200d',
    '\ufe0f',
    '::',
    '\u0000',
    '🇫',
    '🏽',
    '。、',
  ]) {
    expect(searchTerms(query), JSON.stringify(query)).toEqual([])
    expect(indexedWords(query), JSON.stringify(query)).toBe('')
  }
})

test('a text is indexed under the words of its terms, and under the last character of each run', () => {
  expect(indexedWords('今天天气很好')).toBe('今天 天天 天气 气很 很好 好')
  expect(indexedWords('好')).toBe('好')
  expect(indexedWords('今天, ok 好!')).toBe('今天 天 ok 好')
  expect(indexedWords('Ｗhat’s 👩‍💻?')).toBe('what s ｕ1f469 ｕ1f4bb')
})

test('a word counts up to its 256th character, which every database takes', () => {
  const long = 'x'.repeat(4_000)
  expect(indexedWords(long)).toBe('x'.repeat(256))
  expect(indexedWords('𝒳𐐀'.repeat(300)).length).toBeLessThanOrEqual(512)
  expect(finds(`${long} end`, long)).toBe(true)
  expect(finds(`${long} end`, 'END')).toBe(true)
})
