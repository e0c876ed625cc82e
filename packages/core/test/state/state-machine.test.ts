import { expect, test } from 'vitest'
import { StateMachine } from '../../src/state/state-machine.ts'
import { watchedSignal } from './watched-signal.ts'

type Door = { readonly name: 'shut' } | { readonly name: 'open'; readonly by: string } | { readonly name: 'walled' }

const walled = (door: Door): Error | undefined => (door.name === 'walled' ? new Error('walled up') : undefined)

test('a transition changes the state and tells each watcher what it was', () => {
  const machine = new StateMachine<Door>({ name: 'shut' })
  const seen: string[] = []
  machine.watch((state, previous) => seen.push(`first ${previous.name} ${state.name}`))
  machine.watch((state, previous) => seen.push(`second ${previous.name} ${state.name}`))
  machine.transition({ name: 'open', by: 'mei' })
  expect(machine.state).toEqual({ name: 'open', by: 'mei' })
  expect(seen).toEqual(['first shut open', 'second shut open'])
})

test('a watcher that was undone hears nothing more', () => {
  const machine = new StateMachine<Door>({ name: 'shut' })
  const seen: string[] = []
  const undo = machine.watch((state) => seen.push(state.name))
  machine.transition({ name: 'open', by: 'mei' })
  undo()
  machine.transition({ name: 'shut' })
  expect(seen).toEqual(['open'])
})

test('a watcher added or undone during a transition counts from the next one on', () => {
  const machine = new StateMachine<Door>({ name: 'shut' })
  const seen: string[] = []
  const undo = machine.watch(() => {
    undo()
    machine.watch((state) => seen.push(`late ${state.name}`))
  })
  machine.watch((state) => seen.push(state.name))
  machine.transition({ name: 'open', by: 'mei' })
  machine.transition({ name: 'shut' })
  expect(seen).toEqual(['open', 'shut', 'late shut'])
})

test('until resolves with a state that is there already', async () => {
  const machine = new StateMachine<Door>({ name: 'open', by: 'mei' })
  expect((await machine.until('open')).by).toBe('mei')
})

test('until resolves with the first state of that name that comes', async () => {
  const machine = new StateMachine<Door>({ name: 'shut' })
  const open = machine.until('open')
  machine.transition({ name: 'walled' })
  machine.transition({ name: 'open', by: 'first' })
  machine.transition({ name: 'open', by: 'second' })
  expect(await open).toEqual({ name: 'open', by: 'first' })
})

test('until rejects with the refusal of a state from which there is no way', async () => {
  const machine = new StateMachine<Door>({ name: 'shut' })
  const open = machine.until('open', { refuse: walled })
  machine.transition({ name: 'walled' })
  machine.transition({ name: 'open', by: 'too late' })
  await expect(open).rejects.toThrow(new Error('walled up'))
})

test('until rejects at once where the state refuses already', async () => {
  const machine = new StateMachine<Door>({ name: 'walled' })
  await expect(machine.until('open', { refuse: walled })).rejects.toThrow('walled up')
})

test('until does not refuse the state that was asked for', async () => {
  const machine = new StateMachine<Door>({ name: 'walled' })
  expect(await machine.until('walled', { refuse: walled })).toEqual({ name: 'walled' })
})

test('until rejects with the reason of a signal that was aborted before', async () => {
  const machine = new StateMachine<Door>({ name: 'shut' })
  const reason = new Error('enough')
  await expect(machine.until('open', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test('until rejects with the reason of a signal that is aborted meanwhile', async () => {
  const machine = new StateMachine<Door>({ name: 'shut' })
  const { signal, controller } = watchedSignal()
  const open = machine.until('open', { signal })
  const reason = new Error('enough')
  controller.abort(reason)
  machine.transition({ name: 'open', by: 'too late' })
  await expect(open).rejects.toBe(reason)
})

test('until leaves no listener on the signal, however it ends', async () => {
  const machine = new StateMachine<Door>({ name: 'shut' })
  const { signal, listening } = watchedSignal()
  const open = machine.until('open', { signal })
  const refused = machine.until('open', { signal, refuse: walled })
  expect(listening()).toBe(2)
  machine.transition({ name: 'walled' })
  await expect(refused).rejects.toThrow('walled up')
  expect(listening()).toBe(1)
  machine.transition({ name: 'open', by: 'mei' })
  await open
  expect(listening()).toBe(0)
  await machine.until('open', { signal })
  expect(listening()).toBe(0)
})

test('until leaves no watcher on the machine, however it ends', async () => {
  const machine = new StateMachine<Door>({ name: 'shut' })
  const { signal, controller } = watchedSignal()
  let asked = 0
  const refuse = (): undefined => {
    asked++
    return undefined
  }
  const aborted = machine.until('open', { signal, refuse })
  const resolved = machine.until('walled', { refuse })
  expect(asked).toBe(2)
  controller.abort(new Error('enough'))
  await expect(aborted).rejects.toThrow('enough')
  machine.transition({ name: 'walled' })
  await resolved
  machine.transition({ name: 'shut' })
  expect(asked).toBe(2)
})
