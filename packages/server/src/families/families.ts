import type { Account } from '@arclight/core'
import type { Family, FamilyRequest, HandledFamily, Rate, Recipients } from '@arclight/core/protocol'
import type { Work } from '../application/hooked-request.ts'
import type { Channels } from '../channels/channels.ts'
import { textFrame } from '../delivery/websocket-frame.ts'
import type { LiveSessions } from '../live-sessions.ts'
import { Refusal } from '../refusal.ts'

type Handler = HandledFamily['handlers'][string]

/** A request of a family, with all that answers it. */
interface Served {
  readonly type: string
  readonly request: FamilyRequest
  readonly family: HandledFamily
  readonly handler: Handler
}

/** The application's own messages: checked on their way in and out, and passed to its handlers. */
export class Families {
  readonly #parts: { channels: Channels; live: LiveSessions }
  readonly #served = new Map<string, Served>()

  /** Throws TypeError where two families share a name, or a request has no handler. */
  constructor(families: readonly HandledFamily[], parts: { channels: Channels; live: LiveSessions }) {
    this.#parts = parts
    const names = new Set<string>()
    for (const family of families) {
      const { name, requests } = family.family
      if (names.has(name)) throw new TypeError(`there are two families "${name}"`)
      names.add(name)
      for (const [type, request] of Object.entries(requests)) {
        const handler = family.handlers[type]
        if (!handler) throw new TypeError(`expected a handler for ${name}.${type}`)
        this.#served.set(`${name}.${type}`, { type, request, family, handler })
      }
    }
  }

  /** Whether there is such a request. */
  has(type: string): boolean {
    return this.#served.has(type)
  }

  /** How often a user may ask each request; `byDefault` where its family does not say. */
  rates(byDefault: Rate): Record<string, Rate> {
    return Object.fromEntries([...this.#served].map(([type, { request }]) => [type, request.rate ?? byDefault]))
  }

  /**
   * Answering one request: its data is checked, then permission is asked for, the handler runs and what it returns is
   * checked. Throws Refusal.
   */
  work(name: string, user: Account): Work {
    const { type, request, family, handler } = this.#served.get(name) as Served
    const emit = (event: string, body: unknown, to?: Recipients): void => this.emit(family.family, event, body, to)
    const checkReply = async (reply: unknown): Promise<void> => {
      const checked = await request.reply['~standard'].validate(reply)
      if (checked.issues) throw new TypeError(`the reply to ${name} ${unfit(checked.issues)}`)
    }
    return {
      checkReply,
      check: async (given) => {
        const parsed = await request.data['~standard'].validate(given)
        if (parsed.issues) throw badRequest(parsed.issues)
        return parsed.value
      },
      run: async (data) => {
        if (family.permit && !(await family.permit({ type, user, data }))) {
          throw new Refusal('forbidden', 'you may not do that')
        }
        const reply = await handler({ data, user, emit })
        await checkReply(reply)
        return reply
      },
    }
  }

  /** Sends a family's event. Throws TypeError where the data does not fit, or there is no such event. */
  emit(
    { name, events }: Pick<Family, 'name' | 'events'>,
    event: string,
    data: unknown,
    to: Recipients = 'everyone',
  ): void {
    const type = `${name}.${event}`
    const schema = Object.hasOwn(events, event) ? events[event] : undefined
    const checked = schema?.['~standard'].validate(data)
    if (!checked) throw new TypeError(`there is no event ${type}`)
    if (checked instanceof Promise) throw new TypeError(`expected a schema of ${type} that answers at once`)
    if (checked.issues) throw new TypeError(`the data of ${type} ${unfit(checked.issues)}`)
    const frame = textFrame(JSON.stringify({ type, data }))
    const { channels, live } = this.#parts
    if (to === 'everyone') for (const { outgoing } of live.all()) outgoing.controlFrame(frame)
    else if ('user' in to) for (const { outgoing } of live.ofUser(to.user)) outgoing.controlFrame(frame)
    else for (const outgoing of channels.listeners(to.channel)) outgoing.controlFrame(frame)
  }
}

type Issues = NonNullable<Awaited<ReturnType<FamilyRequest['data']['~standard']['validate']>>['issues']>

function badRequest(issues: Issues): Refusal {
  const told = issues.map((issue) => ({ path: pathOf(issue), message: issue.message }))
  return new Refusal('bad_request', 'the data does not fit', { issues: told })
}

function unfit(issues: Issues): string {
  return `does not fit: ${issues.map((issue) => `${pathOf(issue)}: ${issue.message}`).join('; ')}`
}

function pathOf({ path = [] }: Issues[number]): string {
  return path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
}
