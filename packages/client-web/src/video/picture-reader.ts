/** Chrome's way to a track's pictures; TypeScript's libraries leave it out. */
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>
}
declare const MediaStreamTrackProcessor: undefined | (new (options: { track: MediaStreamTrack }) => TrackProcessor)

/** Calls `take` for each picture of a video track, which closes it; returns what stops that. */
export function readPictures(track: MediaStreamTrack, take: (picture: VideoFrame) => void): () => void {
  if (typeof MediaStreamTrackProcessor !== 'undefined')
    return readByProcessor(new MediaStreamTrackProcessor({ track }), take)
  return readByElement(track, take)
}

function readByProcessor(processor: TrackProcessor, take: (picture: VideoFrame) => void): () => void {
  const reader = processor.readable.getReader()
  const read = async (): Promise<void> => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) take(next.value)
  }
  // Cancelling ends the reading; a track that ends does too.
  read().catch(() => {})
  return () => void reader.cancel().catch(() => {})
}

/** Firefox and Safari: an element that is never shown plays the track, and tells of each picture. */
function readByElement(track: MediaStreamTrack, take: (picture: VideoFrame) => void): () => void {
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  video.srcObject = new MediaStream([track])
  let going = true
  const next = (): void => {
    if (!going) return
    take(new VideoFrame(video))
    video.requestVideoFrameCallback(next)
  }
  video.requestVideoFrameCallback(next)
  void video.play().catch(() => {})
  return () => {
    going = false
    video.srcObject = null
  }
}
