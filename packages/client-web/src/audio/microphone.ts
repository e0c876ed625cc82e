import type { AudioSource } from '@arclight/core/contracts'
import type { AudioEngine } from './audio-engine.ts'
import { mediaError, translateMediaFailure } from './media-failure.ts'
import { sharedEngine } from './shared-engine.ts'
import { StreamSource } from './stream-source.ts'

/** Which microphone, and what the browser does to its sound; each is on unless switched off. */
export interface MicrophoneOptions {
  readonly deviceId?: string | undefined
  readonly echoCancellation?: boolean | undefined
  readonly noiseSuppression?: boolean | undefined
  readonly autoGainControl?: boolean | undefined
}

/** An open microphone. The call that it is given to closes it. */
export interface Microphone extends AudioSource {
  readonly label: string
  readonly deviceId: string
}

/** Asks for a microphone and opens it. Rejects with MediaError, whose message says what the user can do. */
export async function openMicrophone(options: MicrophoneOptions = {}): Promise<Microphone> {
  if (!isSecureContext) throw mediaError('insecure-context')
  if (!navigator.mediaDevices?.getUserMedia) throw mediaError('unsupported')
  const { deviceId, echoCancellation = true, noiseSuppression = true, autoGainControl = true } = options
  const chosen = deviceId === undefined ? {} : { deviceId: { exact: deviceId } }
  try {
    const audio = { ...chosen, echoCancellation, noiseSuppression, autoGainControl, channelCount: 1 }
    return microphoneOf(sharedEngine(), await navigator.mediaDevices.getUserMedia({ audio }))
  } catch (error) {
    throw translateMediaFailure(error)
  }
}

/** Any MediaStream's sound as a source: an element's, a canvas recorder's, another library's. It stays the caller's. */
export function streamSource(stream: MediaStream): AudioSource {
  return new StreamSource(sharedEngine(), stream)
}

function microphoneOf(engine: AudioEngine, stream: MediaStream): Microphone {
  const [track] = stream.getAudioTracks()
  const source = new StreamSource(engine, stream, () => {
    for (const one of stream.getTracks()) one.stop()
  })
  return {
    label: track?.label ?? '',
    deviceId: track?.getSettings().deviceId ?? '',
    open: (consumer) => source.open(consumer),
    close: () => source.close(),
  }
}
