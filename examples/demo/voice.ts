import type { Client, Speaker } from '@arclight/client-node'
import { fileSink, fileSource } from '@arclight/client-node/audio/node-av'
import type { Verdict } from './checks.ts'
import { correlate } from './correlation.ts'
import { localRoundTrip, readWhole } from './local-round-trip.ts'

/** The client's own default. */
const BITRATE = 32_000
const LEAST_CORRELATION = 0.95
/** Two frames: how far the two sounds may be apart before they are compared. */
const MOST_LAG = 1_920

/** One client plays speech, the other writes what it hears: no frame lost, and it is the same speech. */
export async function proveVoice(
  talker: Client,
  listener: Client,
  files: { speech: string; heard: string },
): Promise<Verdict> {
  const listening = await listener.voice.join('lounge')
  const talking = await talker.voice.join('lounge')
  const heard = hear(listening.speakers(), files.heard)
  const { frames } = await talking.play(fileSource(files.speech))
  const { received, lost } = (await heard).stats
  await talking.leave()
  await listening.leave()
  return async () => {
    const reference = await localRoundTrip(files.speech, BITRATE)
    const { correlation, lag } = correlate(reference, readWhole(files.heard), MOST_LAG)
    return [
      {
        what: 'no voice frame was lost',
        seen: `${received} of ${frames}, gaps ${lost}`,
        holds: received === frames && lost === 0,
      },
      {
        what: 'the speech is the speech',
        seen: `correlation ${correlation.toFixed(4)} with the local Opus round trip at a lag of ${lag} samples`,
        holds: correlation >= LEAST_CORRELATION,
      },
    ]
  }
}

/** Writes the first speaker to a file; resolves when the speaker is gone and the file is whole. */
async function hear(speakers: AsyncIterable<Speaker>, path: string): Promise<Speaker> {
  for await (const speaker of speakers) {
    await speaker.pipe(fileSink(path))
    return speaker
  }
  throw new Error('the call ended before anybody spoke')
}
