import { checkEqual, checkThat } from '../../check.ts'
import { H264, sound } from '../media.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { enter, listen, publish, talk } from '../talk.ts'

const NEEDS = { needs: ['voice'] } as const
const NUMBERS = 12
const MOST_TRACKS = 16

/** Publishing. */
export const trackCases: readonly ServerCase[] = [
  serverCase('TRACK-1.members-only', 'only a member of the channel may publish to it', NEEDS, async (context) => {
    const peer = await context.signIn()
    await peer.refused('track.publish', publish(context), 'forbidden', 'of who is not in the channel')
    await enter(context, peer)
    await peer.ask('track.publish', publish(context))
    const elsewhere = { ...publish(context, 'elsewhere'), to: { channel: context.text.id } }
    await peer.refused('track.publish', elsewhere, 'forbidden', 'to a channel that the publisher is not in')
  }),
  serverCase('TRACK-1.audio-only', 'a channel takes audio only', NEEDS, async (context) => {
    const peer = await context.signIn()
    await enter(context, peer)
    const pictures = { key: 'camera', format: H264, to: { channel: context.voice.id } }
    await peer.refused('track.publish', pictures, 'forbidden', 'of pictures to a voice channel')
  }),
  serverCase(
    'TRACK-1.recording',
    'to a recording publishes the connection that records it, one track of each kind',
    { needs: ['recording'], pace: 'alone' },
    async (context) => {
      const { peer, account } = await context.newcomer()
      const { recording } = await peer.ask('recording.start', { title: 'conformance: tracks' })
      const to = { recording: recording.id }
      const other = await context.withToken(account.token)
      await other.refused('track.publish', { key: 'camera', format: H264, to }, 'forbidden', 'of another connection')
      await peer.ask('track.publish', { key: 'camera', format: H264, to })
      await peer.refused(
        'track.publish',
        { key: 'screen', format: H264, to },
        'forbidden',
        'of a second track of pictures',
      )
      await peer.ask('track.publish', { key: 'microphone', format: publish(context).format, to })
      await peer.refused(
        'track.publish',
        { ...publish(context), key: 'second', to },
        'forbidden',
        'of a second track of sound',
      )
      await peer.ask('recording.stop', { recording: recording.id })
    },
  ),
  serverCase(
    'TRACK-2.before-and-after',
    'track.published comes before the first frame, track.unpublished after the last',
    NEEDS,
    async (context) => {
      const [listener, peer] = [await listen(context), await context.signIn(2)]
      const { member } = await enter(context, peer)
      for (let round = 0; round < 5; round++) {
        const { track } = await peer.ask('track.publish', publish(context))
        let id = 0
        peer.together(() => {
          for (let seq = 0; seq < 5; seq++) peer.sendBinary(sound(track, seq))
          id = peer.post('track.unpublish', { track })
        })
        await peer.reply(id)
        const over = await listener.event('track.unpublished', (data) => data.track === track)
        checkEqual(over, { channel: context.voice.id, member, track }, 'track.unpublished')
        await listener.settle()
        const order = listener.received.flatMap((one) => {
          if (one instanceof Uint8Array) return listener.framesOf(track).includes(one) ? ['frame'] : []
          const data = one['data'] as { track?: number | { track: number } } | undefined
          const number = typeof data?.track === 'object' ? data.track.track : data?.track
          return number === track ? [one['type']] : []
        })
        const expected = ['track.published', ...Array.from({ length: 5 }, () => 'frame'), 'track.unpublished']
        checkEqual(order, expected, 'what came of the track')
      }
    },
  ),
  serverCase('TRACK-2.summary', 'track.published says member, number, key and format', NEEDS, async (context) => {
    const [listener, peer] = [await listen(context), await context.signIn(2)]
    const { member } = await enter(context, peer)
    const { track } = await peer.ask('track.publish', publish(context, 'camera sound'))
    const published = await listener.event('track.published', (data) => data.track.track === track)
    const { format } = publish(context)
    const expected = { channel: context.voice.id, member, track: { track, key: 'camera sound', format } }
    checkEqual(published, expected, 'track.published')
    await peer.settle()
    const own = peer.events('track.published').filter((data) => data.track.track === track)
    checkEqual(own.length, 0, 'track.published for the publisher itself')
  }),
  serverCase('TRACK-3.not-again', 'a track number is not given out again within 60 s', NEEDS, async (context) => {
    const peer = await context.signIn()
    await enter(context, peer)
    const numbers: number[] = []
    for (let count = 0; count < NUMBERS; count++) {
      const { track } = await peer.ask('track.publish', publish(context))
      numbers.push(track)
      await peer.ask('track.unpublish', { track })
    }
    checkEqual(new Set(numbers).size, NUMBERS, `how many of ${NUMBERS} numbers were new`)
  }),
  serverCase('TRACK-4.replaces', 'publishing a key again replaces that track', NEEDS, async (context) => {
    const listener = await listen(context)
    const { peer, track: first } = await talk(context, 2)
    const { track: second } = await peer.ask('track.publish', publish(context))
    checkThat(first !== second, 'another number', second)
    await listener.event('track.unpublished', (data) => data.track === first)
    await listener.event('track.published', (data) => data.track.track === second)
    peer.sendBinary(sound(first, 0))
    peer.sendBinary(sound(second, 0))
    await listener.frame(second)
    checkEqual(listener.framesOf(first).length, 0, 'frames of the track that was replaced')
    for (let count = 0; count < MOST_TRACKS; count++) await peer.ask('track.publish', publish(context))
  }),
  serverCase('TRACK-5.unknown', 'a frame for an unknown track is dropped', NEEDS, async (context) => {
    const [listener, { peer, track }] = [await listen(context), await talk(context, 2)]
    const unknown = track === 65_535 ? 65_534 : 65_535
    peer.sendBinary(sound(unknown, 0))
    peer.sendBinary(sound(track, 0))
    await listener.frame(track)
    checkEqual(listener.framesOf(unknown).length, 0, 'frames of an unknown track')
    checkEqual(peer.events('session.rejected').length, 0, 'rejections: such a frame is not malformed')
  }),
  serverCase('TRACK-5.foreign', 'a frame for another connection’s track is dropped', NEEDS, async (context) => {
    const [listener, { peer, track }, other] = [await listen(context), await talk(context, 2), await talk(context, 2)]
    const stranger = await context.connect()
    other.peer.sendBinary(sound(track, 77))
    stranger.sendBinary(sound(track, 78))
    await other.peer.settle()
    await stranger.settle()
    peer.sendBinary(sound(track, 1))
    await listener.frame(track)
    await listener.settle()
    checkEqual(listener.framesOf(track).length, 1, 'frames of the track')
    await other.peer.refused('track.unpublish', { track }, 'not_found', 'of another connection’s track')
  }),
]
