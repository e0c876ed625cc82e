import {
  createClient,
  localStorageTokens,
  recordingSource,
  serveWorkletsFrom,
  signInAtProvider,
  streamSource,
  takeProviderSignIn,
} from '@arclight/client-web'
import { driveCoreClient } from '@arclight/conformance/core-driver'
import type { AudioSource, RecordingSource } from '@arclight/core/contracts'
import { testStream } from './test-stream.ts'

const sources = new Map<string, AudioSource>()
const recordings = new Map<string, { readonly source: RecordingSource; readonly stream: MediaStream }>()
serveWorkletsFrom('/worklets/')

globalThis.conformancePage = {
  create: (name, settings) => driveCoreClient(createClient(settings), (what) => void globalThis.told(name, what)),
  localStorageTokens,
  signInAtProvider,
  takeProviderSignIn,
  upload: async ({ url, account, name, size }) => {
    const client = createClient({ url })
    await client.register(account)
    const sent: number[] = []
    const source = new File([Uint8Array.from({ length: size }, (_, at) => at % 251)], name)
    const file = await client.upload(source, { onProgress: (progress) => sent.push(progress.sent) })
    const link = await client.files.link(file)
    await client.close()
    return { file, link, sent }
  },
  openSound: async (name) => {
    const source = streamSource(await testStream({ pictures: false }))
    sources.set(name, source)
    await source.open({
      samples: (samples, at) => void globalThis.heard(name, { samples: [...samples], at }),
      ended: () => void globalThis.heard(name, { ended: true }),
    })
  },
  closeSound: async (name) => sources.get(name)?.close(),
  prepare: async (name) => {
    const stream = await testStream({ pictures: true })
    const source = recordingSource(stream)
    recordings.set(name, { source, stream })
    return source.prepare()
  },
  start: async (name) =>
    recordings.get(name)?.source.start({
      frame: ({ bytes, ...frame }) => void globalThis.heard(name, { frame: { ...frame, bytes: [...bytes] } }),
      ended: () => void globalThis.heard(name, { ended: true }),
    }),
  again: async (name) => void (await recordings.get(name)?.source.prepare()),
  stop: async (name) => recordings.get(name)?.source.stop(),
  end: (name) => {
    for (const track of recordings.get(name)?.stream.getTracks() ?? []) track.dispatchEvent(new Event('ended'))
  },
}
