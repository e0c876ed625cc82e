import { CaseSkip, checkEqual, checkThat } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { begin, codeOf, getFile, png, send, UPLOADS, upload } from '../upload.ts'

const TEXT = Buffer.from('conformance: a text of some bytes')
const PICTURE = png(900, 300)

/** A file of the first user's that a message has. */
async function attached(context: ServerContext, peer: Peer, bytes = TEXT, name = 'conformance'): Promise<string> {
  const id = await upload(context, context.account(), bytes, { name })
  const data = { channel: context.text.id, clientId: context.unique(), text: '', attachments: [id] }
  await peer.ask('message.send', data)
  return id
}

/** Uploaded files: who may read them, messages that have them, avatars. */
export const fileCases: readonly ServerCase[] = [
  serverCase(
    'FILE-1.read',
    'whoever may read the message may have its files, whole and in part',
    UPLOADS,
    async (context) => {
      const id = await attached(context, await context.signIn(1))
      const other = context.account(2)
      const whole = await getFile(context, other, id)
      checkEqual([whole.status, whole.body.toString()], [200, TEXT.toString()], 'the file')
      const part = await getFile(context, other, id, { Range: 'bytes=0-10' })
      checkEqual([part.status, part.body.toString()], [206, 'conformance'], 'a range')
      const known = await getFile(context, other, id, { 'If-None-Match': whole.headers.etag ?? 'none' })
      checkEqual(known.status, 304, 'the status where it is known')
      checkEqual((await context.get(`/files/${id}`)).status, 401, 'the status for a stranger')
    },
  ),
  serverCase('FILE-1.paths', 'a path that is none leads nowhere', UPLOADS, async (context) => {
    for (const path of ['..%2f..%2fetc%2fpasswd', '%2e%2e%2fx', 'x%00', 'x%5c..', 'conformance-no-file']) {
      checkEqual((await getFile(context, context.account(), path)).status, 404, `the status of /files/${path}`)
    }
  }),
  serverCase(
    'FILE-2.attachment',
    'what could run in a page is an attachment, whatever a link says',
    UPLOADS,
    async (context) => {
      const peer = await context.signIn(1)
      for (const text of ['<!doctype html><script>alert(1)</script>', '<svg xmlns="http://www.w3.org/2000/svg"/>']) {
        const file = await attached(context, peer, Buffer.from(text), 'a "name".png')
        const { path } = await peer.ask('file.link', { file, disposition: 'inline' })
        const { headers } = await context.get(path)
        const disposition = headers['content-disposition'] ?? 'nothing'
        checkThat(disposition.startsWith('attachment;'), 'Content-Disposition: attachment', disposition)
        checkThat(disposition.includes("UTF-8''a%20%22name%22.png"), 'the name by RFC 8187', disposition)
        checkEqual(headers['x-content-type-options'], 'nosniff', 'X-Content-Type-Options')
        const policy = String(headers['content-security-policy'])
        checkThat(/default-src 'none'/.test(policy) && /sandbox/.test(policy), 'a policy that lets nothing run', policy)
      }
    },
  ),
  serverCase('FILE-3.link', 'a link is for one file', UPLOADS, async (context) => {
    const peer = await context.signIn(1)
    const [one, two] = [await attached(context, peer), await attached(context, peer)]
    const { path } = await peer.ask('file.link', { file: one, disposition: 'attachment' })
    checkEqual((await context.get(path)).body.toString(), TEXT.toString(), 'the file')
    checkEqual((await context.get(path.replace(one, two))).status, 404, 'the status of another file by that link')
    await peer.refused('file.link', { file: one, disposition: 'inline', thumbnail: true }, 'not_found')
  }),
  serverCase(
    'ATTACH-1.send',
    'a message has its files from its first moment, and no other gets them',
    UPLOADS,
    async (context) => {
      const [peer, other] = [await context.signIn(1), await context.signIn(2)]
      const channel = context.text.id
      await other.ask('channel.join', { channel })
      const ids = [await upload(context, context.account(), TEXT), await upload(context, context.account(), TEXT)]
      const data = { channel, clientId: context.unique(), text: '', attachments: ids }
      const { message } = await peer.ask('message.send', data)
      checkEqual(
        message.attachments?.map(({ id }) => id),
        ids,
        'the files of the message',
      )
      const heard = await other.event('message.created', (event) => event.message.seq === message.seq)
      checkEqual(heard.message.attachments, message.attachments, 'the files that others hear of')
      const again = { ...data, clientId: context.unique(), attachments: [ids[0] ?? ''] }
      await peer.refused('message.send', again, 'not_found', 'with a file that a message has')
      await peer.refused('message.send', { ...again, attachments: [] }, 'bad_request', 'with neither text nor files')
      const free = await upload(context, context.account(), TEXT)
      await other.refused('message.send', { ...again, attachments: [free] }, 'not_found', 'with somebody else’s file')
      const eleven = Array.from({ length: 11 }, (_, at) => `f${at}`)
      await peer.refused('message.send', { ...again, attachments: eleven }, 'bad_request', 'with 11 files')
    },
  ),
  serverCase('ATTACH-2.deleted', 'a deleted message takes its files with it', UPLOADS, async (context) => {
    if (!context.target.capabilities.has('edits')) throw new CaseSkip('needs the capability edits')
    const peer = await context.signIn(1)
    const file = await upload(context, context.account(), TEXT)
    const data = { channel: context.text.id, clientId: context.unique(), text: 'conformance', attachments: [file] }
    const { message } = await peer.ask('message.send', data)
    const place = { channel: message.channel, seq: message.seq }
    const edited = await peer.ask('message.edit', { ...place, text: 'conformance, edited' })
    checkEqual(edited.message.attachments, message.attachments, 'the files of an edited message')
    const deleted = await peer.ask('message.delete', place)
    checkEqual(deleted.message.attachments, undefined, 'the files of a tombstone')
    checkEqual((await getFile(context, context.account(), file)).status, 404, 'the status of its file')
  }),
  serverCase('ATTACH-3.picture', 'a picture has its size and a thumbnail', UPLOADS, async (context) => {
    const peer = await context.signIn(1)
    const id = await upload(context, context.account(), PICTURE)
    const { file } = await peer.ask('file.get', { file: id })
    if (file.thumbnail === undefined) throw new CaseSkip('this server makes no thumbnails')
    checkEqual([file.type, file.width, file.height], ['image/png', 900, 300], 'the picture')
    const small = await getFile(context, context.account(), `${id}/thumbnail`)
    checkEqual([small.status, small.headers['content-type']], [200, 'image/webp'], 'the thumbnail')
    const bomb = png(2, 2, { width: 50_000, height: 50_000 })
    const begun = await begin(context, context.account(), { size: bomb.length })
    const answer = await send(context, context.account(), { id: begun, bytes: bomb })
    checkEqual([answer.status, codeOf(answer)], [413, 'too_large'], 'the answer to too many pixels')
  }),
  serverCase('AVATAR-1.square', 'an avatar is made anew, as a small square', UPLOADS, async (context) => {
    const peer = await context.signIn(1)
    const id = await upload(context, context.account(), PICTURE, { purpose: 'avatar' })
    const { file } = await peer.ask('file.get', { file: id })
    checkEqual([file.type, file.width, file.height], ['image/webp', 300, 300], 'the avatar')
    const begun = await begin(context, context.account(), { size: TEXT.length, purpose: 'avatar' })
    const answer = await send(context, context.account(), { id: begun, bytes: TEXT })
    checkEqual([answer.status, codeOf(answer)], [415, 'unsupported_type'], 'the answer to what is no picture')
  }),
  serverCase(
    'AVATAR-2.told',
    'everybody learns of an avatar and may see it, until it is another',
    UPLOADS,
    async (context) => {
      const { peer, account } = await context.newcomer()
      const other = await context.signIn(2)
      const avatar = await upload(context, account, PICTURE, { purpose: 'avatar' })
      checkEqual((await getFile(context, context.account(2), avatar)).status, 404, 'the status before')
      const { user } = await peer.ask('user.update', { avatar })
      checkEqual(user.avatar, avatar, 'the avatar')
      const told = await other.event('user.changed', ({ user: { id } }) => id === account.id)
      checkEqual(told.user, user, 'the user as others hear of them')
      checkEqual((await getFile(context, context.account(2), avatar)).status, 200, 'the status then')
      const none = await peer.ask('user.update', { avatar: null })
      checkEqual(none.user.avatar, undefined, 'the avatar afterwards')
      checkEqual((await getFile(context, context.account(2), avatar)).status, 404, 'the status afterwards')
      await other.refused('user.update', { avatar }, 'not_found', 'with somebody else’s upload')
    },
  ),
]
