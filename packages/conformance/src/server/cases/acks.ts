import { checkEqual, checkHas, checkThat } from '../../check.ts'
import { picture } from '../media.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { PICTURES, record, sharedRecording, stopRecording } from '../shared-recording.ts'

const NEEDS = { needs: ['recording'] } as const
const ACK_MS = 100
const STEPS = 4

/** Acknowledgements of a recording's tracks. */
export const ackCases: readonly ServerCase[] = [
  serverCase(
    'ACK-1.rhythm',
    'a track that is published to a recording gets track.ack every 100 ms',
    NEEDS,
    async (context) => {
      const { acks, video } = await sharedRecording(context)
      const own = acks.filter(({ ack }) => ack.track === video)
      checkThat(own.length >= 8, 'at least eight acks in 1.2 s', `${own.length} acks`)
      const times = own.map(({ at }) => at)
      const mean = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1)
      checkThat(mean > 0.75 * ACK_MS, 'acks 100 ms apart', `${Math.round(mean)} ms`)
      // A machine that is busy is late now and then, and not all the time.
      const steps = times.slice(STEPS).map((at, index) => (at - (times[index] ?? 0)) / STEPS)
      const least = Math.min(...steps)
      checkThat(
        least < 1.7 * ACK_MS,
        `acks 100 ms apart, over ${STEPS} steps of them`,
        `${Math.round(least)} ms at best`,
      )
    },
  ),
  serverCase(
    'ACK-1.received-stored',
    'received and stored rise, stored at most to received',
    NEEDS,
    async (context) => {
      const { acks, video } = await sharedRecording(context)
      const own = acks.filter(({ ack }) => ack.track === video).map(({ ack }) => ack)
      for (const [at, ack] of own.entries()) {
        const before = own[at - 1] ?? { received: -1, stored: -1 }
        checkThat(ack.stored <= ack.received, 'stored at most received', ack)
        checkThat(ack.received >= before.received && ack.stored >= before.stored, 'counts that never fall', ack)
      }
      const early = own.find(({ received }) => received >= 0)
      checkThat((early?.stored ?? 0) < (early?.received ?? 0), 'received ahead of what is on a disk', early)
      checkHas(own.at(-1), { received: PICTURES - 1, stored: PICTURES - 1 }, 'the last ack')
    },
  ),
  serverCase('ACK-3.repeat', 'frames that came before are dropped', NEEDS, async (context) => {
    const peer = await context.signIn()
    const { recording, track } = await record(peer, 'conformance: sent twice')
    for (const seq of [0, 1, 2, 3, 4, 5, 6, 7, 3, 4, 5, 7, 6, 7, 8, 0, 9]) peer.sendBinary(picture(track, seq))
    const ack = await peer.event('track.ack', (data) => data.track === track && data.received >= 9)
    checkEqual(ack.received, 9, 'received')
    checkHas(await stopRecording(peer, recording.id), { videoFrames: 10, state: 'finished' }, 'the summary')
  }),
]
