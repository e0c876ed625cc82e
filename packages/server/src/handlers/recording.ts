import { recordingPath } from '../http/recordings.ts'
import type { Caller, Handler } from './handler.ts'
import { requires } from './requires.ts'

export const start: Handler<'recording.start', Caller> = async ({ title }, caller, services) => {
  requires(caller, 'record', services)
  const { id, name } = caller.identity.account
  const attached = { publisher: caller.voice, outgoing: caller.outgoing }
  return { recording: await services.recordings.start({ id, name }, title, attached) }
}

export const stop: Handler<'recording.stop', Caller> = async (data, caller, { recordings }) => ({
  recording: await recordings.stop(caller.identity.account.id, data.recording),
})

export const list: Handler<'recording.list', Caller> = async (_data, caller, { recordings }) => ({
  recordings: [...(await recordings.list(caller.identity.account.id))],
})

export const link: Handler<'recording.link', Caller> = async (data, caller, { links, recordings }) => {
  const user = caller.identity.account.id
  const { id } = await recordings.get(user, data.recording)
  return links.sign({ path: recordingPath(id), user, disposition: data.disposition })
}
