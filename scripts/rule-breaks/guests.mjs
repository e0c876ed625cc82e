const GUESTS = 'packages/server/src/accounts/guests.ts'
const SESSIONS = 'packages/server/src/accounts/sessions.ts'
const STORED = 'packages/server/src/adapters/storage/sql/guests.ts'

export default {
  'AUTH-15': {
    file: GUESTS,
    find: 'if (await storage.accounts.create(row)) return account',
    replace: 'if ((await storage.accounts.create(row)) || name === wanted) return account',
  },
  'AUTH-15 allowed': { file: GUESTS, find: 'if (!this.allowed) throw', replace: "if (name === '') throw" },
  'AUTH-15 owner': { file: GUESTS, find: "if (accounts.registration === 'claim')", replace: "if (name === '')" },
  'AUTH-15 lifetime': {
    file: SESSIONS,
    find: 'return guest ? Math.min(this.#lifetime, LIMITS.guestSessionMs) : this.#lifetime',
    replace: 'return guest ? this.#lifetime : this.#lifetime',
  },
  'AUTH-15 role': { file: GUESTS, find: '    standings.give(id, ROLE)\n', replace: '    void standings\n' },
  'AUTH-15 ends': {
    file: 'packages/server/src/housekeeping.ts',
    find: '    await guests.housekeep()\n',
    replace: '    void guests\n',
  },
  'AUTH-15 name': {
    file: STORED,
    find: '.set({ ...free, bot: Kind.endedGuest })',
    replace: '.set({ name: free.name, bot: Kind.endedGuest })',
  },
  'AUTH-16': { file: GUESTS, find: '      standings.give(id, role)\n', replace: '' },
  'AUTH-16 told': { file: GUESTS, find: '      profiles.tell(user, account)\n', replace: '' },
  'AUTH-16 guest': {
    file: GUESTS,
    find: "if (!guest.guest) throw new Refusal('conflict'",
    replace: "if (!guest.guest) throw new Refusal('forbidden'",
  },
  'AUTH-16 open': { file: GUESTS, find: '    accounts.admit({ invite: code, local: false })\n', replace: '' },
  'AUTH-16 invite': {
    file: GUESTS,
    find: '        if (invite) await invites.restore(invite.id)\n',
    replace: '',
  },
  'AUTH-16 role': {
    file: GUESTS,
    find: 'before === ROLE ? (invite?.role ?? PLAIN) : before',
    replace: 'before === ROLE ? (invite?.role ?? PLAIN) : PLAIN',
  },
  'AUTH-16 taken': {
    file: STORED,
    find: "  if (other) return 'name-taken'\n",
    replace: "  if (other) return 'claimed'\n",
  },
}
