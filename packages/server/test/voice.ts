import { OPUS } from './media-frame.ts'
import type { RawClient } from './raw-client.ts'

/** Enters the lounge, to hear; returns the member's id. */
export async function enter(client: RawClient, state: { muted?: boolean; deafened?: boolean } = {}): Promise<string> {
  const { muted = false, deafened = false } = state
  return (await client.ask('voice.join', { channel: 'lounge', device: 'd', muted, deafened })).member
}

/** Publishes a track to the lounge; returns its number. */
export async function publish(client: RawClient, key = 'microphone'): Promise<number> {
  return (await client.ask('track.publish', { key, format: OPUS, to: { channel: 'lounge' } })).track
}

/** Enters the lounge to talk. */
export async function talk(client: RawClient, key = 'microphone'): Promise<{ member: string; track: number }> {
  return { member: await enter(client), track: await publish(client, key) }
}
