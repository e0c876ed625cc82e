import type { Server } from '@arclight/server'
import { sharpImages } from '@arclight/server/images/sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../muxer/test-media.ts'
import { claimed, idOf } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { type RecordingServer, recordingServer, sendPictures, startRecording } from '../recording/recording-server.ts'
import { PASSWORD } from '../running-server.ts'
import { type TemporaryFolder, temporaryFolder } from '../temporary-folder.ts'
import { picture } from '../uploads/pictures.ts'
import { create, locationOf, metadata, PATCH, TUS, upload } from '../uploads/upload-server.ts'

/** Those who try every route; `member` made what is asked for, and `stranger` is not in the channel that has it. */
const WHO = ['owner', 'admin', 'member', 'guest', 'stranger', 'banned', 'nobody'] as const
type Who = (typeof WHO)[number]

interface Scene {
  readonly server: RecordingServer
  readonly clients: Readonly<Record<Exclude<Who, 'nobody'>, RawClient>>
  readonly recording: string
  readonly file: string
  readonly webhook: string
  /** An upload of the member's that is not finished, a path. */
  growing(): Promise<string>
}

interface Row {
  readonly method: string
  /** As the router has it. */
  readonly route: string
  readonly path: (scene: Scene) => string | Promise<string>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** The status for each of WHO, in order. */
  readonly statuses: string
}

const PAGE = 'https://chat.example.org'
const ANYBODY = '200 200 200 200 200 200 200'
const SIGNED_IN = '200 200 200 200 200 401 401'
/** For the member alone, of whom it is; nobody else learns that it is there. */
const own = (status: number) => `404 404 ${status} 404 404 401 401`
/** For who may read the channel. */
const READERS = '200 200 200 200 404 401 401'

const growing = ({ growing: path }: Scene) => path()
const wish = { ...TUS, 'Upload-Length': '5', 'Upload-Metadata': metadata({ filename: 'a', purpose: 'attachment' }) }

const ROWS: readonly Row[] = [
  { method: 'GET', route: '/healthz', path: () => '/healthz', statuses: ANYBODY },
  { method: 'GET', route: '/readyz', path: () => '/readyz', statuses: ANYBODY },
  { method: 'GET', route: '/account/export', path: () => '/account/export', statuses: SIGNED_IN },
  { method: 'GET', route: '/recordings', path: () => '/recordings', statuses: SIGNED_IN },
  {
    method: 'GET',
    route: '/recordings/:id',
    path: ({ recording }) => `/recordings/${recording}`,
    statuses: own(200),
  },
  // A guest may not attach.
  {
    method: 'POST',
    route: '/uploads',
    path: () => '/uploads',
    headers: wish,
    statuses: '201 201 201 404 201 401 401',
  },
  { method: 'OPTIONS', route: '/uploads', path: () => '/uploads', statuses: '204 204 204 204 204 204 204' },
  { method: 'HEAD', route: '/uploads/:id', path: growing, headers: TUS, statuses: own(200) },
  {
    method: 'PATCH',
    route: '/uploads/:id',
    path: growing,
    headers: { ...PATCH, 'Upload-Offset': '0' },
    body: 'abcde',
    statuses: own(204),
  },
  { method: 'DELETE', route: '/uploads/:id', path: growing, headers: TUS, statuses: own(204) },
  { method: 'OPTIONS', route: '/uploads/:id', path: growing, statuses: '204 204 204 204 204 204 204' },
  { method: 'GET', route: '/files/:id', path: ({ file }) => `/files/${file}`, statuses: READERS },
  {
    method: 'GET',
    route: '/files/:id/thumbnail',
    path: ({ file }) => `/files/${file}/thumbnail`,
    statuses: READERS,
  },
  // Nobody is anybody yet.
  {
    method: 'GET',
    route: '/auth/oidc',
    path: () => `/auth/oidc?challenge=${'c'.repeat(43)}&return=${encodeURIComponent(PAGE)}`,
    statuses: '302 302 302 302 302 302 302',
  },
  {
    method: 'GET',
    route: '/auth/oidc/callback',
    path: () => '/auth/oidc/callback?state=nothing',
    statuses: '400 400 400 400 400 400 400',
  },
  // Whoever one is, it takes a signature.
  {
    method: 'POST',
    route: '/webhooks/:id',
    path: ({ webhook }) => `/webhooks/${webhook}`,
    body: '{"text":"tea"}',
    statuses: '401 401 401 401 401 401 401',
  },
]

describe('[ROLE-1] every route, by everybody', () => {
  let folder: TemporaryFolder
  let scene: Scene

  beforeAll(async () => {
    folder = await temporaryFolder()
    const signInProvider = { start: async () => 'https://id.example/', finish: async () => undefined }
    const more = { signInProvider, allowedOrigins: [PAGE], ...claimed() }
    const options = { images: sharpImages(), rateLimits: 'off', ...more } as const
    const server = await recordingServer(folder.path, options)
    const owner = await server.connect()
    await owner.authenticate('auth.register', { name: 'owner', password: PASSWORD, claim: 'K7QX-2M4P' })
    const others = ['admin', 'member', 'guest', 'stranger', 'banned'].map((name) => server.signIn(name))
    const [admin, member, guest, stranger, banned] = (await Promise.all(others)) as [
      RawClient,
      RawClient,
      RawClient,
      RawClient,
      RawClient,
    ]
    const { channel } = await owner.ask('channel.create', { kind: 'text', name: 'garden', private: true })
    for (const client of [admin, member, guest])
      await owner.ask('member.add', { channel: channel.id, user: idOf(client) })
    await owner.ask('role.give', { user: idOf(admin), role: 'admin' })
    await owner.ask('role.give', { user: idOf(guest), role: 'guest' })
    const { id: recording, track } = await startRecording(member, 'mine')
    sendPictures(member, track, pictures({ frames: 10 }))
    await member.ask('recording.stop', { recording })
    const file = await upload(server, member, await picture({ width: 400, height: 300 }), { name: 'a.png' })
    const { id } = channel
    await member.ask('message.send', { channel: id, clientId: 'a', text: 'look', attachments: [file] })
    const made = await owner.ask('webhook.create', { channel: id, direction: 'in', name: 'robin' })
    await owner.ask('user.ban', { user: idOf(banned) })
    scene = {
      server,
      clients: { owner, admin, member, guest, stranger, banned },
      recording,
      file,
      webhook: made.webhook.id,
      growing: async () => new URL(locationOf(await create(server, member, { size: 5 }))).pathname,
    }
  })
  afterAll(async () => {
    await scene.server[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  test.for(ROWS.map((row) => [`${row.method} ${row.route}`, row] as const))('[ROLE-1] %s', async ([, row]) => {
    const came: string[] = []
    for (const who of WHO) {
      const token = who === 'nobody' ? undefined : scene.clients[who].authenticated.token
      const headers = { ...row.headers, ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) }
      const { method, body = null } = row
      const response = await fetch(`${scene.server.url}${await row.path(scene)}`, {
        method,
        headers,
        body,
        redirect: 'manual',
      })
      came.push(`${who} ${response.status}`)
    }
    expect(came).toEqual(row.statuses.split(' ').map((status, at) => `${WHO[at]} ${status}`))
  })

  test('[ROLE-1] there is no route without a row', () => {
    expect(pathsOf(scene.server.server)).toEqual([...new Set(ROWS.map(({ route }) => route))].toSorted())
  })
})

interface Layer {
  readonly route?: { readonly path: string | readonly string[] }
  readonly handle: { readonly stack?: readonly Layer[] }
}

/** The paths of every route, as they were given to the router. */
function pathsOf(server: Server): string[] {
  const paths = new Set<string>()
  const look = ({ route, handle }: Layer): void => {
    for (const path of route ? [route.path].flat() : []) paths.add(path)
    for (const layer of handle.stack ?? []) look(layer)
  }
  look({ handle: server.routes() as unknown as Layer['handle'] })
  return [...paths].toSorted()
}
