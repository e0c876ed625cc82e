import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../dist/demo/main.js', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'arclight-demo-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

async function runDemo(...flags: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...flags], {
    env: { ...process.env, DATA_DIR: join(directory, flags.join('-') || 'whole') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return { code, output }
}

describe('the demo', () => {
  test('succeeds on real speech', async () => {
    const { code, output } = await runDemo()
    expect(output.match(/^FAILED.*/gm)).toBeNull()
    expect(output.match(/^ok/gm)).toHaveLength(6)
    expect(code).toBe(0)
  }, 60_000)

  // At once: each takes the speech's own time, and is to lose something.
  describe.concurrent('fails', () => {
    test('where a message is lost, and says so', async ({ expect }) => {
      const { code, output } = await runDemo('--break', 'message')
      expect(output).toMatch(/^FAILED +every message arrived once, in order: 41 of 100$/m)
      expect(code).toBe(1)
    }, 60_000)

    test('where voice frames are lost, and says so', async ({ expect }) => {
      const { code, output } = await runDemo('--break', 'voice')
      expect(output).toMatch(/^FAILED +no voice frame was lost/m)
      expect(output).toMatch(/^FAILED +the speech is the speech/m)
      expect(code).toBe(1)
    }, 60_000)

    test('where a picture is lost, and says so', async ({ expect }) => {
      const { code, output } = await runDemo('--break', 'frame')
      expect(output).toMatch(/^FAILED +the counter rises through every picture: 99 of 100/m)
      expect(code).toBe(1)
    }, 60_000)
  })
})
