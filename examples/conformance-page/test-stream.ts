/** A stream that sounds and, where asked, moves: neither microphone nor camera is needed. */
export async function testStream({ pictures }: { pictures: boolean }): Promise<MediaStream> {
  const context = new AudioContext()
  await context.resume()
  const sound = context.createMediaStreamDestination()
  const tone = new OscillatorNode(context, { frequency: 440 })
  tone.connect(new GainNode(context, { gain: 0.5 })).connect(sound)
  tone.start()
  return new MediaStream([...sound.stream.getTracks(), ...(pictures ? movingPicture() : [])])
}

function movingPicture(): MediaStreamTrack[] {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 })
  const context = canvas.getContext('2d')
  let frame = 0
  setInterval(() => {
    if (!context) return
    context.fillStyle = `hsl(${frame++ * 7} 80% 50%)`
    context.fillRect(0, 0, canvas.width, canvas.height)
  }, 50)
  return canvas.captureStream(20).getTracks()
}
