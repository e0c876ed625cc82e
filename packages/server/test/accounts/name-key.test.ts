import { expect, test } from 'vitest'
import { nameKey } from '../../src/accounts/name-key.ts'

test('[AUTH-1] names that look alike have one key', () => {
  const pairs = [
    ['Mei', 'mEI'],
    ['Mei Lin', ' mei \u3000 lin '],
    ['ﬁne', 'fine'],
    ['①②', '12'],
    ['K2', '\u212a2'],
    ['é', 'e\u0301'],
    ['ΟΔΟΣ', 'οδος'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['STRASSE', 'straße'],
  ]
  for (const [one = '', other = ''] of pairs) expect(nameKey(one), `${one} ${other}`).toBe(nameKey(other))
})

test('other names have another', () => {
  const names = ['mei', 'mei lin', 'meilin', 'me1', 'méi', 'мei', 'mei-lin', 'mei_lin']
  expect(new Set(names.map(nameKey)).size).toBe(names.length)
})
