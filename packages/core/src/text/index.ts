export { indexedWords, type SearchTerm, searchTerms } from './search-terms.ts'
