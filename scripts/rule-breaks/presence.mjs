const TYPING = 'packages/server/src/presence/typing.ts'
const PRESENCE = 'packages/server/src/presence/presence.ts'

export default {
  'TYPE-1': {
    file: TYPING,
    find: 'for (const outgoing of this.#listeners(channel)) this.#tell(channel, outgoing)',
    replace: '',
  },
  'TYPE-1 again': {
    file: TYPING,
    find: 'if (after.length === before.length && after.every(',
    replace: 'if (false && after.every(',
  },
  'TYPE-1 most': {
    file: TYPING,
    find: 'if (users.push(user) === LIMITS.typingUsers) break',
    replace: 'users.push(user)',
  },
  'TYPE-1 permission': {
    file: 'packages/server/src/handlers/typing.ts',
    find: "channels.allowed(data.channel, account, 'send')",
    replace: '',
  },
  'TYPE-1 join': {
    file: 'packages/server/src/handlers/channel.ts',
    find: 'typing.welcome(data.channel, outgoing)',
    replace: '',
  },
  'TYPE-2': {
    file: TYPING,
    find: 'if (now >= end) until.delete(outgoing)',
    replace: 'if (false) until.delete(outgoing)',
  },
  'TYPE-2 message': {
    file: 'packages/server/src/compose.ts',
    find: "if (type === 'message.created') later.typing().spoke(",
    replace: 'if (false) later.typing().spoke(',
  },
  'TYPE-2 gone': {
    file: 'packages/server/src/session.ts',
    find: 'services.typing.gone(this.outgoing)',
    replace: '',
  },
  'PRES-1': { file: PRESENCE, find: 'this.#watchers.add(outgoing)', replace: '' },
  'PRES-1 most': { file: PRESENCE, find: 'shown.slice(0, LIMITS.presentUsers)', replace: 'shown' },
  'PRES-1 unwatch': {
    file: 'packages/server/src/handlers/presence.ts',
    find: 'presence.unwatch(outgoing)',
    replace: '',
  },
  'PRES-1 newest': {
    file: PRESENCE,
    find: `watcher.state(\`presence:\${user.id}\`, message)`,
    replace: `watcher.state(\`presence:\${user.id} \${Math.random()}\`, message)`,
  },
  'PRES-2': {
    file: PRESENCE,
    find: 'this.#clock.now() + LIMITS.presenceAbsenceMs',
    replace: 'this.#clock.now()',
  },
  'PRES-2 last': { file: PRESENCE, find: '--present.connections > 0', replace: 'false' },
  'PRES-2 back': { file: PRESENCE, find: 'this.#leaving.delete(known)', replace: '' },
  'PRES-3': {
    file: PRESENCE,
    find: 'known.connections++',
    replace: "known.connections++\n      known.status = 'online'",
  },
  // Who went is remembered as they were.
  'PRES-3 end': { file: PRESENCE, find: 'this.#present.delete(present.user.id)', replace: '' },
  'PRES-3 hidden': { file: PRESENCE, find: "if (status !== 'offline') shown.push(", replace: 'shown.push(' },
}
