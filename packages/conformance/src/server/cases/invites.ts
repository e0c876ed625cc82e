import { CLOSE, type RequestData } from '@arclight/core/protocol'
import { CaseSkip, checkEqual, checkHas, checkThat } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import { ROLES, withRole } from '../own-role.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const PASSWORD = 'a password that is long enough'
const DAY_MS = 86_400_000

/** Runs `use` with an invite of the case's own, which ends with it. */
async function withInvite(
  owner: Peer,
  data: RequestData<'invite.create'>,
  use: (code: string, id: string) => Promise<void>,
): Promise<void> {
  const { invite, code } = await owner.ask('invite.create', data)
  try {
    await use(code, invite.id)
  } finally {
    await owner.request('invite.delete', { invite: invite.id })
  }
}

async function invitesOf(owner: Peer, id: string) {
  return (await owner.ask('invite.list', {})).invites.filter((one) => one.id === id)
}

/** Where accounts are made at all. */
async function registering(context: ServerContext): Promise<Peer> {
  const { peer, hello } = await context.greeted()
  if (hello.registration === 'closed') throw new CaseSkip('needs an account of its own, none can be made')
  return peer
}

/** Invites, and passwords that are changed and reset. */
export const inviteCases: readonly ServerCase[] = [
  serverCase('INV-1.create', 'an invite is for one account and seven days unless told', ROLES, async (context) => {
    const owner = await context.signInOwner()
    await withInvite(owner, {}, async (_code, id) => {
      const [invite] = await invitesOf(owner, id)
      checkHas(invite, { role: 'member', uses: 1 }, 'the invite in the list')
      checkEqual((invite?.expiresAt ?? 0) - (invite?.createdAt ?? 0), 7 * DAY_MS, 'how long it works')
      await owner.ask('invite.delete', { invite: id })
      checkEqual(await invitesOf(owner, id), [], 'the invite in the list, deleted')
      await owner.refused('invite.delete', { invite: id }, 'not_found', 'a second time')
    })
    await withInvite(owner, { uses: 3, expiresInMs: DAY_MS }, async (_code, id) => {
      const [invite] = await invitesOf(owner, id)
      checkHas(invite, { uses: 3, expiresAt: (invite?.createdAt ?? 0) + DAY_MS }, 'the invite in the list')
    })
  }),
  serverCase(
    'INV-1.forbidden',
    'nobody without the permission has anything to do with invites',
    ROLES,
    async (context) => {
      const [owner, member] = [await context.signInOwner(), await context.signInMember()]
      await member.refused('invite.create', { role: 'guest' }, 'forbidden', 'by a member')
      await member.refused('invite.list', {}, 'forbidden', 'by a member')
      await member.refused('invite.delete', { invite: 'x' }, 'forbidden', 'by a member')
      await owner.refused('invite.create', { role: 'owner' }, 'forbidden', 'to the owner’s own role')
      await owner.refused('invite.create', { role: context.unique() }, 'not_found', 'to a role that does not exist')
    },
  ),
  serverCase('INV-2.role', 'a code gives its role, once, however it is typed', ROLES, async (context) => {
    const [owner, stranger] = [await context.signInOwner(), await registering(context)]
    await withRole({ context, owner }, { permissions: ['read'] }, async ({ id: role }) => {
      await withInvite(owner, { role }, async (code, id) => {
        const invite = code.toLowerCase().replaceAll('-', ' ')
        const taken = { name: context.account().name, password: PASSWORD, invite }
        await stranger.refused('auth.register', taken, 'conflict', 'with a name that is taken')
        checkHas((await invitesOf(owner, id))[0], { uses: 1 }, 'the invite after an attempt that made no account')
        const { user } = await stranger.ask('auth.register', { name: context.unique(), password: PASSWORD, invite })
        checkEqual(user.role, role, 'the role of the account')
        checkEqual(await invitesOf(owner, id), [], 'the invite in the list, used up')
        const late = { name: context.unique(), password: PASSWORD, invite }
        await (await context.connect()).refused(
          'auth.register',
          late,
          'registration_closed',
          'with a code that is used up',
        )
      })
    })
  }),
  serverCase(
    'AUTH-12.change',
    'account.password changes the password and ends the other sessions',
    ROLES,
    async (context) => {
      const { peer, account } = await context.register()
      const { name, password } = account
      const second = await context.connect()
      await second.ask('auth.login', { name, password })
      const wrong = { password: `${password}?`, newPassword: PASSWORD }
      await peer.refused('account.password', wrong, 'invalid_credentials', 'with a wrong password')
      await second.ask('channel.list', {})
      await peer.ask('account.password', { password, newPassword: PASSWORD })
      await second.closedWith(CLOSE.revoked)
      await peer.ask('channel.list', {})
      const late = await context.connect()
      await late.refused('auth.login', { name, password }, 'invalid_credentials', 'with the password before')
      checkEqual((await late.ask('auth.login', { name, password: PASSWORD })).user.id, account.id, 'who logs in')
    },
  ),
  serverCase(
    'AUTH-13.reset',
    'a code sets another password, once, and ends all sessions before',
    ROLES,
    async (context) => {
      const { peer, account } = await context.register()
      const owner = await context.signInOwner()
      const first = await owner.ask('user.reset', { user: account.id })
      const { code } = await owner.ask('user.reset', { user: account.id })
      const late = await context.connect()
      const replaced = { code: first.code, password: PASSWORD }
      await late.refused('auth.reset', replaced, 'invalid_credentials', 'with a code that a newer one has replaced')
      const { user } = await late.ask('auth.reset', { code, password: PASSWORD })
      checkEqual(user.id, account.id, 'who is signed in')
      await peer.closedWith(CLOSE.revoked)
      const again = await context.connect()
      await again.refused(
        'auth.reset',
        { code, password: PASSWORD },
        'invalid_credentials',
        'with a code that was used',
      )
      await again.ask('auth.login', { name: account.name, password: PASSWORD })
      // One whom a member would rule over.
      await owner.ask('role.give', { user: account.id, role: 'guest' })
      checkThat(!(await hasReset(context, account.id)), 'a member to be refused user.reset', 'a code')
    },
  ),
]

async function hasReset(context: ServerContext, user: string): Promise<boolean> {
  const reply = await (await context.signInMember()).request('user.reset', { user })
  return 'data' in reply
}
