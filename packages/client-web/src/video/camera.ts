import type { RecordingSource } from '@arclight/core/contracts'
import { mediaError, translateMediaFailure } from '../audio/media-failure.ts'
import type { MicrophoneOptions } from '../audio/microphone.ts'
import { type RecordingOptions, StreamRecordingSource } from './stream-recording-source.ts'

/** Which camera, how large, and whether sound comes with it. */
export interface CameraOptions extends RecordingOptions {
  readonly deviceId?: string | undefined
  /** What is asked of the camera; it may give another size. 640x480 unless told. */
  readonly width?: number | undefined
  readonly height?: number | undefined
  /** The microphone that is recorded with it; `false` for pictures alone. */
  readonly microphone?: MicrophoneOptions | false | undefined
}

/**
 * An open camera: show `stream` in a video element, record it as often as you like, close it. It stays open when a
 * recording ends.
 */
export interface Camera extends RecordingSource {
  readonly stream: MediaStream
  /** Turns the camera and its light off. */
  close(): void
}

/** Asks for a camera and a microphone and opens them. Rejects with MediaError, whose message says what to do. */
export async function openCamera(options: CameraOptions = {}): Promise<Camera> {
  if (!isSecureContext) throw mediaError('insecure-context', 'camera')
  if (!navigator.mediaDevices?.getUserMedia) throw mediaError('unsupported', 'camera')
  const { width = 640, height = 480, frameRate, deviceId, microphone = {} } = options
  const chosen = deviceId === undefined ? {} : { deviceId: { exact: deviceId } }
  const rate = frameRate === undefined ? {} : { frameRate: { ideal: Math.max(frameRate, 10) } }
  const video = { ...chosen, ...rate, width: { ideal: width }, height: { ideal: height } }
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video, audio: soundOf(microphone) })
    return cameraOf(stream, options)
  } catch (error) {
    throw translateMediaFailure(error, 'camera')
  }
}

/** Any MediaStream as a source of recordings: a screen, a canvas with music. The stream stays the caller's. */
export function recordingSource(stream: MediaStream, options: RecordingOptions = {}): RecordingSource {
  return new StreamRecordingSource(stream, options)
}

function soundOf(microphone: MicrophoneOptions | false): MediaTrackConstraints | false {
  if (microphone === false) return false
  const { deviceId, echoCancellation = true, noiseSuppression = true, autoGainControl = true } = microphone
  const chosen = deviceId === undefined ? {} : { deviceId: { exact: deviceId } }
  return { ...chosen, echoCancellation, noiseSuppression, autoGainControl, channelCount: 1 }
}

function cameraOf(stream: MediaStream, options: RecordingOptions): Camera {
  const source = new StreamRecordingSource(stream, options)
  return {
    stream,
    prepare: () => source.prepare(),
    start: (consumer) => source.start(consumer),
    stop: () => source.stop(),
    close: () => {
      for (const track of stream.getTracks()) track.stop()
    },
  }
}
