import { checkEqual, checkThat } from '../../check.ts'
import type { HttpAnswer } from '../http.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { askUploads, begin, codeOf, getFile, metadata, send, UPLOADS, upload } from '../upload.ts'

const TEXT = Buffer.from('conformance: a text of some bytes')
const BAD_HEADERS: Readonly<Record<string, Record<string, string>>> = {
  'no length': {},
  'a deferred length': { 'Upload-Defer-Length': '1' },
  'an empty file': { 'Upload-Length': '0' },
  'half a byte': { 'Upload-Length': '1.5' },
  parts: { 'Upload-Length': '5', 'Upload-Concat': 'partial' },
  'a name with U+0000': { 'Upload-Length': '5', ...metadata({ filename: 'a\0b' }) },
  'a name of 256 characters': { 'Upload-Length': '5', ...metadata({ filename: 'x'.repeat(256) }) },
  'an unknown purpose': { 'Upload-Length': '5', ...metadata({ purpose: 'emoji' }) },
}
/** More than a server keeps unfinished for one user, or more bytes than it lets them have. */
const TOO_MANY = 40

function check(answer: HttpAnswer, status: number, code: string, what: string): void {
  checkEqual(answer.status, status, `the status of ${what}`)
  checkEqual(codeOf(answer), code, `the code of ${what}`)
}

/** Uploads, by the tus protocol. */
export const uploadCases: readonly ServerCase[] = [
  serverCase(
    'UPLOAD-1.make',
    'an upload has a length and a random id, and is a file when it is whole',
    UPLOADS,
    async (context) => {
      const who = context.account()
      const ids = [await upload(context, who, TEXT), await upload(context, who, TEXT)]
      checkThat(ids[0] !== ids[1] && ids.every((id) => /^[\w-]{10,64}$/.test(id)), 'ids that nobody guesses', ids)
      const peer = await context.signIn()
      const { file } = await peer.ask('file.get', { file: ids[0] ?? '' })
      checkEqual([file.name, file.size], ['conformance', TEXT.length], 'the file')
    },
  ),
  serverCase('UPLOAD-1.bad', 'what makes no upload is 400, another version of tus 412', UPLOADS, async (context) => {
    for (const [what, headers] of Object.entries(BAD_HEADERS)) {
      check(await askUploads(context, context.account(), { method: 'POST', headers }), 400, 'bad_request', what)
    }
    const headers = { 'Tus-Resumable': '0.2.2', 'Upload-Length': '5' }
    checkEqual((await askUploads(context, context.account(), { method: 'POST', headers })).status, 412, 'the status')
  }),
  serverCase('UPLOAD-2.owner', 'an upload is its owner’s alone, and is not read there', UPLOADS, async (context) => {
    const [own, other] = [context.account(1), context.account(2)]
    const id = await begin(context, own, { size: TEXT.length })
    for (const method of ['HEAD', 'PATCH', 'DELETE']) {
      const headers = { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0' }
      checkEqual((await askUploads(context, other, { method, id, headers })).status, 404, `another user’s ${method}`)
      checkEqual(
        (await askUploads(context, { token: 'x' }, { method, id, headers })).status,
        401,
        `a stranger’s ${method}`,
      )
    }
    checkEqual((await askUploads(context, own, { method: 'GET', id })).status, 405, 'the status of GET')
    checkEqual((await askUploads(context, own, { method: 'DELETE', id })).status, 204, 'the status of DELETE')
    checkEqual((await askUploads(context, own, { method: 'HEAD', id })).status, 404, 'the status of HEAD then')
  }),
  serverCase(
    'UPLOAD-3.resume',
    'an upload goes on from its offset, and from nowhere else',
    UPLOADS,
    async (context) => {
      const who = context.account()
      const id = await begin(context, who, { size: TEXT.length })
      checkEqual((await send(context, who, { id, bytes: TEXT.subarray(0, 7) })).status, 204, 'the status')
      const { headers } = await askUploads(context, who, { method: 'HEAD', id })
      checkEqual([headers['upload-offset'], headers['upload-length']], ['7', String(TEXT.length)], 'offset and length')
      const rest = { id, bytes: TEXT.subarray(7) }
      check(await send(context, who, { ...rest, offset: 6 }), 409, 'conflict', 'another offset')
      const long = Buffer.concat([rest.bytes, TEXT])
      check(await send(context, who, { id, bytes: long, offset: 7 }), 413, 'too_large', 'too many bytes')
      checkEqual((await send(context, who, { ...rest, offset: 7 })).status, 204, 'the status of the rest')
      checkEqual((await getFile(context, who, id)).body.toString(), TEXT.toString(), 'the file')
    },
  ),
  serverCase('UPLOAD-4.size', 'a file larger than the server takes is 413', UPLOADS, async (context) => {
    const { hello } = await context.greeted()
    const most = hello.limits['uploadBytes'] ?? 0
    checkThat(most > 0, 'uploadBytes in session.hello', hello.limits)
    const headers = { 'Upload-Length': String(most + 1) }
    check(
      await askUploads(context, context.account(), { method: 'POST', headers }),
      413,
      'too_large',
      'one byte too many',
    )
  }),
  serverCase(
    'UPLOAD-4.quota',
    'a user’s unfinished uploads are bounded, in bytes or in number',
    UPLOADS,
    async (context) => {
      const { hello } = await context.greeted()
      const { account } = await context.newcomer()
      const headers = { 'Upload-Length': String(hello.limits['uploadBytes']) }
      const made: string[] = []
      let refused: HttpAnswer | undefined
      while (!refused && made.length < TOO_MANY) {
        const answer = await askUploads(context, account, { method: 'POST', headers })
        if (answer.status === 201) made.push(answer.headers.location?.split('/').at(-1) ?? '')
        else refused = answer
      }
      for (const id of made) await askUploads(context, account, { method: 'DELETE', id })
      if (!refused) return context.limitDidNotShow(`one of ${TOO_MANY} large uploads to be refused`)
      const outcome = [refused.status, codeOf(refused)].join(' ')
      checkThat(['413 quota_reached', '429 rate_limited'].includes(outcome), 'a refusal', outcome)
    },
  ),
  serverCase(
    'UPLOAD-5.unfinished',
    'what is not whole is read by nobody, what nothing has by its owner',
    UPLOADS,
    async (context) => {
      const [own, other] = [context.account(1), context.account(2)]
      const id = await begin(context, own, { size: TEXT.length })
      await send(context, own, { id, bytes: TEXT.subarray(1) })
      const peer = await context.signIn(1)
      await peer.refused('file.get', { file: id }, 'not_found', 'of an upload that is not whole')
      checkEqual((await getFile(context, own, id)).status, 404, 'the status of a file that is not whole')
      await send(context, own, { id, bytes: TEXT.subarray(-1), offset: TEXT.length - 1 })
      checkEqual((await getFile(context, own, id)).status, 200, 'the status for its owner')
      checkEqual((await getFile(context, other, id)).status, 404, 'the status for anybody else')
    },
  ),
  serverCase('UPLOAD-6.type', 'the type is what the bytes say', UPLOADS, async (context) => {
    const peer = await context.signIn()
    for (const [text, type] of [
      ['<!doctype html><p>hello', 'text/html'],
      ['%PDF-1.7 hello', 'application/pdf'],
      ['hello', 'text/plain'],
    ] as const) {
      const id = await upload(context, context.account(), Buffer.from(text), { name: 'holiday.png' })
      checkEqual((await peer.ask('file.get', { file: id })).file.type, type, 'the type')
    }
  }),
  serverCase(
    'UPLOAD-8.origins',
    'a page of the server’s own origin is let in, one of another is not',
    UPLOADS,
    async (context) => {
      const own = new URL(context.target.httpUrl).origin
      const ask = (Origin: string) =>
        context.http('/uploads', { method: 'OPTIONS', headers: { Origin, 'Access-Control-Request-Method': 'POST' } })
      const answer = await ask(own)
      checkEqual(
        [answer.status, answer.headers['access-control-allow-origin']],
        [204, own],
        'the answer to its own page',
      )
      const foreign = await ask('https://conformance.invalid')
      checkEqual([foreign.status, foreign.headers['access-control-allow-origin']], [403, undefined], 'the other answer')
    },
  ),
]
