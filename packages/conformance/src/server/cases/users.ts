import type { UserSummary } from '@arclight/core/protocol'
import { checkEqual, checkThat } from '../../check.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const NEEDS = { needs: ['channels'] } as const
const ACCOUNTS = { needs: ['accounts'] } as const

/** Everybody whose name begins with the prefix, by pages of so many. */
async function readAll(peer: Peer, prefix: string, limit: number): Promise<UserSummary[]> {
  const all: UserSummary[] = []
  for (;;) {
    const after = all.at(-1)?.id
    const page = await peer.ask('user.list', { prefix, limit, ...(after === undefined ? {} : { after }) })
    checkThat(page.users.length <= limit, `at most ${limit} users`, page)
    all.push(...page.users)
    if (!page.hasMore) return all
    checkThat(page.users.length > 0, 'users on a page that is not the last', page)
  }
}

/** `user.list`. */
export const userCases: readonly ServerCase[] = [
  serverCase('USER-1.pages', 'users come in the order of their names, in pages, each once', NEEDS, async (context) => {
    const peer = await context.signIn()
    const [one, two] = [context.account(1), context.account(2)]
    const prefix = one.name.slice(0, 2)
    const all = await readAll(peer, prefix, 100)
    checkEqual(new Set(all.map(({ id }) => id)).size, all.length, 'how many of them are named once')
    const found = all.find(({ id }) => id === one.id)
    checkEqual(found?.name, one.name, 'the name of the first account')
    const twoFits = two.name.toLowerCase().startsWith(prefix.toLowerCase())
    checkEqual(
      all.some(({ id }) => id === two.id),
      twoFits,
      'whether the second account is there',
    )
    // Other names than these may be compared in ways that do not show.
    const plain = all.map(({ name }) => name.toLowerCase()).filter((name) => /^[a-z0-9 ]+$/.test(name))
    checkEqual(plain, plain.toSorted(), 'the names in their order')
    checkEqual(
      (await readAll(peer, one.name, 1)).map(({ id }) => id).includes(one.id),
      true,
      'whether pages of one have the first account',
    )
  }),
  serverCase('USER-1.prefix', 'a prefix is compared as names are', NEEDS, async (context) => {
    const peer = await context.signIn()
    const { id, name } = context.account(1)
    for (const prefix of [name.toUpperCase(), name.toLowerCase(), name.slice(0, -1).toUpperCase()]) {
      const { users } = await peer.ask('user.list', { prefix })
      checkThat(
        users.some((user) => user.id === id),
        `${name} among those that begin with ${prefix}`,
        users,
      )
    }
    const { users, hasMore } = await peer.ask('user.list', { prefix: context.unique('nobody') })
    checkEqual([users, hasMore], [[], false], 'users whose name begins with one that nobody has')
    const any = await peer.ask('user.list', { prefix: '%' })
    checkThat(!any.users.some((user) => user.id === id), 'a prefix that is text and no operator', any.users)
  }),
  serverCase('USER-1.after', 'a page begins behind the user after', NEEDS, async (context) => {
    const peer = await context.signIn()
    const first = await peer.ask('user.list', { limit: 1 })
    const [user] = first.users
    checkThat(user !== undefined && first.hasMore, 'one user, and more', first)
    const second = await peer.ask('user.list', { after: user.id, limit: 1 })
    const both = await peer.ask('user.list', { limit: 2 })
    checkEqual([user, ...second.users], both.users, 'two pages of one, against one of two')
    await peer.refused('user.list', { after: 'conformance-nobody' }, 'not_found', 'behind nobody')
    await peer.refused('user.list', { limit: 101 }, 'bad_request', 'with a limit of 101')
  }),
  serverCase('NAME-1.shape', 'a display name has 1–64 characters that can be seen', ACCOUNTS, async (context) => {
    const { peer } = await context.newcomer()
    for (const displayName of ['x', '王 美', 'x'.repeat(64)]) {
      checkEqual((await peer.ask('user.update', { displayName })).user.displayName, displayName, 'the display name')
    }
    const { user } = await peer.ask('user.update', { displayName: 'e\u0301' })
    checkEqual(user.displayName, '\u00e9', 'a display name that was typed in two characters')
    for (const displayName of ['', ' x', 'x ', 'a\u0000b', 'a\nb', 'a\u202eb', 'x'.repeat(65)]) {
      await peer.refused('user.update', { displayName }, 'bad_request', `with ${JSON.stringify(displayName)}`)
    }
    const none = await peer.ask('user.update', { displayName: null })
    checkEqual(none.user.displayName, undefined, 'the display name that was taken away')
  }),
  serverCase('NAME-2.told', 'everybody learns of a display name, and messages have it', ACCOUNTS, async (context) => {
    const { peer, account } = await context.newcomer()
    const other = await context.signIn()
    const [said] = await context.say(peer, 1)
    const displayName = context.unique('Mei')
    await peer.ask('user.update', { displayName })
    const { user } = await other.event('user.changed', (data) => data.user.id === account.id)
    checkEqual(user.displayName, displayName, 'the display name that others are told')
    const page = { channel: context.text.id, around: said?.seq ?? 0, limit: 1 }
    const { messages } = await other.ask('history.page', page)
    checkEqual(messages[0]?.author, user, 'the author of a message that was sent before')
    const { users } = await other.ask('user.list', { prefix: account.name })
    checkEqual(users.find(({ id }) => id === account.id)?.displayName, displayName, 'the display name in user.list')
    await peer.ask('user.update', { displayName: null })
    await other.event('user.changed', (data) => data.user.id === account.id && !data.user.displayName)
  }),
]
