import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { ReplyData } from '@arclight/core/protocol'
import { Webhook } from 'standardwebhooks'
import { CaseFailure, checkThat } from '../check.ts'
import type { ServerContext } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { Inbox } from './inbox.ts'
import type { Peer } from './peer.ts'

/** A webhook with its secret. */
export type MadeWebhook = ReplyData<'webhook.create'>

/** Runs `use` with a webhook of the case's own, which ends with it. */
export async function withWebhook(
  context: ServerContext,
  wanted: { readonly url?: string; readonly channel?: string },
  use: (made: MadeWebhook, owner: Peer) => Promise<void>,
): Promise<void> {
  const owner = await context.signInOwner()
  const channel = wanted.channel ?? context.text.id
  const made =
    wanted.url === undefined
      ? await owner.ask('webhook.create', { channel, direction: 'in', name: context.unique('hook') })
      : await owner.ask('webhook.create', { channel, direction: 'out', url: wanted.url })
  try {
    await use(made, owner)
  } finally {
    await owner.request('webhook.delete', { webhook: made.webhook.id })
  }
}

/** What of a post is other than it should be. */
export interface PostChanges {
  readonly id?: string
  readonly path?: string
  readonly secret?: string
  /** Milliseconds that the timestamp is off. */
  readonly off?: number
  /** Headers of their own; an empty one is left out. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Posts to an `in` webhook as any program with a library of Standard Webhooks would, by the server's clock. */
export async function postTo(
  context: ServerContext,
  { webhook, secret }: MadeWebhook,
  body: string,
  changes: PostChanges = {},
): Promise<HttpAnswer> {
  const { id = context.unique('msg'), path = webhook.path ?? '', off = 0 } = changes
  const at = new Date(Date.now() + (await clockOffset(context)) + off)
  const headers = {
    'Content-Type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(changes.secret ?? secret).sign(id, at, body),
    ...changes.headers,
  }
  const sent = Object.entries(headers).filter(([, value]) => value !== '')
  return context.post(path, Object.fromEntries(sent), body)
}

/** What the server's wall clock is ahead of the kit's, milliseconds; asked once a run. */
function clockOffset(context: ServerContext): Promise<number> {
  const { shared } = context.target
  const ask = async (): Promise<number> => (await context.greeted()).hello.clock.wall - Date.now()
  const offset = (shared.get('clock offset') as Promise<number> | undefined) ?? ask()
  shared.set('clock offset', offset)
  return offset
}

/** What the kit's receiver was sent. */
export interface Posted {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** The kit's own receiver of webhooks, for one case at a time. */
export class KitReceiver implements AsyncDisposable {
  readonly posts = new Inbox<Posted>()
  /** The statuses of the next answers; 204 when they are used up. A redirect leads to another path. */
  readonly answers: number[] = []
  readonly url: string
  readonly #server = createServer()
  readonly #timeoutMs: number

  private constructor(url: URL, timeoutMs: number) {
    this.url = url.href
    this.#timeoutMs = timeoutMs
    this.#server.on('request', async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const body = Buffer.concat(chunks).toString()
      this.posts.push({ path: request.url ?? '', headers: request.headers, body })
      response.writeHead(this.answers.shift() ?? 204, { Location: '/redirected' }).end()
    })
  }

  static async start({ target, unique }: ServerContext): Promise<KitReceiver> {
    const base = new URL(target.options.receiver ?? '')
    const receiver = new KitReceiver(new URL(`/${encodeURIComponent(unique())}`, base), target.timeoutMs)
    const server = receiver.#server
    await new Promise<void>((resolve, reject) => {
      const failed = ({ message }: Error): void =>
        reject(new CaseFailure(`the kit cannot listen at ${base}: ${message}`))
      server.once('error', failed).listen(Number(base.port || 80), base.hostname, resolve)
    })
    return receiver
  }

  /** The next post. Fails where none comes, or one to another path. */
  async next(withinMs = this.#timeoutMs): Promise<Posted> {
    const posted = await this.posts.take('a post of the webhook', withinMs, () => true)
    const { pathname } = new URL(this.url)
    checkThat(posted.path === pathname, `a post to ${pathname}`, posted.path)
    return posted
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }
}

/** Whether a post is signed with the secret. */
export function isSigned({ headers, body }: Posted, secret: string): boolean {
  const id = String(headers['webhook-id'])
  const at = new Date(Number(headers['webhook-timestamp']) * 1_000)
  return String(headers['webhook-signature'])
    .split(' ')
    .includes(new Webhook(secret).sign(id, at, body))
}
