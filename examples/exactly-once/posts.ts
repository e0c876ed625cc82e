import { seededRandom } from '@arclight/core/testing'

/** One message that somebody is going to send. */
export interface Post {
  readonly number: number
  readonly channel: string
  readonly text: string
}

/** Every how-manieth message, about, goes to the second channel. */
const SECOND_CHANNEL = 0.25
/** Of several bytes each in UTF-8, so that cuts fall into characters too. */
const PADDING = ['弧光', '👩‍🚀', 'é', '"', '\\', '\n', 'line', '']
const MOST_PADDING = 12

/** What somebody has to say: each text once, of many lengths, the same for the same seed. */
export function writePosts(options: {
  name: string
  count: number
  channels: readonly [string, string]
  seed: number
}): Post[] {
  const { name, count, channels, seed } = options
  const random = seededRandom(seed)
  return Array.from({ length: count }, (_, index) => {
    const padding = Array.from(
      { length: random() * MOST_PADDING },
      () => PADDING[Math.floor(random() * PADDING.length)],
    )
    const channel = random() < SECOND_CHANNEL ? channels[1] : channels[0]
    return { number: index, channel, text: `${name} ${index + 1} of ${count} ${padding.join(' ')}`.trim() }
  })
}
