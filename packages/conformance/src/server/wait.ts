import { setTimeout } from 'node:timers/promises'

/** Waits where the protocol gives a time and the server says nothing at its end. */
export async function wait(milliseconds: number): Promise<void> {
  await setTimeout(milliseconds)
}
