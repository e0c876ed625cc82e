import { settle } from './settle.ts'

/** Runs `run` and returns the errors that nobody caught in it, nor soon after it. */
export async function uncaughtErrors(run: () => void): Promise<unknown[]> {
  const others = process.listeners('uncaughtException')
  const errors: unknown[] = []
  const note = (error: unknown): void => void errors.push(error)
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', note)
  try {
    run()
    await settle()
  } finally {
    process.off('uncaughtException', note)
    for (const listener of others) process.on('uncaughtException', listener)
  }
  return errors
}
