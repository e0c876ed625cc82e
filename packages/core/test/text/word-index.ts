import { indexedWords, searchTerms } from '../../src/text/search-terms.ts'

/** Whether a database that keeps a text's words in their order finds it by a query, as both adapters ask it to. */
export function finds(text: string, query: string): boolean {
  const words = indexedWords(text).split(' ')
  const terms = searchTerms(query)
  return terms.length > 0 && terms.every((term) => holds(words, term))
}

function holds(words: readonly string[], { kind, tokens }: ReturnType<typeof searchTerms>[number]): boolean {
  const [first = ''] = tokens
  if (kind === 'run' && [...first].length === 1) return words.some((word) => word.startsWith(first))
  return words.some((_, at) => tokens.every((token, step) => words[at + step] === token))
}
