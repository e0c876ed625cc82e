import { expect, test } from 'vitest'
import { Emitter } from '../../src/client/emitter.ts'
import { settle } from './settle.ts'
import { signedInClient } from './signed-in-client.ts'
import { uncaughtErrors } from './uncaught-errors.ts'
import { entriesOf } from './wire-data.ts'

interface Events {
  tick: number
  tock: number
}

test('each listener hears each event of its name, in the order in which they came', () => {
  const emitter = new Emitter<Events>()
  const heard: string[] = []
  emitter.on('tick', (tick) => heard.push(`first ${tick}`))
  emitter.on('tick', (tick) => heard.push(`second ${tick}`))
  emitter.emit('tick', 1)
  emitter.emit('tock', 2)
  expect(heard).toEqual(['first 1', 'second 1'])
})

test('one function listened twice hears twice, and each undo takes back its own', () => {
  const emitter = new Emitter<Events>()
  const heard: number[] = []
  const listener = (tick: number): void => void heard.push(tick)
  const undo = emitter.on('tick', listener)
  emitter.on('tick', listener)
  emitter.emit('tick', 1)
  undo()
  undo()
  emitter.emit('tick', 2)
  expect(heard).toEqual([1, 1, 2])
  expect(emitter.listenerCount('tick')).toBe(1)
})

test('listeners added or removed during an emit count from the next one on', () => {
  const emitter = new Emitter<Events>()
  const heard: string[] = []
  emitter.on('tick', () => {
    undo()
    emitter.on('tick', (tick) => heard.push(`late ${tick}`))
  })
  const undo = emitter.on('tick', (tick) => heard.push(`undone ${tick}`))
  emitter.emit('tick', 1)
  expect(heard).toEqual(['undone 1'])
  emitter.emit('tick', 2)
  expect(heard).toEqual(['undone 1', 'late 2'])
})

test('a listener that throws stops nobody, and its error surfaces', async () => {
  const emitter = new Emitter<Events>()
  const heard: number[] = []
  const bug = new Error('a bug of the application')
  emitter.on('tick', () => {
    throw bug
  })
  emitter.on('tick', (tick) => heard.push(tick))
  const errors = await uncaughtErrors(() => {
    emitter.emit('tick', 1)
    emitter.emit('tick', 2)
  })
  expect(heard).toEqual([1, 2])
  expect(errors).toEqual([bug, bug])
})

test('clear removes everybody', () => {
  const emitter = new Emitter<Events>()
  const heard: number[] = []
  emitter.on('tick', (tick) => heard.push(tick))
  emitter.clear()
  emitter.emit('tick', 1)
  expect(heard).toEqual([])
})

test('an application’s listener that throws costs the client no message', async () => {
  const { client, peer, faults } = await signedInClient()
  const heard: number[] = []
  const bug = new Error('a bug of the application')
  const general = client.channels.get('general')
  general.on('message', () => {
    throw bug
  })
  general.on('message', ({ seq }) => heard.push(seq))
  await settle()
  const errors = await uncaughtErrors(() => {
    for (const entry of entriesOf(42, 43)) peer.connection.send(entry)
  })
  expect(heard).toEqual([42, 43])
  expect(errors).toEqual([bug, bug])
  expect(faults).toEqual([])
})
