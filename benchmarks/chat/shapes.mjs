/** Connections that send, each a user of its own. */
export const SENDERS = 100
/** A chat message's length; ASCII. */
export const TEXT = 'It is about as long as what people write to each other in a chat, give or take.'

/**
 * How the senders spread over channels. `goal`: durable messages a second; `leastRatio`: of messages per CPU-second,
 * Arclight's to its peer's.
 * @typedef {{ title: string, goal: number, leastRatio: number, listeners: number, channelOf: (sender: number) => string }} Shape
 */

/** @typedef {'apart' | 'together'} ShapeName */

/** @type {Record<ShapeName, Shape>} */
export const shapes = {
  apart: {
    title: `${SENDERS} channels of one sender`,
    goal: 10_000,
    leastRatio: 1.5,
    listeners: 1,
    channelOf: (sender) => `room-${sender}`,
  },
  together: {
    title: `one channel of ${SENDERS}`,
    goal: 3_000,
    leastRatio: 4,
    listeners: SENDERS,
    channelOf: () => 'room-0',
  },
}

/** The channels that a store needs for every shape. */
export const CHANNELS = Array.from({ length: SENDERS }, (_, sender) => shapes.apart.channelOf(sender))
