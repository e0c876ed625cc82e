import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LIMITS } from '../../src/protocol/limits.ts'
import { RATES } from '../../src/protocol/rates.ts'

const PROTOCOL = readFileSync(new URL('../../../../PROTOCOL.md', import.meta.url), 'utf8')

/** The rows of the table after a mark: the name in the first cell, and the other cells. */
function table(mark: string): [name: string, cells: string[]][] {
  const [, after] = PROTOCOL.split(`<!-- ${mark} -->`)
  const [rows] = (after ?? '').trimStart().split('\n\n', 1)
  return (rows ?? '')
    .split('\n')
    .slice(2)
    .map((row) => row.slice(1, -1).split('|'))
    .map(([name = '', ...cells]) => [name.trim().replaceAll('`', ''), cells.map((cell) => cell.trim())])
}

const number = (cell: string | undefined): number => Number((cell ?? '').replaceAll(',', ''))

test('[LIMIT-1] the table of rates in PROTOCOL.md is the table in the code, each with its reason', () => {
  const rows = table('rates')
  const written = rows.map(([name, [burst, perSecond]]) => [
    name,
    { burst: number(burst), perSecond: number(perSecond) },
  ])
  expect(Object.fromEntries(written)).toEqual(RATES)
  expect(rows.map(([name]) => name)).toEqual(Object.keys(RATES))
  expect(rows.filter(([, [, , why]]) => !why)).toEqual([])
})

test('the table of limits in PROTOCOL.md is the table in the code, each with its reason', () => {
  const rows = table('limits')
  expect(Object.fromEntries(rows.map(([name, [value]]) => [name, number(value)]))).toEqual(LIMITS)
  expect(rows.map(([name]) => name)).toEqual(Object.keys(LIMITS))
  expect(rows.filter(([, [, why]]) => !why)).toEqual([])
})
