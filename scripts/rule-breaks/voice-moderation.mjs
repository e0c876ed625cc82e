const ROOMS = 'packages/server/src/voice/rooms.ts'
const PLACE = 'packages/server/src/voice/voice-place.ts'
const SILENCES = 'packages/server/src/voice/silences.ts'
const MODERATION = 'packages/server/src/moderation/voice-moderation.ts'
const CALL = 'packages/core/src/client/voice/call.ts'

export default {
  'VOICE-8': {
    file: PLACE,
    find: 'if (!this.silence.muted) this.room.take(track, frame)',
    replace: 'if (!this.silence.muted || !this.muted) this.room.take(track, frame)',
  },
  'VOICE-8 deaf': {
    file: PLACE,
    find: 'return this.deafened || this.silence.deafened',
    replace: 'return this.deafened',
  },
  'VOICE-8 told': {
    file: ROOMS,
    find: "      place.silence = silence\n      this.#tellChanged(place, 'all')\n",
    replace: "      place.silence = silence\n      this.#tellChanged(place, 'others')\n",
  },
  'VOICE-8 kept': {
    file: ROOMS,
    find: 'const silence = this.#silences.of(room.channel, connection.user.id)',
    replace: "const silence = this.#silences.of(room.channel, '')",
  },
  'VOICE-8 stored': {
    file: SILENCES,
    find: '    await this.#storage.moderation.silence(silence)\n',
    replace: '',
  },
  'VOICE-8 back': {
    file: MODERATION,
    find: 'muted: muted ?? before.muted',
    replace: 'muted: muted ?? false',
  },
  'VOICE-8 neither': {
    file: MODERATION,
    find: '      if (muted === undefined && deafened === undefined) throw nothingGiven()\n',
    replace: '      void nothingGiven\n',
  },
  'VOICE-8 client': { file: CALL, find: 'isMuted: (key) => this.#serverMuted || (', replace: 'isMuted: (key) => (' },
  'VOICE-9': {
    file: ROOMS,
    find: "    connection?.outgoing.control({ type: 'voice.sent', data })\n",
    replace: '    void [connection, data]\n',
  },
  'VOICE-9 before': {
    file: ROOMS,
    find: 'room.tellBeforeMedia(came, place)',
    replace: 'room.tellAfterMedia(came, place)',
  },
  'VOICE-9 left': {
    file: ROOMS,
    find: '    from.end(place.tracks.values())\n    this.#unseat(place)\n',
    replace: '    from.end(place.tracks.values())\n    from.members.delete(place.id)\n',
  },
  'VOICE-9 talk': {
    file: MODERATION,
    find: "if (!channels.allows(to, user, 'talk')) throw",
    replace: "if (!channels.allows(to, user, 'read')) throw",
  },
  'VOICE-9 sees': {
    file: MODERATION,
    find: 'for (const one of [channel, to]) this.#checkVoice(one, by)',
    replace: 'for (const one of [channel]) this.#checkVoice(one, by)',
  },
  'VOICE-9 silence': {
    file: ROOMS,
    find: '    place.silence = this.#silences.of(channel, place.user.id)\n',
    replace: '',
  },
  'VOICE-9 resume': {
    file: 'packages/server/src/handlers/session.ts',
    find: 'rooms.whereabouts(identity.account.id, device, declared.channel)',
    replace: '(device, declared.channel)',
  },
  'VOICE-9 client': { file: CALL, find: '    this.#channel = to\n', replace: '    void to\n' },
  'MOD-3': { file: MODERATION, find: '      checkRules(who, standings.who(user))\n', replace: '      void who\n' },
  'MOD-3 move': {
    file: MODERATION,
    find: '      checkRules(who, standings.who(user.id))\n',
    replace: '      void who\n',
  },
  'MOD-3 permission': {
    file: MODERATION,
    find: '    if (!may(who, { to })) throw',
    replace: '    if (!may || !to) throw',
  },
  'AUDIT-1 silence': {
    file: MODERATION,
    find: "      await audit.record(by, 'voice.moderate', user, { channel, muted, deafened })\n",
    replace: '      void audit\n',
  },
}
