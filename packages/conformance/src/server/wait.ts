import { setTimeout } from 'node:timers/promises'

/** Waits where the protocol gives a time and the server says nothing at its end; no longer than until `signal`. */
export async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, signal ? { signal } : {})
  } catch {
    // It was ended before its time: whoever waits looks at the signal.
  }
}
