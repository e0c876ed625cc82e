const BLOCKS = 'packages/server/src/accounts/blocks.ts'
const MESSAGE = 'packages/server/src/handlers/message.ts'
const USER = 'packages/server/src/handlers/user.ts'

export default {
  'BLOCK-1': {
    file: 'packages/server/src/handlers/auth.ts',
    find: '...(blocked.length === 0 ? {} : { blocked })',
    replace: '...(blocked.length === 0 ? {} : {})',
  },
  'BLOCK-1 told': {
    file: USER,
    find: 'if (other.outgoing !== outgoing) other.outgoing.state(`blocked',
    replace: 'if (other.outgoing === outgoing) other.outgoing.state(`blocked',
  },
  'BLOCK-1 stored': {
    file: BLOCKS,
    find: 'if (on) await accounts.block({ user, blocked })',
    replace: 'if (on) void 0',
  },
  'BLOCK-1 self': { file: BLOCKS, find: 'if (user === blocked) throw badUser()', replace: 'void badUser' },
  'BLOCK-1 most': { file: BLOCKS, find: '.length >= LIMITS.blocks', replace: '.length > LIMITS.blocks' },
  'BLOCK-1 order': {
    file: BLOCKS,
    find: 'return [...(this.#blocked.get(user) ?? [])].sort()',
    replace: 'return [...(this.#blocked.get(user) ?? [])].sort().reverse()',
  },
  'BLOCK-1 client': {
    file: 'packages/core/src/client/client.ts',
    find: '    this.users.wentLive(taken)\n',
    replace: '    void taken\n',
  },
  'BLOCK-2': { file: MESSAGE, find: '  blocks.checkChannel(place, account.id)\n', replace: '' },
  'BLOCK-2 open': {
    file: 'packages/server/src/channels/memberships.ts',
    find: '    if (more.length === 0) blocks.checkUser(other, who.id)\n',
    replace: '    void blocks\n',
  },
  'BLOCK-2 edit': { file: MESSAGE, find: '  blocks.checkChannel(channel, account.id)\n', replace: '' },
  'BLOCK-2 typing': {
    file: 'packages/server/src/handlers/typing.ts',
    find: "blocks.checkChannel(channels.allowed(data.channel, account, 'send'), account.id)",
    replace: "void [blocks, channels.allowed(data.channel, account, 'send')]",
  },
  'BLOCK-2 groups': { file: BLOCKS, find: 'if (isPair) for (const user', replace: 'for (const user' },
  'BLOCK-2 says': {
    file: BLOCKS,
    find: "'messages to this user are not taken'",
    replace: "'this user has blocked you'",
  },
  'BLOCK-3': { file: MESSAGE, find: ' && !blocks.has(user, author),', replace: ' && !blocks.has(author, user),' },
}
