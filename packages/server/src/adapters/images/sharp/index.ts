import { type ChildProcess, spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImageJob, ImageProcessor, ImageResult } from '@arclight/core/contracts'

/** Of what a host writes; its answer is short, and so is what is kept of its last words. */
const MOST_OUTPUT = 4_096

/**
 * Pictures through libvips. Needs the package sharp, which is loaded in a child process alone: one for each job, with an empty
 * environment and, for its working directory, the folder of the output.
 */
export function sharpImages(): ImageProcessor {
  return {
    name: 'sharp',
    check: async () => {
      try {
        import.meta.resolve('sharp')
        await run('check', process.cwd(), 30_000)
      } catch (error) {
        throw new Error('pictures need the package sharp: npm install sharp', { cause: error })
      }
    },
    process: async (job: ImageJob) => {
      const { timeoutMs, output } = job
      return JSON.parse(await run(JSON.stringify(job), dirname(output), timeoutMs)) as ImageResult
    },
  }
}

/** Resolves with what the host says, as JSON; a host that is killed or crashes over a picture says that it cannot read it. */
function run(job: string, directory: string, timeoutMs: number): Promise<string> {
  const program = fileURLToPath(import.meta.resolve('@arclight/server/images/sharp/host'))
  const options = { cwd: directory, env: {}, timeout: timeoutMs, killSignal: 'SIGKILL' } as const
  const child: ChildProcess = spawn(process.execPath, [program, job], { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const [said, lastWords] = [collect(child.stdout), collect(child.stderr)]
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) resolve(said())
      else if (signal) resolve(JSON.stringify({ outcome: 'unreadable' } satisfies ImageResult))
      else reject(new Error(`the host of a picture ended with ${code}: ${lastWords().trim()}`))
    })
  })
}

function collect(stream: ChildProcess['stdout']): () => string {
  let text = ''
  stream?.setEncoding('utf8').on('data', (part: string) => {
    text = (text + part).slice(-MOST_OUTPUT)
  })
  return () => text
}
