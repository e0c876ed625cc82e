import { SpeakingDetector } from '../../media/speaking.ts'
import type { UserSummary } from '../../protocol/user.ts'
import type { VoiceMember } from '../../protocol/voice.ts'
import type { Clock } from '../../time/clock.ts'

/** Somebody in the call. */
export class Member {
  /** Names the place: one user may be in the call from several devices. */
  readonly id: string
  #state: VoiceMember
  #level = 127
  #volume = 1
  readonly #detector: SpeakingDetector
  readonly #volumeChanged: (volume: number) => void

  constructor(
    state: VoiceMember,
    clock: Clock,
    changed: { speaking: (speaking: boolean) => void; volume: (volume: number) => void },
  ) {
    this.id = state.member
    this.#state = state
    this.#detector = new SpeakingDetector(clock, changed.speaking)
    this.#volumeChanged = changed.volume
  }

  get user(): UserSummary {
    return this.#state.user
  }

  get muted(): boolean {
    return this.#state.muted
  }

  get deafened(): boolean {
    return this.#state.deafened
  }

  /** A moderator has silenced them here: nobody hears them. */
  get serverMuted(): boolean {
    return this.#state.serverMuted === true
  }

  /** A moderator has made them deaf here: they hear nobody. */
  get serverDeafened(): boolean {
    return this.#state.serverDeafened === true
  }

  /** Their connection dropped, and their place is kept for a while. */
  get reconnecting(): boolean {
    return this.#state.reconnecting
  }

  get speaking(): boolean {
    return this.#detector.speaking
  }

  /** The last frame's level in −dBov: 0 is the loudest, 127 silence. */
  get level(): number {
    return this.#level
  }

  /** How loud this member plays here: 1 as sent, 0 silent. */
  get volume(): number {
    return this.#volume
  }

  setVolume(volume: number): void {
    this.#volume = Math.max(0, volume)
    this.#volumeChanged(this.#volume)
  }

  /** The server's newest word on this member. */
  update(state: VoiceMember): void {
    this.#state = state
    if (state.muted || state.serverMuted || state.reconnecting) this.#detector.stop()
  }

  heard(level: number, ends: boolean): void {
    this.#level = level
    this.#detector.push(level, ends)
  }

  left(): void {
    this.#detector.stop()
  }
}
