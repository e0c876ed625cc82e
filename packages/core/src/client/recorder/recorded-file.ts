import type { RecordingSummary } from '../../protocol/recording.ts'

/** A recording on the server. */
export class RecordedFile {
  readonly summary: RecordingSummary
  readonly #link: (id: string, disposition: 'inline' | 'attachment') => Promise<string>

  constructor(summary: RecordingSummary, link: (id: string, disposition: 'inline' | 'attachment') => Promise<string>) {
    this.summary = summary
    this.#link = link
  }

  get id(): string {
    return this.summary.id
  }

  /** A URL that plays it, or with `download` saves it; good for ten minutes. */
  link(options: { download?: boolean } = {}): Promise<string> {
    return this.#link(this.id, options.download ? 'attachment' : 'inline')
  }
}
