import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const APPENDER = fileURLToPath(new URL('appender.mjs', import.meta.url))

/**
 * Runs an appender on a store and kills it behind so many batches. Resolves with the lines that it said, one for each
 * message: what it had not finished to say does not count as acknowledged.
 */
export async function runAndKill(
  store: string,
  { from, batches }: { from: number; batches: number },
): Promise<string[]> {
  const child = spawn(process.execPath, [APPENDER, store, String(from)], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let errors = ''
  child.stderr.on('data', (bytes: Buffer) => {
    errors += bytes.toString()
  })
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString()
    if (said.split('\n\n').length > batches) child.kill('SIGKILL')
  })
  await once(child, 'close')
  if (child.signalCode !== 'SIGKILL') throw new Error(`the appender ended by itself: ${errors}`)
  return said
    .split('\n')
    .slice(0, -1)
    .filter((line) => line !== '')
}
