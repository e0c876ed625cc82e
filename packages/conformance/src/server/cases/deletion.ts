import { CLOSE } from '@arclight/core/protocol'
import { checkEqual, checkHas, checkThat } from '../../check.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { wait } from '../wait.ts'

const ACCOUNTS = { needs: ['accounts'], pace: 'alone' } as const
const LOOK_MS = 100
const LOOKS = 100

/** Accounts that their users delete: each case makes the one that it deletes. */
export const deletionCases: readonly ServerCase[] = [
  serverCase(
    'GONE-1.delete',
    'an account is deleted by its password, and its name is free',
    ACCOUNTS,
    async (context) => {
      const { peer, account } = await context.register()
      const { name, password, token } = account
      const second = await context.connect()
      await second.ask('auth.login', { name, password })
      await peer.refused('account.delete', { password: `${password}?` }, 'invalid_credentials', 'by another password')
      await second.ask('channel.list', {})
      await peer.ask('account.delete', { password })
      for (const one of [peer, second]) await one.closedWith(CLOSE.revoked)
      const late = await context.connect()
      await late.refused('auth.token', { token }, 'unauthenticated', 'with the token of a deleted account')
      await late.refused('auth.login', { name, password }, 'invalid_credentials', 'of a deleted account')
      const { user } = await late.ask('auth.register', { name, password })
      checkThat(user.id !== account.id, 'another account under the name', user)
    },
  ),
  serverCase('GONE-1.owner', 'the owner stays', ACCOUNTS, async (context) => {
    const owner = await context.signInOwner()
    const { password } = context.owner
    await owner.refused('account.delete', { password }, 'conflict', 'by the owner')
    await owner.ask('channel.list', {})
  }),
  serverCase('GONE-2.own', 'invites and places in private channels go with the account', ACCOUNTS, async (context) => {
    const { peer, account } = await context.register()
    const owner = await context.signInOwner()
    const made = await owner.ask('channel.create', { kind: 'text', name: context.unique('c'), private: true })
    const channel = made.channel.id
    try {
      await owner.ask('member.add', { channel, user: account.id })
      await peer.ask('user.update', { displayName: 'Mei' })
      await peer.ask('account.delete', { password: account.password })
      const { user } = await owner.event('user.changed', (data) => data.user.id === account.id && !!data.user.deleted)
      checkEqual(user.displayName, undefined, 'the display name of a deleted account')
      const { members } = await owner.ask('member.list', { channel })
      checkThat(!members.some(({ id }) => id === account.id), 'members without the deleted account', members)
    } finally {
      await owner.request('channel.delete', { channel })
    }
  }),
  serverCase('GONE-3.stay', 'messages stay by a user who is deleted and in no list', ACCOUNTS, async (context) => {
    const { peer, account } = await context.register()
    const other = await context.signIn()
    const [said] = await context.say(peer, 1)
    await peer.ask('account.delete', { password: account.password })
    const { user } = await other.event('user.changed', (data) => data.user.id === account.id && !!data.user.deleted)
    checkThat(user.name !== account.name, 'another name than that of the account', user)
    const page = { channel: context.text.id, around: said?.seq ?? 0, limit: 1 }
    const [message] = (await other.ask('history.page', page)).messages
    checkHas(message, { text: said?.text, author: user }, 'the message of the deleted account')
    // Whatever a server calls a deleted account stands anywhere; here on the first page.
    const [named, first] = await Promise.all([{ prefix: account.name }, {}].map((data) => other.ask('user.list', data)))
    const users = [...(named?.users ?? []), ...(first?.users ?? [])]
    checkThat(!users.some(({ id }) => id === account.id), 'user.list without the deleted account', users)
    await other.refused('direct.open', { users: [account.id] }, 'not_found', 'with a deleted account')
  }),
  serverCase('GONE-4.messages', 'messages go too where it was asked for', ACCOUNTS, async (context) => {
    const { peer, account } = await context.register()
    const other = await context.signIn()
    const said = await context.say(peer, 2)
    const seqs = new Set(said.map(({ seq }) => seq))
    await other.ask('channel.join', { channel: context.text.id })
    await peer.ask('account.delete', { password: account.password, messages: 'delete' })
    for (let at = 0; at < LOOKS; at++) {
      const page = { channel: context.text.id, after: (said[0]?.seq ?? 1) - 1 }
      const { messages } = await other.ask('history.page', page)
      const own = messages.filter(({ seq }) => seqs.has(seq))
      if (own.length === seqs.size && own.every(({ deleted, text }) => deleted && text === '')) {
        checkEqual(own[0]?.author.id, account.id, 'the author of a tombstone')
        return
      }
      await wait(LOOK_MS)
    }
    checkThat(false, 'tombstones of the account’s messages within 10 s', 'texts')
  }),
]
