import { protocolText } from './protocol-text.ts'

/** A frame in one of PROTOCOL.md's blocks. */
export interface DocumentFrame {
  /** The heading that it stands under, and which connection it is of. */
  readonly conversation: string
  readonly from: 'client' | 'server'
  readonly text: string
}

const FENCE = /^```(\w*)$/
const LINE = /^(?:(\w+) )?([→←]) (.+)$/
const SIDES = { '→': 'client', '←': 'server' } as const

/** Every line of every block of frames in PROTOCOL.md, in order; throws where a line is none. */
export function documentFrames(): DocumentFrame[] {
  const frames: DocumentFrame[] = []
  let [heading, fence] = ['', '']
  for (const line of protocolText().split('\n')) {
    const opened = FENCE.exec(line)
    if (opened) fence = fence === '' ? (opened[1] as string) || 'plain' : ''
    else if (fence === '' && line.startsWith('#')) heading = line
    else if (fence === 'json' || fence === 'frames') frames.push(read(line, heading))
  }
  return frames
}

function read(line: string, heading: string): DocumentFrame {
  const [, who = '', arrow, text] = LINE.exec(line) ?? []
  if (!arrow || !text) throw new Error(`expected a frame behind → or ← under "${heading}", got ${line}`)
  return { conversation: `${heading} ${who}`, from: SIDES[arrow as keyof typeof SIDES], text }
}
