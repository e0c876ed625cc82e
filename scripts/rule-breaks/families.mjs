const FAMILIES = 'packages/server/src/families/families.ts'
const CLIENT = 'packages/core/src/client/families.ts'

export default {
  'FAM-1': {
    file: 'packages/core/src/protocol/family.ts',
    find: 'if (isTaken(name)) throw',
    replace: 'if (false) throw',
  },
  'FAM-1 reply': { file: CLIENT, find: 'return schema ? checked(', replace: 'return false ? checked(' },
  'FAM-1 event': {
    file: CLIENT,
    find: 'result instanceof Promise ? await result : result',
    replace: '{ value: data }',
  },
  'FAM-2': { file: FAMILIES, find: 'if (parsed.issues) throw', replace: 'if (false) throw' },
  'FAM-2 stranger': {
    file: 'packages/server/src/dispatch.ts',
    find: 'services.families.work(type, userOf(who))',
    replace: "services.families.work(type, { id: '', name: '', role: 'member' })",
  },
  // What a family does not have is taken for its own, and fails.
  'FAM-2 unknown': {
    file: FAMILIES,
    find: 'return this.#served.has(type)',
    replace: "return [...this.#served.keys()].some((one) => one.split('.')[0] === type.split('.')[0])",
  },
  'FAM-3': { file: FAMILIES, find: 'if (family.permit && !(', replace: 'if (false && !(' },
  // The handler runs, and then it is asked whether it may.
  'FAM-3 before': [
    {
      file: FAMILIES,
      find: 'if (family.permit && !(',
      replace: 'const early = await handler({ data, user, emit: () => {} })\nif (family.permit && !(',
    },
    { file: FAMILIES, find: 'const reply = await handler({ data, user, emit })', replace: 'const reply = early' },
  ],
  'FAM-4': { file: FAMILIES, find: 'request.rate ?? byDefault', replace: 'byDefault' },
  // Those without a rate share one with what is unknown.
  'FAM-4 default': {
    file: FAMILIES,
    find: 'request.rate ?? byDefault',
    replace: 'request.rate',
  },
  'FAM-5': {
    file: 'packages/server/src/live-sessions.ts',
    find: 'if (connection.identity.account.id === user) yield',
    replace: 'yield',
  },
  'FAM-5 everyone': {
    file: FAMILIES,
    find: "if (to === 'everyone') for (const { outgoing } of live.all())",
    replace: "if (to === 'everyone') for (const outgoing of channels.listeners('general'))",
  },
  'FAM-5 channel': {
    file: FAMILIES,
    find: 'else for (const outgoing of channels.listeners(to.channel))',
    replace: 'else for (const { outgoing } of live.all())',
  },
  // Of several in one turn the last replaces the others.
  'FAM-5 order': {
    file: FAMILIES,
    find: 'of live.all()) outgoing.controlFrame(frame)',
    replace: 'of live.all()) outgoing.state(type, () => ({ type, data }))',
  },
  'FAM-5 unfit': {
    file: FAMILIES,
    find: 'if (checked.issues) throw new TypeError(`the data of',
    replace: 'if (false) throw new TypeError(`the data of',
  },
}
