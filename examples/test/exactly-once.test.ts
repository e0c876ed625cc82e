import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../dist/exactly-once/main.js', import.meta.url))
const OK = /^ok +every message once, in order, to everybody: 0 faults, seed \d+$/m
/** Enough for a fault to show. */
const FEWER = ['--case', 'cuts', '--messages', '150', '--cuts', '9']
/** Mostly waiting for reconnects, which is why they run side by side. */
const PATIENCE_MS = 120_000

/** The short form; its seed stands in what it prints. */
async function run(...flags: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [PROGRAM, '--short', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return { code, output }
}

/** The figure that a run printed. */
function figure(output: string, metric: string): number {
  return Number(new RegExp(`^ +${metric}: (\\d+) `, 'm').exec(output)?.[1])
}

describe.concurrent('every message once, in order, to everybody', () => {
  test(
    '[SEND-2][RES-2] through cuts at any byte, stalls, a graceful restart and a SIGKILL',
    async ({ expect }) => {
      const { code, output } = await run()
      console.info(output)
      expect(output.match(/^FAILED.*/gm)).toBeNull()
      expect(output).toMatch(OK)
      expect(figure(output, 'messages answered for')).toBe(600)
      expect(figure(output, 'cuts')).toBe(20)
      expect(figure(output, 'restarts of the server')).toBe(2)
      expect(figure(output, 'messages sent again')).toBeGreaterThan(0)
      expect(code).toBe(0)
    },
    PATIENCE_MS,
  )

  test(
    '[RES-3] and of the new log where the server comes back with an empty store',
    async ({ expect }) => {
      const { code, output } = await run('--case', 'empty-store')
      console.info(output)
      expect(output.match(/^FAILED.*/gm)).toBeNull()
      expect(output).toMatch(OK)
      expect(figure(output, 'messages answered for')).toBe(600)
      expect(figure(output, 'sends that a sign-out ended, handed over again')).toBeGreaterThan(0)
      expect(code).toBe(0)
    },
    PATIENCE_MS,
  )

  test(
    '[RES-3] and of the new log where the server comes back with an older copy',
    async ({ expect }) => {
      const { code, output } = await run('--case', 'older-copy')
      console.info(output)
      expect(output.match(/^FAILED.*/gm)).toBeNull()
      expect(output).toMatch(OK)
      expect(figure(output, 'messages answered for')).toBe(600)
      expect(figure(output, 'restarts of the server')).toBe(2)
      expect(code).toBe(0)
    },
    PATIENCE_MS,
  )

  test(
    'fails where a repeat has an id of its own, and names what stands twice',
    async ({ expect }) => {
      const { code, output } = await run('--break', 'double', ...FEWER)
      expect(output).toMatch(/^FAILED +".*" stands twice in (general|lounge), as \d+ and as \d+$/m)
      expect(code).toBe(1)
    },
    PATIENCE_MS,
  )

  test(
    'fails where pairs are swapped, and names them',
    async ({ expect }) => {
      const { code, output } = await run('--break', 'swap', ...FEWER)
      expect(output).toMatch(
        /^FAILED +".*" stands before ".*" in (general|lounge), though (mei|li|zoe) sent it later$/m,
      )
      expect(code).toBe(1)
    },
    PATIENCE_MS,
  )

  test(
    'fails where an entry and what would bring it again are lost, and names what is missing',
    async ({ expect }) => {
      const { code, output } = await run('--break', 'drop', ...FEWER)
      expect(output).toMatch(/^FAILED +li never got \d+ to \d+ of general$/m)
      expect(code).toBe(1)
    },
    PATIENCE_MS,
  )
})
