const USER = 'packages/core/src/protocol/user.ts'
const PROFILES = 'packages/server/src/accounts/profiles.ts'

export default {
  'NAME-1': { file: USER, find: 'z.maxLength(64)', replace: 'z.maxLength(65)' },
  'NAME-1 seen': { file: USER, find: '(?:[^\\p{C}]|[\\u200C\\u200D])+', replace: '[^\\n\\0]+' },
  'NAME-1 form': { file: PROFILES, find: "displayName?.normalize('NFC')", replace: 'displayName ?? undefined' },
  'NAME-1 none': { file: PROFILES, find: 'displayName?.normalize', replace: "(displayName ?? 'nobody').normalize" },
  'NAME-2': {
    file: PROFILES,
    find: '    for (const { outgoing } of live.all()) {\n',
    replace: '    for (const { outgoing } of user.displayName ? [] : live.all()) {\n',
  },
  'NAME-2 messages': {
    file: 'packages/server/src/adapters/storage/sql/messages.ts',
    find: 'return { id, name, bot, avatar, display_name }',
    replace: 'return { id, name, bot, avatar, display_name: bot ? display_name : null }',
  },
}
