/** A media host in short: records what its parent sends, and tells after each batch what is stored. */
import muxer from '@arclight/server/muxer/node-av/host'

const [path] = process.argv.slice(2)
const tracks = {
  video: { kind: 'video', codec: 'h264', width: 320, height: 240 },
  audio: { kind: 'audio', codec: 'opus', sampleRate: 48_000, channels: 1 },
}
const file = await muxer.open({ file: path, tracks, origin: (origin) => process.send({ origin }) })
let queue = Promise.resolve()
process.on('message', (frames) => {
  queue = queue.then(async () => {
    for (const frame of frames) file[frame.track](frame)
    process.send({ stored: await file.sync() })
  })
})
process.send({ isReady: true })
