import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { LIMITS } from '@arclight/core/protocol'
import express, { type Express } from 'express'
import { pino } from 'pino'
import { fsBlobs } from '../adapters/blobs/fs.ts'
import { sharpImages } from '../adapters/images/sharp/index.ts'
import { nodeAvMuxer } from '../adapters/muxer/node-av/index.ts'
import { securityHeaders } from '../http/security-headers.ts'
import { createServer, type Server } from '../server.ts'
import { type Certificate, findCertificate } from './certificate.ts'
import { fileClaim } from './file-claim.ts'
import { checkHost } from './host-rule.ts'
import { findIdentity } from './identity.ts'
import { findSecretKey } from './secret-key.ts'
import { SettingError } from './setting-error.ts'
import type { Settings } from './settings.ts'
import { findStorage } from './storage.ts'

const DAY_MS = 86_400_000
/** Standard error, so that what a person reads on standard output stays readable. */
const STANDARD_ERROR = 2

/** A peer that sends nothing, or sends slowly, is not waited for. Node looks every `connectionsCheckingInterval`. */
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
}
/** A download that nobody reads; a player that paused asks again where it stopped. WebSockets have their probes. */
const IDLE_MS = 120_000
/** Beside the WebSockets there are downloads and requests. */
const MOST_SOCKETS = LIMITS.connections + 2_000

/** A server that runs. */
export interface RunningServer {
  /** Where a browser opens it. */
  readonly url: string
  readonly server: Server
  /** What makes the first account the owner; undefined once there is one. */
  readonly claim: string | undefined
  /** Why this server does not record; undefined where it does. */
  readonly notRecording: string | undefined
  /** Finishes what was accepted, tells clients to come back, and ends. */
  close(): Promise<void>
}

/** Starts a server as the settings say; `pages` mounts what else the http server shows. Throws SettingError. */
export async function runServer(settings: Settings, pages: (app: Express) => void = () => {}): Promise<RunningServer> {
  const certificate = await findCertificate(settings)
  checkHost(settings.HOST, { encrypted: certificate !== undefined, insecureHttp: settings.INSECURE_HTTP })
  const claim = fileClaim(settings.DATA_DIR)
  const server = createServer({
    storage: await findStorage(settings),
    blobs: fsBlobs({ directory: settings.DATA_DIR }),
    muxer: nodeAvMuxer(),
    images: sharpImages(),
    uploads: {
      mostBytes: settings.UPLOAD_MAX_MB,
      quotaBytes: settings.UPLOAD_QUOTA_MB,
      refusedTypes: settings.UPLOAD_REFUSED_TYPES,
    },
    secretKey: await findSecretKey(settings),
    registration: settings.REGISTRATION,
    ...(await findIdentity(settings)),
    guests: settings.ALLOW_GUESTS,
    sessionLifetimeMs: settings.SESSION_DAYS * DAY_MS,
    claim,
    allowedOrigins: settings.ALLOWED_ORIGINS,
    trustedProxies: settings.TRUST_PROXY,
    webhookTargets: settings.WEBHOOK_TARGETS,
    rateLimits: settings.RATE_LIMITS === 'off' ? 'off' : undefined,
    log: pino({ level: settings.LOG_LEVEL }, pino.destination(STANDARD_ERROR)),
  })
  const app = express().disable('x-powered-by').set('trust proxy', settings.TRUST_PROXY)
  app.use(...securityHeaders({ https: settings.TLS_CERT !== undefined }), server.routes())
  pages(app)
  // Express's own answer would go without the headers.
  app.use((_request, response) => void response.status(404).type('text').send('There is nothing here.\n'))
  const http = createHttp(app, certificate)
  server.attach(http)
  try {
    await openOrExplain(server, settings)
    await listen(http, settings)
  } catch (error) {
    await server.close()
    throw error
  }
  return {
    url: urlOf(http, settings.HOST, certificate !== undefined),
    server,
    notRecording: server.notRecording,
    claim: server.registration === 'claim' ? await claim.current() : undefined,
    close: async () => {
      await server.close()
      await new Promise((resolve) => {
        http.close(resolve)
        http.closeAllConnections()
      })
    },
  }
}

/** What is wrong with a data folder or a database is the operator's to mend: a sentence, not a stack. */
async function openOrExplain(server: Server, { DATA_DIR, DATABASE_URL }: Settings): Promise<void> {
  try {
    await server.open()
  } catch (error) {
    const what = DATABASE_URL === undefined ? `the data in ${DATA_DIR}` : 'the database of DATABASE_URL'
    throw new SettingError(`${what} cannot be used: ${(error as Error).message}`)
  }
}

function createHttp(app: Express, certificate: Certificate | undefined): HttpServer {
  const http = certificate ? createHttpsServer({ ...certificate, ...TIMEOUTS }, app) : createHttpServer(TIMEOUTS, app)
  http.timeout = IDLE_MS
  http.maxConnections = MOST_SOCKETS
  return http
}

function listen(http: HttpServer, { HOST, PORT }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, HOST, PORT)))
    http.listen(PORT, HOST, resolve)
  })
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: `PORT ${port} is taken by another program; choose one with --port`,
    EACCES: `PORT ${port} needs more rights than this program has; choose one above 1023 with --port`,
    EADDRNOTAVAIL: `HOST ${host} is not an address of this machine`,
    ENOTFOUND: `HOST ${host} is not an address of this machine`,
  }
  const sentence = reasons[error.code ?? '']
  return sentence === undefined ? error : new SettingError(sentence)
}

function urlOf(http: HttpServer, host: string, encrypted: boolean): string {
  const { port } = http.address() as AddressInfo
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `${encrypted ? 'https' : 'http'}://${shown.includes(':') ? `[${shown}]` : shown}:${port}`
}
