/**
 * What a text is searched by: a word, a run of a script that is written without spaces, or an emoji. `tokens` stand
 * next to each other in the text. Of a run they are its overlapping pairs of characters, since nobody can tell its words
 * apart without a dictionary; a run of one character is that character. Of an emoji they are its pictures.
 */
export interface SearchTerm {
  readonly kind: 'word' | 'run' | 'symbol'
  readonly tokens: readonly string[]
}

/** Code points of a word that count: databases refuse longer ones, and nobody types them. */
const MOST_WORD = 256

const JOINER = '\u200d'
const LETTER = '[\\p{L}\\p{N}\\p{M}]'
const SCRIPT = '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}ー々〆\\u3099\\u309a]'
/** Han, Kana, Hangul: a run of them has no spaces between its words. Marks that no letter has taken in belong to it. */
const OF_RUN = `[${LETTER}&&${SCRIPT}]`
const OF_WORD = `[${LETTER}--${SCRIPT}]`
/** A picture, of any skin. */
const PICTURE = '\\p{Extended_Pictographic}[\\u{1f3fb}-\\u{1f3ff}]?'
const SYMBOL = `${PICTURE}(?:${JOINER}${PICTURE})*|\\p{Regional_Indicator}{2}`
/** A run, a word or a symbol, in a group each; no two of them begin with the same character. */
const TERM = new RegExp(`(${OF_RUN}+)|(${OF_WORD}(?:${OF_WORD}|${JOINER})*)|(${SYMBOL})`, 'gv')
/** What is not seen and parts nothing: selectors of a form, soft hyphens, tags. A space without width does part words. */
const UNSEEN = /[^\P{Default_Ignorable_Code_Point}\u200b\u200d]+/gu
/** More marks than any language puts on a letter: where they do not end, putting them in order takes for ever (UAX #15). */
const PILE_OF_MARKS = /\p{M}{30}/gu
/** Parts marks, and is not seen. */
const GRAPHEME_JOINER = '\u034f'

/**
 * The terms of a text, in their order: made the same way of what is stored and of what is looked for. In time that is
 * proportional to the text's length.
 */
export function searchTerms(text: string): SearchTerm[] {
  const terms: SearchTerm[] = []
  for (const [, run, word, symbol] of folded(text).matchAll(TERM)) {
    if (run !== undefined) terms.push({ kind: 'run', tokens: pairs([...run]) })
    else if (word !== undefined) terms.push({ kind: 'word', tokens: [shortened(word.replaceAll(JOINER, ''))] })
    else if (symbol !== undefined) terms.push({ kind: 'symbol', tokens: spelled(symbol) })
  }
  return terms
}

/**
 * The words to index a text under, joined by spaces: the tokens of its terms, and behind each run its last character,
 * so that every character of a run begins a token and one alone is found as the beginning of one. A word consists of
 * letters, digits and marks in their compatibility form (NFKC), in lower case.
 */
export function indexedWords(text: string): string {
  const words: string[] = []
  for (const { kind, tokens } of searchTerms(text)) {
    for (const token of tokens) words.push(token)
    const last = tokens.at(-1) as string
    const [first, second] = last
    if (kind === 'run' && first !== last) words.push(second as string)
  }
  return words.join(' ')
}

/**
 * Without case and in one form. Lower case alone would keep ß and SS apart, and leave the form of a sigma to what stands
 * behind it.
 */
function folded(text: string): string {
  const safe = text.replace(PILE_OF_MARKS, `$&${GRAPHEME_JOINER}`)
  const oneCase = safe.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ')
  return oneCase.normalize('NFKC').replace(UNSEEN, '')
}

/** The overlapping pairs of a run; a run of one character is itself. */
function pairs(characters: readonly string[]): string[] {
  if (characters.length === 1) return [...characters]
  return characters.slice(1).map((character, at) => `${characters[at]}${character}`)
}

function shortened(word: string): string {
  return word.length <= MOST_WORD ? word : [...word].slice(0, MOST_WORD).join('')
}

/**
 * No database keeps a picture as a word: its code point is written instead, behind a wide letter that no word has, since
 * NFKC makes it a narrow one. The two letters of a flag are one picture.
 */
function spelled(symbol: string): string[] {
  const [first, second] = symbol
  if (first !== undefined && second !== undefined && isFlagLetter(first)) return [`${code(first)}${code(second)}`]
  return symbol.split(JOINER).map(code)
}

function isFlagLetter(character: string): boolean {
  return character >= '\u{1f1e6}' && character <= '\u{1f1ff}'
}

function code(picture: string): string {
  return `ｕ${(picture.codePointAt(0) as number).toString(16)}`
}
