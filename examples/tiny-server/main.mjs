/** A chat server in memory, written from PROTOCOL.md, to prove the conformance kit on: `node main.mjs [port]`. */
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import * as accounts from './accounts.mjs'
import * as channel from './channel.mjs'
import { checkData, isWellFormed, probe, Refusal, requestOf, sessionClock } from './protocol.mjs'

const LIMITS = { controlBytes: 65_536, mediaBytes: 1_048_576, messageText: 4_000, page: 100 }
const AUTHENTICATING = ['auth.register', 'auth.login', 'auth.token', 'session.resume']
let leaving = false

function connect(ws) {
  let [left, unanswered, probes] = [10, 0, 0]
  let [session, token] = []
  const say = (message) => ws.send(JSON.stringify(message))
  const reject = (reason) => {
    say({ type: 'session.rejected', data: { reason, message: 'that is no frame of the protocol', left: --left } })
    if (left === 0) ws.close(4500, 'malformed')
  }
  const authenticate = (opened) => {
    if (session) throw new Refusal('conflict')
    ;({ session, token } = opened)
    session.connections.add(ws)
    clearTimeout(deadline)
    return { user: session.user, ...accounts.grant(session, token) }
  }
  /** The caller's own connection closes after the reply. */
  const end = (id) => {
    for (const other of accounts.revoke(session.user, id)) setImmediate(() => other.close(4501, 'revoked'))
    return {}
  }
  const handlers = {
    'auth.register': async (data) => authenticate(await accounts.register(data)),
    'auth.login': async (data) => authenticate(await accounts.login(data)),
    'auth.token': (data) => authenticate(accounts.byToken(data.token)),
    'auth.refresh': ({ rotate }) => {
      token = accounts.refresh(session, token, rotate)
      return accounts.grant(session, token)
    },
    'auth.sessions': () => ({ sessions: accounts.list(session) }),
    'auth.revoke': (data) => end(data.session),
    'auth.logout': () => end(session.id),
    'session.resume': (data) => {
      const authenticated = authenticate(accounts.byToken(data.token))
      const joined = Object.keys(data.cursors).map((id) => [id, id === 'general' ? channel.join(say) : 'gone'])
      return { ...authenticated, channels: Object.fromEntries(joined) }
    },
    'channel.list': () => ({ channels: [channel.summary()] }),
    'channel.join': () => ({ channel: channel.join(say) }),
    'channel.leave': () => channel.leave(say) && {},
    'log.read': channel.read,
    'message.send': (data) => ({ message: channel.send(session.user, data) }),
    'history.page': channel.page,
    'recording.start': () => Promise.reject(new Refusal('unavailable')),
  }
  const answer = async ({ type, data = {} }) => {
    if (leaving) throw new Refusal('unavailable')
    if (!Object.hasOwn(handlers, type)) throw new Refusal('unknown_type')
    if (session && AUTHENTICATING.includes(type)) throw new Refusal('conflict')
    if (!session && !AUTHENTICATING.includes(type)) throw new Refusal('unauthenticated')
    checkData(type, data)
    if (data.channel !== undefined && data.channel !== 'general') throw new Refusal('not_found')
    return { data: await handlers[type](data) }
  }
  const request = async (frame) => {
    if (frame.length > LIMITS.controlBytes) return ws.close(1009, 'too big')
    const asked = requestOf(frame)
    if (!asked) return reject('request')
    const reply = await answer(asked).catch(({ body: error }) => ({ error }))
    say({ re: asked.id, ...reply })
  }
  const media = (frame) => {
    if (!isWellFormed(frame)) return reject('header')
    if (frame[0] !== 0x12) return
    if (frame[1] & 0x20) unanswered = 0
    else ws.send(probe(frame.readUInt32BE(4), true))
  }
  const beat = () => (unanswered++ < 2 ? ws.send(probe(probes++, false)) : ws.close(4002, 'silent'))
  const deadline = setTimeout(() => ws.close(4003, 'not authenticated in time'), 10_000)
  const heartbeat = setInterval(beat, 10_000)
  ws.on('message', (frame, isBinary) => (isBinary ? media(frame) : void request(frame)))
  ws.on('error', () => {}).on('close', () => {
    clearTimeout(deadline)
    clearInterval(heartbeat)
    channel.leave(say)
    session?.connections.delete(ws)
  })
  const clock = { session: sessionClock(), wall: Date.now() }
  const greeting = { server: 'tiny', capabilities: ['chat'], registration: 'open', limits: LIMITS, clock }
  say({ type: 'session.hello', data: greeting })
}

const wss = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: LIMITS.mediaBytes })
const http = createServer({ headersTimeout: 10_000, connectionsCheckingInterval: 1_000 }, (request, response) => {
  response.writeHead({ '/healthz': 200, '/readyz': leaving ? 503 : 200 }[request.url] ?? 404).end()
})
http.on('upgrade', (request, socket, head) => {
  const { origin, host, 'sec-websocket-protocol': offered = '' } = request.headers
  const refuse = (status) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  if (request.url.split('?')[0] !== '/arclight') return refuse('404 Not Found')
  if (!offered.split(/ *, */).includes('arclight.v1')) return refuse('400 Bad Request')
  request.headers['sec-websocket-protocol'] = 'arclight.v1'
  const own = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)
  return own ? wss.handleUpgrade(request, socket, head, connect) : refuse('403 Forbidden')
})
process.once('SIGTERM', () => {
  leaving = true
  const goaway = JSON.stringify({ type: 'session.goaway', data: { withinMs: 1_000, spreadMs: 500 } })
  for (const ws of wss.clients) ws.send(goaway, () => setTimeout(() => ws.close(4000, 'restarting'), 300))
  setTimeout(() => http.close(), 400)
})
http.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  console.log(`listening on ws://127.0.0.1:${http.address().port}/arclight`)
})
