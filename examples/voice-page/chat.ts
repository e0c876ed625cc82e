import type { Channel, Message, WebClient } from '@arclight/client-web'
import { byId, element, sentence } from './element.ts'

const PAGE = 30
/** This close to an edge counts as being there. */
const NEAR_PX = 80

/** One channel's messages: the past loads as one scrolls up, the present follows at the bottom. */
export class ChatView {
  readonly #client: WebClient
  readonly #list = byId('messages', HTMLOListElement)
  readonly #scroller = byId('scroller', HTMLElement)
  readonly #input = byId('text', HTMLTextAreaElement)
  readonly #problem = byId('chat-problem', HTMLElement)
  #channel: Channel | undefined
  #history: ReturnType<Channel['history']> | undefined
  #loading = false
  #undo: (() => void)[] = []

  constructor(client: WebClient) {
    this.#client = client
    this.#scroller.addEventListener('scroll', () => {
      if (this.#scroller.scrollTop < NEAR_PX) void this.#loadOlder()
    })
    client.outbox.on('refused', ({ text, error }) => {
      this.#problem.textContent = `“${text}” was not sent: ${sentence(error)}`
    })
    client.outbox.on('fallback', () => {
      this.#problem.textContent = 'Messages that wait are kept only as long as this page is open.'
    })
    const form = byId('composer', HTMLFormElement)
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#send()
    })
    this.#input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      form.requestSubmit()
    })
  }

  /** Shows a channel from its newest messages on. */
  async show(id: string): Promise<void> {
    for (const undo of this.#undo.splice(0)) undo()
    const channel = this.#client.channels.get(id)
    this.#channel = channel
    this.#list.replaceChildren()
    this.#undo.push(
      channel.on('message', (message) => this.#append(message)),
      channel.on('reset', () => void this.show(id)),
    )
    try {
      await channel.join()
      this.#history = channel.history({ limit: PAGE })
      await this.#loadOlder()
      this.#scroller.scrollTop = this.#scroller.scrollHeight
    } catch (error) {
      this.#problem.textContent = sentence(error)
    }
  }

  async #loadOlder(): Promise<void> {
    const history = this.#history
    if (!history || this.#loading) return
    this.#loading = true
    try {
      const { value: page, done } = await history.next()
      if (done) this.#history = undefined
      if (!page || this.#history !== history) return
      const height = this.#scroller.scrollHeight
      this.#list.prepend(...page.messages.map((message) => this.#row(message)))
      this.#scroller.scrollTop += this.#scroller.scrollHeight - height
      this.#problem.textContent = ''
    } catch (error) {
      this.#problem.textContent = `Older messages could not be loaded: ${sentence(error)}`
      this.#history = undefined
    } finally {
      this.#loading = false
    }
  }

  #append(message: Message): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX
    this.#list.append(this.#row(message))
    if (atEnd) this.#scroller.scrollTop = this.#scroller.scrollHeight
  }

  #row({ seq, author, text, at }: Message): HTMLLIElement {
    const when = new Date(at)
    const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }).format(when)
    const head = element(
      'div',
      { class: 'head' },
      element('b', author.id === this.#client.user?.id ? { class: 'own' } : {}, author.name),
      element('time', { datetime: when.toISOString(), title: when.toLocaleString() }, time),
    )
    return element('li', { 'data-seq': String(seq) }, head, element('p', {}, text))
  }

  async #send(): Promise<void> {
    const text = this.#input.value
    if (!this.#channel || text.trim() === '') return
    this.#input.value = ''
    this.#problem.textContent = ''
    try {
      await this.#channel.send(text)
    } catch (error) {
      this.#problem.textContent = sentence(error)
      if (this.#input.value === '') this.#input.value = text
    }
  }
}
