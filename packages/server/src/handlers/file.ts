import { filePath } from '../http/files.ts'
import { Refusal } from '../refusal.ts'
import type { Caller, Handler } from './handler.ts'

export const get: Handler<'file.get', Caller> = async (data, { identity }, { uploads }) => ({
  file: await uploads.file(data.file, identity.account.id),
})

export const link: Handler<'file.link', Caller> = async (data, { identity }, { links, uploads }) => {
  const { account } = identity
  const { file, disposition, thumbnail = false } = data
  const found = await uploads.file(file, account.id)
  if (thumbnail && !found.thumbnail) throw Refusal.notFound('thumbnail')
  const path = filePath(found.id, thumbnail ? 'thumbnail' : 'file')
  return links.sign({ path, user: account.id, disposition })
}
