import { readdir, stat, writeFile } from 'node:fs/promises'
import { fileClaim } from '@arclight/server/cli'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'

const QUARTER_MS = 15 * 60_000

test('[AUTH-6] the code is good for 15 minutes, whoever shows it, and then there is another', async () => {
  await using folder = await temporaryFolder()
  let now = 1_700_000_000_000
  const server = fileClaim(folder.path, () => now)
  const command = fileClaim(folder.path, () => now)
  const code = await server.current()
  expect(code).toMatch(/^[A-HJ-NP-Z2-9]{4}(-[A-HJ-NP-Z2-9]{4}){2}$/)
  now += QUARTER_MS - 1
  expect(await command.current()).toBe(code)
  now += 1
  expect(await server.redeem(code)).toBe(false)
  const next = await command.current()
  expect(next).not.toBe(code)
  expect([await server.redeem(code), await server.redeem(next)]).toEqual([false, true])
})

test('[AUTH-6] the last millisecond of the 15 minutes counts', async () => {
  await using folder = await temporaryFolder()
  let now = 0
  const claim = fileClaim(folder.path, () => now)
  const code = await claim.current()
  now = QUARTER_MS - 1
  expect(await claim.redeem(code)).toBe(true)
})

test('[AUTH-6] a code is spent by its use, not by a wrong guess', async () => {
  await using folder = await temporaryFolder()
  const claim = fileClaim(folder.path)
  expect(await claim.redeem('AAAA-AAAA-AAAA')).toBe(false)
  const code = await claim.current()
  for (const wrong of ['', code.slice(1), `${code}A`, code.replaceAll('-', '')]) {
    expect(await claim.redeem(wrong), wrong).toBe(false)
  }
  expect([await claim.redeem(code), await claim.redeem(code)]).toEqual([true, false])
  expect(await claim.current()).not.toBe(code)
})

test('[AUTH-6] of two who use a code at once one has it, and the other is told no', async () => {
  await using folder = await temporaryFolder()
  const claim = fileClaim(folder.path)
  const code = await claim.current()
  const redeemed = await Promise.all(Array.from({ length: 5 }, () => claim.redeem(code)))
  expect(redeemed.sort()).toEqual([false, false, false, false, true])
})

test('a code may be typed in small letters and with spaces around', async () => {
  await using folder = await temporaryFolder()
  const claim = fileClaim(folder.path)
  expect(await claim.redeem(` ${(await claim.current()).toLowerCase()}\n`)).toBe(true)
})

test('the file is for its owner alone, in a folder that is made where it is missing', async () => {
  await using folder = await temporaryFolder()
  await fileClaim(folder.file('data')).current()
  expect(await readdir(folder.file('data'))).toEqual(['claim.json'])
  expect(((await stat(folder.file('data/claim.json'))).mode & 0o777).toString(8)).toBe('600')
})

test('a file that holds no code is none', async () => {
  for (const content of ['', '{', '[]', '{"code":5}', '{"code":"AAAA"}']) {
    await using folder = await temporaryFolder()
    await writeFile(folder.file('claim.json'), content)
    const claim = fileClaim(folder.path)
    expect(await claim.redeem('AAAA'), content).toBe(false)
    expect(await claim.redeem(await claim.current())).toBe(true)
  }
})
