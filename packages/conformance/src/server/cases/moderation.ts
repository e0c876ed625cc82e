import { type AuditEntry, CLOSE } from '@arclight/core/protocol'
import { checkEqual, checkHas, checkThat } from '../../check.ts'
import { picture } from '../media.ts'
import { withChannel } from '../own-channel.ts'
import { MIDDLE, ROLES, withHolder, withRole } from '../own-role.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { record, stopRecording } from '../shared-recording.ts'
import { wait } from '../wait.ts'

/** Of a ban that ends while somebody waits for it: time enough to see that it is there. */
const BAN_MS = 4_000
/** A clock of the kit's machine goes as fast as the server's, nearly. */
const LEEWAY_MS = 200
const REASON = 'conformance: a reason'

async function bansOf(owner: Peer, user: string) {
  return (await owner.ask('ban.list', {})).bans.filter((ban) => ban.user.id === user)
}

/** The newest entries of the audit log that are about these. */
async function entriesOf(owner: Peer, targets: readonly string[]): Promise<AuditEntry[]> {
  const { entries } = await owner.ask('audit.list', {})
  return entries.filter(({ target }) => target !== undefined && targets.includes(target))
}

/** Kicks, bans, and who did what. */
export const moderationCases: readonly ServerCase[] = [
  serverCase('MOD-1.kick', 'user.kick ends all sessions of a user, who may log in again', ROLES, async (context) => {
    const owner = await context.signInOwner()
    const { peer, account } = await context.register()
    const second = await context.connect()
    const { name, password } = account
    const { token } = await second.ask('auth.login', { name, password })
    await owner.ask('user.kick', { user: account.id, reason: REASON })
    for (const one of [peer, second]) await one.closedWith(CLOSE.revoked)
    const late = await context.connect()
    for (const old of [account.token, token]) {
      await late.refused('auth.token', { token: old }, 'unauthenticated', 'of a session that was ended')
    }
    await late.ask('auth.login', { name, password })
    checkEqual(await bansOf(owner, account.id), [], 'bans of who was kicked')
  }),
  serverCase(
    'MOD-1.rank',
    'nobody kicks or bans a user of their own rank or above',
    { ...ROLES, also: ['MOD-2'] },
    async (context) => {
      const owner = await context.signInOwner()
      const { peer, account } = await context.register()
      const user = account.id
      const data = { user }
      await withRole({ context, owner }, { permissions: [], rank: MIDDLE + 1 }, async ({ id: above }) => {
        await withHolder({ context, owner }, { permissions: ['kick', 'ban'] }, async (holder, { id: own }) => {
          for (const [role, why] of [
            [own, 'of who stands as high'],
            [above, 'of who stands higher'],
          ] as const) {
            await owner.ask('role.give', { user, role })
            for (const type of ['user.kick', 'user.ban', 'user.unban']) {
              await holder.refused(type, data, 'forbidden', why)
            }
          }
          await peer.ask('role.list', {})
          await owner.ask('role.give', { user, role: 'guest' })
          await holder.ask('user.kick', data)
          await peer.closedWith(CLOSE.revoked)
        })
      })
    },
  ),
  serverCase(
    'MOD-2.ban',
    'user.ban closes with 4503 and ends all sessions; nobody logs in until user.unban',
    ROLES,
    async (context) => {
      const owner = await context.signInOwner()
      const { peer, account } = await context.register()
      const second = await context.withToken(account.token)
      const { id: user, name, password, token } = account
      await owner.ask('user.ban', { user, reason: REASON })
      for (const one of [peer, second]) await one.closedWith(CLOSE.banned)
      const late = await context.connect()
      await late.refused('auth.token', { token }, 'unauthenticated', 'of a session that was ended')
      const wrong = { name, password: `${password} not` }
      await late.refused('auth.login', wrong, 'invalid_credentials', 'with another password')
      await late.refused('auth.login', { name, password }, 'banned', 'of who is banned')
      const bans = await bansOf(owner, user)
      checkEqual(bans.length, 1, 'how many bans of the user there are')
      const by = { id: context.owner.id, name: context.owner.name }
      checkHas(bans[0], { user: { id: user, name }, by, reason: REASON }, 'the ban in ban.list')
      checkEqual(bans[0]?.until, undefined, 'until, of a ban that does not end')
      await owner.ask('user.unban', { user })
      checkEqual(await bansOf(owner, user), [], 'the bans after user.unban')
      await owner.refused('user.unban', { user }, 'not_found', 'a second time')
      await late.ask('auth.login', { name, password })
    },
  ),
  serverCase(
    'MOD-2.until',
    'a ban ends by itself, the newest is listed first, and no ban ends before it begins',
    { needs: ['roles'], pace: 'slow' },
    async (context) => {
      const owner = await context.signInOwner()
      const { account } = await context.register()
      const { peer: other, account: first } = await context.register()
      const { id: user, name, password } = account
      const { peer: late, hello } = await context.greeted()
      const from = performance.now()
      const gone = { user, until: hello.clock.wall - 1_000 }
      await owner.refused('user.ban', gone, 'bad_request', 'until a time that has gone by')
      await owner.ask('user.ban', { user: first.id })
      await other.closedWith(CLOSE.banned)
      const until = hello.clock.wall + BAN_MS
      await owner.ask('user.ban', { user, until })
      const { bans } = await owner.ask('ban.list', {})
      const order = bans.map((ban) => ban.user.id).filter((id) => id === user || id === first.id)
      checkEqual(order, [user, first.id], 'two bans, the newest first')
      checkHas((await bansOf(owner, user))[0], { until }, 'the ban')
      await owner.ask('user.unban', { user: first.id })
      await late.refused('auth.login', { name, password }, 'banned', 'before the ban has ended')
      await wait(BAN_MS + LEEWAY_MS - (performance.now() - from))
      checkEqual(await bansOf(owner, user), [], 'the bans when it has ended')
      const back = await context.connect()
      await back.ask('auth.login', { name, password })
    },
  ),
  serverCase(
    'MOD-2.link',
    'a link that a user was given is 404 while they are banned',
    { ...ROLES, needs: ['roles', 'recording'] },
    async (context) => {
      const owner = await context.signInOwner()
      const { peer, account } = await context.register()
      const { recording, track } = await record(peer, 'conformance: of who is banned')
      peer.sendBinary(picture(track, 0))
      await stopRecording(peer, recording.id)
      const { path } = await peer.ask('recording.link', { recording: recording.id, disposition: 'inline' })
      const status = async () => (await context.get(path)).status
      checkEqual(await status(), 200, 'the status of a link')
      await owner.ask('user.ban', { user: account.id })
      checkEqual(await status(), 404, 'the status while its user is banned')
      await owner.ask('user.unban', { user: account.id })
    },
  ),
  serverCase('MOD-4.sessions', 'the sessions of somebody else are listed, and ended', ROLES, async (context) => {
    const owner = await context.signInOwner()
    const { peer, account } = await context.register()
    const { id: user, name, password } = account
    const second = await context.connect()
    const { session } = await second.ask('auth.login', { name, password, label: 'conformance' })
    const third = await context.connect()
    await third.ask('auth.login', { name, password })
    const { sessions } = await owner.ask('user.sessions', { user })
    checkEqual(sessions.length, 3, 'how many sessions the user has')
    const seen = sessions.find(({ id }) => id === session)
    checkHas(seen, { label: 'conformance', current: false, connections: 1 }, 'one of them')
    await owner.ask('user.revoke', { user, session })
    await second.closedWith(CLOSE.revoked)
    await owner.refused('user.revoke', { user, session }, 'not_found', 'a second time')
    checkEqual((await owner.ask('user.sessions', { user })).sessions.length, 2, 'how many are left')
    await owner.ask('user.revoke', { user })
    for (const one of [peer, third]) await one.closedWith(CLOSE.revoked)
    checkEqual((await owner.ask('user.sessions', { user })).sessions, [], 'the sessions after all were ended')
    const late = await context.connect()
    await late.ask('auth.login', { name, password })
    const done = (await entriesOf(owner, [user])).map(({ action, detail }) => [action, detail?.['session']])
    checkEqual(
      done,
      [
        ['user.revoke', undefined],
        ['user.revoke', session],
      ],
      'what was done, as it is recorded',
    )
  }),
  serverCase('MOD-4.rank', 'it takes manageServer, and a higher rank', ROLES, async (context) => {
    const owner = await context.signInOwner()
    const { peer, account } = await context.register()
    const data = { user: account.id }
    await withHolder({ context, owner }, { permissions: ['kick', 'ban'] }, async (holder, role) => {
      const types = ['user.sessions', 'user.revoke'] as const
      for (const type of types) await holder.refused(type, data, 'forbidden', 'without `manageServer`')
      await owner.ask('role.update', { role: role.id, permissions: ['manageServer'] })
      await owner.ask('role.give', { ...data, role: role.id })
      for (const type of types) await holder.refused(type, data, 'forbidden', 'of who stands as high')
      await owner.ask('role.give', { ...data, role: 'member' })
      for (const type of types) await holder.ask(type, data)
      await peer.closedWith(CLOSE.revoked)
    })
  }),
  serverCase('AUDIT-1.revoke', 'whose sessions were ended is recorded', ROLES, async (context) => {
    const owner = await context.signInOwner()
    const { account } = await context.register()
    await owner.ask('user.revoke', { user: account.id })
    const [entry] = await entriesOf(owner, [account.id])
    checkEqual(entry?.action, 'user.revoke', 'the newest entry of the user')
  }),
  serverCase('AUDIT-1.entries', 'what changes something is recorded, the newest first', ROLES, async (context) => {
    const owner = await context.signInOwner()
    const { account } = await context.register()
    const user = account.id
    const name = context.unique()
    const made = { name, rank: 2, permissions: [] }
    const { role } = await owner.ask('role.create', made)
    await owner.ask('role.update', { role: role.id, rank: 3 })
    await owner.ask('role.give', { user, role: role.id })
    await owner.ask('role.delete', { role: role.id })
    let place = ''
    await withChannel({ context, owner }, {}, async ({ id: channel }) => {
      place = channel
      await owner.ask('permit.set', { channel, user, allow: ['pin'], deny: [] })
    })
    await owner.ask('user.kick', { user, reason: REASON })
    const until = Number.MAX_SAFE_INTEGER
    await owner.ask('user.ban', { user, until })
    await owner.ask('user.unban', { user })
    const done: [action: string, target: string, detail?: object][] = [
      ['user.unban', user],
      ['user.ban', user, { until }],
      ['user.kick', user, { reason: REASON }],
      ['permit.set', place, { user, allow: ['pin'], deny: [] }],
      ['role.delete', role.id],
      ['role.give', user, { role: role.id }],
      ['role.update', role.id, { rank: 3 }],
      ['role.create', role.id, made],
    ]
    const entries = await entriesOf(owner, [user, role.id, place])
    checkEqual(
      entries.map(({ action, target }) => [action, target]),
      done.map(([action, target]) => [action, target]),
      'what was done, and to whom',
    )
    for (const [at, [action, , detail]] of done.entries()) {
      const { id, name: called } = context.owner
      checkHas(entries[at], { by: { id, name: called }, ...(detail && { detail }) }, `the entry of ${action}`)
    }
    const times = entries.map(({ at }) => at)
    checkEqual(
      times,
      times.toSorted((one, other) => other - one),
      'the times, the newest first',
    )
  }),
  serverCase('AUDIT-1.pages', 'it comes in pages, and what is refused is not in it', ROLES, async (context) => {
    const owner = await context.signInOwner()
    await withRole({ context, owner }, { permissions: [] }, async ({ id: role }) => {
      for (const rank of [4, 5, 6]) await owner.ask('role.update', { role, rank })
      await owner.refused('role.update', { role, rank: 1_000 }, 'bad_request', 'of rank 1,000')
      await owner.refused('role.update', { role: 'owner', rank: 7 }, 'forbidden', 'of the owner’s role')
      const { entries, hasMore } = await owner.ask('audit.list', { limit: 3 })
      checkThat(hasMore, 'more behind three', hasMore)
      checkEqual(
        entries.map(({ target, detail }) => [target, detail?.['rank']]),
        [6, 5, 4].map((rank) => [role, rank]),
        'the newest three',
      )
      const pages = [await owner.ask('audit.list', { limit: 1 })]
      for (let page = 0; page < 2; page++) {
        pages.push(await owner.ask('audit.list', { before: pages.at(-1)?.entries[0]?.id ?? '', limit: 1 }))
      }
      checkEqual(
        pages.flatMap((page) => page.entries),
        entries,
        'three pages of one',
      )
    })
  }),
]
