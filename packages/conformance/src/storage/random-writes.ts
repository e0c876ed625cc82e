import type { LogWrite } from '@arclight/core/contracts'
import fc from 'fast-check'
import type { Scene } from './scene.ts'

/** One step of a random run, in a scene that is yet to be made. */
export type Step =
  | { readonly step: 'append'; readonly writes: readonly ((scene: Scene) => LogWrite)[] }
  | { readonly step: 'mark'; readonly user: number; readonly channel: number; readonly seq: number }

/** Few words, so that searches find something; of several scripts, so that the index has to know them. */
export const WORDS = ['tea', 'Tea', 'green', '天气', '今天天气很好', '好', '好好', '🍵', 'été', 'x1'] as const
const EMOJI = ['🍵', '🎙️', ':ship:'] as const
/** Few ids, so that many are repeats. */
const clientId = fc.nat({ max: 25 }).map((at) => `c${at}`)
/** Messages that are there, those to come, and entries that are no messages. */
const seq = fc.nat({ max: 24 })
const user = fc.nat({ max: 2 })
/** The third does not exist. */
const channel = fc.oneof({ weight: 12, arbitrary: fc.nat({ max: 1 }) }, { weight: 1, arbitrary: fc.constant(2) })
const text = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }).map((words) => words.join(' '))
const mentions = fc.uniqueArray(user, { maxLength: 2 })
const at = fc.integer({ min: 1, max: 1_000 })
const place = { channel, seq, actor: user, at }

/** Undefined two times of three. */
function sometimes<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(value, { nil: undefined, freq: 1 })
}

const message = fc
  .record({ channel, author: user, clientId, text, after: sometimes(clientId), replyTo: sometimes(seq), mentions, at })
  .map(({ channel: to, author, mentions: named, ...rest }) => (scene: Scene): LogWrite => {
    const ids = named.map((one) => userOf(scene, one))
    return { write: 'message', ...rest, channel: channelOf(scene, to), author: userOf(scene, author), mentions: ids }
  })

const edit = fc.record({ ...place, text, mentions }).map(({ mentions: named, ...rest }) => (scene: Scene): LogWrite => {
  const ids = named.map((one) => userOf(scene, one))
  return { write: 'edit', ...signed(scene, rest), text: rest.text, mentions: ids }
})

const deletion = fc.record({ ...place, anyAuthor: fc.boolean() }).map((one) => (scene: Scene): LogWrite => {
  return { write: 'deletion', ...signed(scene, one), anyAuthor: one.anyAuthor }
})

const reaction = fc
  .record({ ...place, emoji: fc.constantFrom(...EMOJI), on: fc.boolean() })
  .map((one) => (scene: Scene): LogWrite => {
    return { write: 'reaction', ...signed(scene, one), emoji: one.emoji, on: one.on }
  })

const pin = fc.record({ ...place, on: fc.boolean() }).map((one) => (scene: Scene): LogWrite => {
  return { write: 'pin', ...signed(scene, one), on: one.on }
})

const write = fc.oneof(
  { weight: 6, arbitrary: message },
  { weight: 2, arbitrary: edit },
  { weight: 1, arbitrary: deletion },
  { weight: 2, arbitrary: reaction },
  { weight: 2, arbitrary: pin },
)

/** Batches of writes of every kind, and read markers between them. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.array(write, { minLength: 1, maxLength: 12 }).map((writes): Step => ({ step: 'append', writes })),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({ user, channel: fc.nat({ max: 1 }), seq: fc.nat({ max: 60 }) })
        .map((mark): Step => ({ step: 'mark', ...mark })),
    },
  ),
  { minLength: 4, maxLength: 16 },
)

export function userOf({ mei, li, wang }: Scene, at: number): string {
  return [mei, li, wang][at] as string
}

export function channelOf({ general, lounge }: Scene, at: number): string {
  return [general, lounge, 'nowhere'][at] as string
}

function signed(scene: Scene, one: { channel: number; seq: number; actor: number; at: number }) {
  return { channel: channelOf(scene, one.channel), seq: one.seq, actor: userOf(scene, one.actor), at: one.at }
}
