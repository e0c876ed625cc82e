import { checkEqual, checkThat } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const ACCOUNTS = { needs: ['accounts'] } as const
const PATH = '/account/export'

/** The lines of an export of whoever has the token. */
async function linesOf(context: ServerContext, token: string): Promise<{ type: string; data: unknown }[]> {
  const { status, headers, body } = await context.get(PATH, { Authorization: `Bearer ${token}` })
  checkEqual(status, 200, 'the status of an export')
  checkThat(/^application\/x-ndjson/.test(headers['content-type'] ?? ''), 'application/x-ndjson', headers)
  checkThat(/^attachment;/.test(headers['content-disposition'] ?? ''), 'an attachment', headers)
  const lines = body.toString().split('\n')
  checkEqual(lines.pop(), '', 'what stands behind the last line')
  return lines.map((line) => JSON.parse(line) as { type: string; data: unknown })
}

/** What a server gives its users of themselves. */
export const exportCases: readonly ServerCase[] = [
  serverCase('EXPORT-1.lines', 'an export has the caller’s messages, and of nobody else', ACCOUNTS, async (context) => {
    const { peer, account, granted } = await context.newcomer()
    const said = await context.say(peer, 3)
    await context.say(await context.signIn(2), 1)
    const lines = await linesOf(context, account.token)
    const of = (type: string) => lines.filter((line) => line.type === type).map(({ data }) => data as { id?: string })
    checkEqual(of('account')[0]?.id, account.id, 'whose account it is')
    checkThat(
      of('session').some(({ id }) => id === granted.session),
      'the session among the sessions',
      of('session'),
    )
    const messages = of('message') as { clientId?: string; author?: { id: string } }[]
    const ids = new Set(messages.map(({ clientId }) => clientId))
    checkThat(
      said.every(({ clientId }) => ids.has(clientId)),
      'all messages of the caller',
      [...ids],
    )
    checkEqual(messages.filter(({ author }) => author?.id !== account.id).length, 0, 'messages of others')
    checkEqual(lines.at(-1), { type: 'end', data: { messages: messages.length } }, 'the last line')
    checkThat(!JSON.stringify(lines).includes(account.token), 'an export without the token', 'the token')
    checkEqual((await context.get(PATH)).status, 401, 'the status without a token')
  }),
  serverCase('EXPORT-2.rate', 'exports keep to a rate', ACCOUNTS, async (context) => {
    const { account } = await context.newcomer()
    for (let at = 0; at < 10; at++) {
      const { status, headers } = await context.get(PATH, { Authorization: `Bearer ${account.token}` })
      if (status !== 429) continue
      checkThat(Number(headers['retry-after']) > 0, 'Retry-After', headers)
      return
    }
    context.limitDidNotShow('an export past the rate to be 429')
  }),
]
