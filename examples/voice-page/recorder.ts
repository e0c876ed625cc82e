import { type Camera, openCamera, type RecordedFile, type Recording, type WebClient } from '@arclight/client-web'
import { byId, element, sentence } from './element.ts'

type State =
  | { readonly name: 'off' }
  /** The camera is on; nothing leaves the browser. */
  | { readonly name: 'preview'; readonly camera: Camera }
  | { readonly name: 'recording'; readonly camera: Camera; readonly recording: Recording; readonly since: number }
  | { readonly name: 'finishing'; readonly camera: Camera }

/** Camera, record, stop, and the list of videos. */
export class RecorderView {
  readonly #client: WebClient
  readonly #preview = byId('preview', HTMLVideoElement)
  readonly #camera = byId('camera', HTMLButtonElement)
  readonly #record = byId('record', HTMLButtonElement)
  readonly #timer = byId('timer', HTMLElement)
  readonly #videos = byId('videos', HTMLUListElement)
  readonly #problem = byId('recorder-problem', HTMLElement)
  #state: State = { name: 'off' }

  constructor(client: WebClient) {
    this.#client = client
    this.#camera.addEventListener('click', () => void this.#toggleCamera())
    this.#record.addEventListener('click', () => void this.#toggleRecording())
    setInterval(() => this.#drawTimer(), 250)
    this.#draw()
  }

  /** Shows what was recorded. */
  async list(): Promise<void> {
    const files = await this.#client.recorder.list()
    this.#videos.replaceChildren(...files.map((file) => this.#row(file)))
  }

  async #toggleCamera(): Promise<void> {
    this.#problem.textContent = ''
    try {
      if (this.#state.name === 'preview') {
        this.#state.camera.close()
        this.#state = { name: 'off' }
      } else if (this.#state.name === 'off') this.#state = { name: 'preview', camera: await openCamera() }
    } catch (error) {
      this.#problem.textContent = sentence(error)
    }
    this.#draw()
  }

  async #toggleRecording(): Promise<void> {
    this.#problem.textContent = ''
    this.#record.disabled = true
    try {
      if (this.#state.name === 'preview') await this.#start(this.#state.camera)
      else if (this.#state.name === 'recording') await this.#stop(this.#state)
    } catch (error) {
      this.#problem.textContent = sentence(error)
      if ('camera' in this.#state) this.#state = { name: 'preview', camera: this.#state.camera }
    }
    this.#draw()
  }

  async #start(camera: Camera): Promise<void> {
    const title = `Recording of ${new Date().toLocaleString()}`
    const recording = await this.#client.recorder.start({ source: camera, title })
    recording.on('failed', (error) => {
      this.#problem.textContent = sentence(error)
      this.#state = { name: 'preview', camera }
      this.#draw()
      void this.list()
    })
    this.#state = { name: 'recording', camera, recording, since: performance.now() }
  }

  async #stop({ camera, recording }: Extract<State, { name: 'recording' }>): Promise<void> {
    this.#state = { name: 'finishing', camera }
    this.#draw()
    await recording.stop()
    this.#state = { name: 'preview', camera }
    await this.list()
  }

  #draw(): void {
    const { name } = this.#state
    const stream = 'camera' in this.#state ? this.#state.camera.stream : null
    if (this.#preview.srcObject !== stream) this.#preview.srcObject = stream
    this.#preview.hidden = stream === null
    this.#camera.textContent = name === 'off' ? 'Camera on' : 'Camera off'
    this.#camera.disabled = name === 'recording' || name === 'finishing'
    this.#record.disabled = name === 'off' || name === 'finishing'
    this.#record.textContent = name === 'recording' ? '■ Stop' : name === 'finishing' ? 'Finishing…' : '● Record'
    this.#record.classList.toggle('danger', name === 'recording')
    this.#drawTimer()
  }

  #drawTimer(): void {
    this.#timer.hidden = this.#state.name !== 'recording'
    if (this.#state.name !== 'recording') return
    this.#timer.textContent = `REC ${clockTime(performance.now() - this.#state.since)}`
  }

  #row(file: RecordedFile): HTMLLIElement {
    const { title, state, durationMs, bytes } = file.summary
    const notes = [clockTime(durationMs), size(bytes), state === 'finished' ? '' : state].filter(Boolean)
    const play = element('button', { type: 'button' }, 'Play')
    const download = element('button', { type: 'button' }, 'Download')
    const row = element('li', {}, element('b', {}, title), element('small', {}, notes.join(' · ')), play, download)
    const playable = state === 'finished' || state === 'recovered'
    play.disabled = download.disabled = !playable
    play.addEventListener('click', () => void this.#play(file, row).catch((error) => this.#tell(error)))
    download.addEventListener('click', () => void this.#download(file).catch((error) => this.#tell(error)))
    return row
  }

  async #play(file: RecordedFile, row: HTMLElement): Promise<void> {
    const video = row.querySelector('video') ?? row.appendChild(element('video', { controls: '' }))
    video.src = await file.link()
    await video.play()
  }

  async #download(file: RecordedFile): Promise<void> {
    element('a', { href: await file.link({ download: true }), download: '' }).click()
  }

  #tell(error: unknown): void {
    this.#problem.textContent = sentence(error)
  }
}

/** 75,000 as 1:15. */
function clockTime(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
