import { type Call, type Member, openMicrophone, type WebClient } from '@arclight/client-web'
import { byId, element, sentence } from './element.ts'

/** How the page asks for its microphone: `?processing=off` gives the sound as it is, for measurements and music. */
function microphoneOptions(): Parameters<typeof openMicrophone>[0] {
  const raw = new URLSearchParams(location.search).get('processing') === 'off'
  return raw ? { echoCancellation: false, noiseSuppression: false, autoGainControl: false } : {}
}

/** The call: join, who is there and who speaks, mute, leave. */
export class VoiceView {
  readonly #client: WebClient
  readonly #members = byId('members', HTMLUListElement)
  readonly #join = byId('join', HTMLButtonElement)
  readonly #leave = byId('leave', HTMLButtonElement)
  readonly #mute = byId('mute', HTMLButtonElement)
  readonly #deafen = byId('deafen', HTMLButtonElement)
  readonly #problem = byId('voice-problem', HTMLElement)
  #channel = ''

  constructor(client: WebClient) {
    this.#client = client
    this.#join.addEventListener('click', () => void this.#enter())
    this.#leave.addEventListener('click', () => void this.#client.voice.call?.leave())
    this.#mute.addEventListener('click', () => this.#toggle('mute'))
    this.#deafen.addEventListener('click', () => this.#toggle('deafen'))
    this.#draw()
  }

  /** The voice channel that the button joins. */
  use(channel: string): void {
    this.#channel = channel
    this.#draw()
  }

  async #enter(): Promise<void> {
    this.#problem.textContent = ''
    this.#join.disabled = true
    try {
      void this.#client.playback.unlock()
      const call = await this.#client.voice.join(this.#channel)
      this.#follow(call)
      await call.speak(await openMicrophone(microphoneOptions()))
    } catch (error) {
      this.#problem.textContent = sentence(error)
    } finally {
      this.#join.disabled = false
      this.#draw()
    }
  }

  #follow(call: Call): void {
    const draw = (): void => this.#draw()
    for (const name of ['joined', 'left', 'changed', 'ended'] as const) call.on(name, draw)
    call.on('speaking', ({ member, speaking }) => {
      this.#members.querySelector(`[data-member="${CSS.escape(member.id)}"]`)?.classList.toggle('speaking', speaking)
    })
    call.on('ended', ({ reason }) => {
      if (reason === 'moved') this.#problem.textContent = 'This call goes on in another tab or window.'
    })
    call.on('failed', (error) => {
      this.#problem.textContent = sentence(error)
    })
    this.#draw()
  }

  #toggle(what: 'mute' | 'deafen'): void {
    const { call } = this.#client.voice
    if (!call) return
    if (what === 'mute') call.muted ? call.unmute() : call.mute()
    else call.deafened ? call.undeafen() : call.deafen()
    this.#draw()
  }

  #draw(): void {
    const { call } = this.#client.voice
    this.#join.hidden = call !== undefined
    for (const button of [this.#leave, this.#mute, this.#deafen]) button.hidden = call === undefined
    this.#mute.textContent = call?.muted ? 'Unmute' : 'Mute'
    this.#mute.setAttribute('aria-pressed', String(call?.muted ?? false))
    this.#deafen.textContent = call?.deafened ? 'Undeafen' : 'Deafen'
    this.#deafen.setAttribute('aria-pressed', String(call?.deafened ?? false))
    this.#members.replaceChildren(...[...(call?.members.values() ?? [])].map((member) => this.#card(member, call)))
  }

  #card(member: Member, call: Call | undefined): HTMLLIElement {
    const own = member === call?.self
    const muted = own ? call?.muted : member.muted
    const notes = [
      own ? 'you' : '',
      muted ? 'muted' : '',
      member.deafened ? 'deafened' : '',
      member.reconnecting ? 'reconnecting' : '',
    ].filter(Boolean)
    const card = element('li', { 'data-member': member.id }, element('b', {}, member.user.name))
    if (notes.length > 0) card.append(element('small', {}, notes.join(', ')))
    if (!own) card.append(this.#volume(member))
    card.classList.toggle('speaking', member.speaking)
    return card
  }

  #volume(member: Member): HTMLInputElement {
    const label = `Volume of ${member.user.name}`
    const slider = element('input', { type: 'range', min: '0', max: '2', step: '0.05', 'aria-label': label })
    slider.value = String(member.volume)
    slider.addEventListener('input', () => member.setVolume(Number(slider.value)))
    return slider
  }
}
