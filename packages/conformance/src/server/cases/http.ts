import { ERROR_CODES } from '@arclight/core'
import { RATES } from '@arclight/core/protocol'
import { checkEqual, checkThat } from '../../check.ts'
import type { HttpAnswer } from '../http.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { sharedRecording } from '../shared-recording.ts'

const NEEDS = { needs: ['recording'] } as const
/** So many that a busy machine, too, asks faster than the rate. */
const AT_ONCE = 100
const NOBODY = 'conformance-no-recording'
const BAD_TITLES: Readonly<Record<string, unknown>> = {
  'no character': '',
  '201 characters': 'x'.repeat(201),
  'U+0000': 'a\u0000b',
  'an unpaired surrogate': 'a\ud83d',
  'a number': 5,
}

/** RFC 8187: what stands for a byte that is not a plain letter, digit or one of a few marks. */
function extendedValue(name: string): string {
  return encodeURIComponent(name).replace(/['()*!]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}

function checkError({ status, body, headers }: HttpAnswer, expected: { status: number; code: string }): void {
  checkEqual(status, expected.status, 'the status')
  let parsed: { error?: { code?: string; message?: string } } = {}
  try {
    parsed = JSON.parse(body.toString())
  } catch {
    checkThat(false, 'an error as JSON', body.toString().slice(0, 100))
  }
  checkEqual(parsed.error?.code, expected.code, 'the code')
  checkThat(ERROR_CODES.includes(parsed.error?.code as never), 'a code of the protocol', parsed)
  checkThat(typeof parsed.error?.message === 'string', 'a message', parsed)
  checkEqual(headers['set-cookie'], undefined, 'Set-Cookie')
}

/** Routes over HTTP. */
export const httpCases: readonly ServerCase[] = [
  serverCase('HTTP-1.health', 'GET /healthz and GET /readyz answer 200 without authentication', async (context) => {
    for (const path of ['/healthz', '/readyz'])
      checkEqual((await context.get(path)).status, 200, `the status of ${path}`)
  }),
  serverCase(
    'HTTP-2.not-signed-in',
    'without a token a route is 401 with WWW-Authenticate: Bearer',
    NEEDS,
    async (context) => {
      const { stopped } = await sharedRecording(context)
      for (const path of ['/recordings', `/recordings/${stopped.id}`, `/recordings/${NOBODY}`]) {
        for (const headers of [
          {},
          { Authorization: `Bearer ${'x'.repeat(43)}` },
          { Authorization: 'Basic a2l0OmtpdA==' },
        ]) {
          const answer = await context.get(path, headers)
          checkError(answer, { status: 401, code: 'unauthenticated' })
          checkEqual(answer.headers['www-authenticate'], 'Bearer', 'WWW-Authenticate')
        }
      }
    },
  ),
  serverCase(
    'HTTP-2.not-allowed',
    'what the user may not have is 404, like what is not there',
    NEEDS,
    async (context) => {
      const { stopped } = await sharedRecording(context)
      const other = { Authorization: `Bearer ${context.account(2).token}` }
      for (const id of [stopped.id, NOBODY]) {
        checkError(await context.get(`/recordings/${id}`, other), { status: 404, code: 'not_found' })
      }
    },
  ),
  serverCase('HTTP-2.list', 'GET /recordings is the caller’s list', NEEDS, async (context) => {
    const { stopped } = await sharedRecording(context)
    const list = async (number: 1 | 2): Promise<string[]> => {
      const { token } = context.account(number)
      const { status, body } = await context.get('/recordings', { Authorization: `Bearer ${token}` })
      checkEqual(status, 200, 'the status')
      return (JSON.parse(body.toString()) as { recordings: { id: string }[] }).recordings.map(({ id }) => id)
    }
    checkThat((await list(1)).includes(stopped.id), 'the recording in its owner’s list', stopped.id)
    checkThat(!(await list(2)).includes(stopped.id), 'the recording in nobody else’s list', stopped.id)
  }),
  serverCase('HTTP-3.no-token-in-address', 'a token in an address or a cookie is none', NEEDS, async (context) => {
    const { stopped, token } = await sharedRecording(context)
    for (const name of ['token', 'access_token', 'authorization']) {
      const { status } = await context.get(`/recordings/${stopped.id}?${name}=${token}`)
      checkEqual(status, 401, `the status with ?${name}=`)
      const cookie = await context.get(`/recordings/${stopped.id}`, { Cookie: `${name}=${token}` })
      checkEqual(cookie.status, 401, `the status with a cookie ${name}`)
    }
  }),
  serverCase('HTTP-3.no-cookie', 'no cookie is set, by the upgrade neither', async (context) => {
    for (const answer of [await context.get('/healthz'), await context.get('/readyz'), await context.upgrade()]) {
      checkEqual(answer.headers['set-cookie'], undefined, 'Set-Cookie')
    }
  }),
  serverCase('HTTP-5.title', 'a title is sent as a name by RFC 8187', NEEDS, async (context) => {
    const { stopped, token, title } = await sharedRecording(context)
    const { headers } = await context.get(`/recordings/${stopped.id}`, { Authorization: `Bearer ${token}` })
    const said = headers['content-disposition'] ?? 'nothing'
    const expected = `filename*=UTF-8''${extendedValue(title).slice(0, 40)}`
    checkThat(said.includes(expected), `Content-Disposition with ${expected}…`, said)
  }),
  serverCase('HTTP-5.bad-title', 'a title that is none gets bad_request', NEEDS, async (context) => {
    const { peer } = await context.newcomer()
    for (const [what, title] of Object.entries(BAD_TITLES).slice(0, RATES['recording.start'].burst)) {
      await peer.refused('recording.start', { title }, 'bad_request', `with a title of ${what}`)
    }
  }),
  serverCase(
    'HTTP-6.download',
    'a download cannot run, cannot be taken for something else, and is an attachment',
    NEEDS,
    async (context) => {
      const { stopped, token } = await sharedRecording(context)
      const { headers } = await context.get(`/recordings/${stopped.id}`, { Authorization: `Bearer ${token}` })
      checkEqual(headers['x-content-type-options'], 'nosniff', 'X-Content-Type-Options')
      checkEqual(headers['content-type'], 'video/mp4', 'Content-Type')
      const policy = String(headers['content-security-policy'])
      checkThat(/default-src 'none'/.test(policy) && /sandbox/.test(policy), 'a policy that lets nothing run', policy)
      const disposition = headers['content-disposition'] ?? 'nothing'
      checkThat(disposition.startsWith('attachment'), 'Content-Disposition: attachment', disposition)
    },
  ),
  serverCase('HTTP-6.disposition', 'a link says inline or attachment and nothing else', NEEDS, async (context) => {
    const { stopped } = await sharedRecording(context)
    const peer = await context.signIn()
    for (const disposition of ['', 'download', 'inline; filename=x.html', 5]) {
      const data = { recording: stopped.id, disposition }
      await peer.refused('recording.link', data, 'bad_request', `with disposition ${JSON.stringify(disposition)}`)
    }
  }),
  serverCase('HTTP-7.error', 'an error is JSON with a code of the protocol', NEEDS, async (context) => {
    checkError(await context.get('/recordings'), { status: 401, code: 'unauthenticated' })
    const { token } = context.account()
    const bearer = { Authorization: `Bearer ${token}` }
    checkError(await context.get(`/recordings/${NOBODY}`, bearer), { status: 404, code: 'not_found' })
  }),
  serverCase(
    'HTTP-8.rate',
    'an address’s requests keep to a rate; one more is 429 with Retry-After',
    { ...NEEDS, pace: 'alone' },
    async (context) => {
      const { burst } = RATES.http
      for (let count = 0; count < 2 * burst; count += AT_ONCE) {
        const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => context.get('/recordings')))
        const refused = answers.find(({ status }) => status === 429)
        if (!refused) continue
        checkError(refused, { status: 429, code: 'rate_limited' })
        checkThat(Number(refused.headers['retry-after']) > 0, 'Retry-After, in seconds', refused.headers['retry-after'])
        checkEqual((await context.get('/healthz')).status, 200, 'the status of /healthz meanwhile')
        return
      }
      context.limitDidNotShow(`one of ${2 * burst} requests of one address to be refused`)
    },
  ),
]
