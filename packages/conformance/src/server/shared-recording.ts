import type { RecordingSummary, TrackAck } from '@arclight/core/protocol'
import { CaseSkip } from '../check.ts'
import type { ServerContext } from './context.ts'
import { H264, noise, OPUS, picture } from './media.ts'
import type { Peer } from './peer.ts'

/** Three seconds, ten pictures a second, fifty sounds. */
export const PICTURES = 30
const SOUNDS = 150
/** Three seconds are sent over this time, so that acks and progress can be seen. */
const PARTS = 10
const PART_MS = 120
/** A recorder closes its file. */
const STOP_MS = 30_000

/** One recording that several cases look at: what it became, and what its connection was told. */
export interface SharedRecording {
  readonly title: string
  readonly token: string
  readonly started: RecordingSummary
  readonly stopped: RecordingSummary
  readonly video: number
  readonly acks: readonly { readonly ack: TrackAck; readonly at: number }[]
  readonly progress: readonly { readonly durationMs: number; readonly bytes: number }[]
}

/** Starts a recording of the peer's with pictures. */
export async function record(peer: Peer, title: string): Promise<{ recording: RecordingSummary; track: number }> {
  const { recording } = await peer.ask('recording.start', { title })
  const to = { recording: recording.id }
  const { track } = await peer.ask('track.publish', { key: 'camera', format: H264, to })
  return { recording, track }
}

/** Ends a recording; its file takes a moment. */
export async function stopRecording(peer: Peer, id: string): Promise<RecordingSummary> {
  const data = peer.post('recording.stop', { recording: id })
  const reply = await peer.texts.take('the reply to recording.stop', STOP_MS, ({ re }) => re === data)
  if (reply['error']) throw new CaseSkip(`recording.stop was refused: ${JSON.stringify(reply['error'])}`)
  return (reply['data'] as { recording: RecordingSummary }).recording
}

/** The run's one recording, made by the first user where nobody has made it yet. */
export function sharedRecording(context: ServerContext): Promise<SharedRecording> {
  const { shared } = context.target
  const known = shared.get('recording') as Promise<SharedRecording> | undefined
  if (known) return known
  const made = make(context)
  shared.set('recording', made)
  return made
}

async function make(context: ServerContext): Promise<SharedRecording> {
  const peer = await context.signIn(1, { name: 'recorder' })
  const title = `conformance: "${context.unique()}" / 弧光.mp4`
  const { recording: started, track: video } = await record(peer, title)
  const to = { recording: started.id }
  const { track: audio } = await peer.ask('track.publish', { key: 'microphone', format: OPUS, to })
  const acks: { ack: TrackAck; at: number }[] = []
  let seen = 0
  const see = (): void => {
    const all = peer.events('track.ack')
    for (const ack of all.slice(seen)) acks.push({ ack, at: performance.now() })
    seen = all.length
  }
  for (let part = 0; part < PARTS; part++) {
    for (let at = 0; at < PICTURES / PARTS; at++) peer.sendBinary(picture(video, (part * PICTURES) / PARTS + at))
    for (let at = 0; at < SOUNDS / PARTS; at++) peer.sendBinary(noise(audio, (part * SOUNDS) / PARTS + at))
    const until = performance.now() + PART_MS
    while (performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      see()
    }
  }
  const stopped = await stopRecording(peer, started.id)
  see()
  const progress = peer.events('recording.progress').filter(({ recording }) => recording === started.id)
  return { title, token: context.account().token, started, stopped, video, acks, progress }
}
