import { expect, test } from 'vitest'
import { say } from '../chat.ts'
import { OPUS } from '../media-frame.ts'
import { again, idOf, outcome, quiet, signInOwner, startOwned } from '../owned-server.ts'
import { enter, talk } from '../voice.ts'

test('[CHAN-8] an archived channel can be read, and what would write to it gets forbidden, the owner’s too', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const [message] = await say(mei, ['kept'])
  const { channel } = await owner.ask('channel.update', { channel: 'general', archived: true })
  expect(channel.archived).toBe(true)
  await mei.ask('channel.join', { channel: 'general' })
  expect((await mei.ask('history.page', { channel: 'general' })).messages).toEqual([message])
  expect((await mei.ask('log.read', { channel: 'general', after: 0 })).entries).toHaveLength(1)
  for (const client of [mei, owner]) {
    const refusal = await client.refusal('message.send', { channel: 'general', clientId: 'x', text: 'late' })
    expect(refusal).toEqual({ code: 'forbidden', message: 'the channel is archived', retryable: false })
  }
  await mei.ask('channel.leave', { channel: 'general' })
  await owner.ask('channel.update', { channel: 'general', archived: false })
  await say(mei, ['again'])
})

test('[CHAN-8] who was in its voice when it was archived has left, whoever was away too', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const away = await again(running, mei)
  await enter(owner)
  await talk(mei)
  await away.ask('voice.join', { channel: 'lounge', device: 'phone', muted: false, deafened: false })
  away.close()
  await away.closed
  await owner.ask('channel.update', { channel: 'lounge', archived: true })
  expect((await mei.event('channel.changed')).channel).toMatchObject({ id: 'lounge', archived: true })
  await quiet(mei)
  const state = { channel: 'lounge', muted: false, deafened: false }
  expect(running.server.stats.rooms).toBe(0)
  expect(await outcome(mei, 'voice.update', state)).toBe('not_found')
  expect(await outcome(mei, 'voice.join', { ...state, device: 'd' })).toBe('forbidden')
  expect(await outcome(owner, 'voice.join', { ...state, device: 'd' })).toBe('forbidden')
  expect(await outcome(mei, 'track.publish', { key: 'x', format: OPUS, to: { channel: 'lounge' } })).toBe('forbidden')
  expect(await outcome(mei, 'voice.leave', { channel: 'lounge' })).toBe('ok')
})

test('[CHAN-8] a resume gets the channel back and its voice not', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  await owner.ask('channel.update', { channel: 'lounge', archived: true })
  const back = await running.connect()
  const voice = { channel: 'lounge', device: 'd', muted: false, deafened: false, tracks: [] }
  const { token } = mei.authenticated
  const cursors = { lounge: { epoch: 'e', seq: 0 } }
  const reply = await back.authenticate('session.resume', { token, cursors, voice })
  expect(reply).toMatchObject({ channels: { lounge: { head: 0 } }, voice: 'gone' })
})

test('[CHAN-8] an archived private channel lets its members leave, and its owner manage it', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const { channel } = await owner.ask('channel.create', { kind: 'text', name: 'garden', private: true })
  await owner.ask('member.add', { channel: channel.id, user: idOf(mei) })
  await owner.ask('channel.update', { channel: channel.id, archived: true })
  expect((await owner.ask('channel.update', { channel: channel.id, name: 'orchard' })).channel.name).toBe('orchard')
  await mei.ask('member.remove', { channel: channel.id, user: idOf(mei) })
  expect(await mei.event('channel.removed')).toEqual({ channel: channel.id })
})
