import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Router as createRouter, type Router } from 'express'
import type { AccountExport, ExportLine } from '../accounts/account-export.ts'
import type { Sessions } from '../accounts/sessions.ts'
import { bearer } from './authorization.ts'
import { dispositionOf, INERT } from './blob.ts'

/** What the route works with. */
export interface AccountExportRoutes {
  readonly sessions: Sessions
  readonly accountExport: AccountExport
}

/** `GET /account/export`: all that the server has of the caller, a JSON object a line, as it is read. */
export function accountExportRoutes({ sessions, accountExport }: AccountExportRoutes): Router {
  const router = createRouter()
  router.get('/account/export', async (request, response) => {
    const { name, lines, end } = await accountExport.begin(await bearer(request, sessions))
    response.set({
      'Content-Security-Policy': INERT['Content-Security-Policy'],
      'X-Content-Type-Options': 'nosniff',
      'Content-Type': 'application/x-ndjson; charset=utf-8',
      'Content-Disposition': dispositionOf('attachment', `${name}.ndjson`),
      'Cache-Control': 'private, no-store',
    })
    try {
      await pipeline(Readable.from(written(lines)), response)
    } catch (error) {
      // Whoever asked is gone: nothing is wrong with the server.
      if (!request.socket.destroyed) throw error
    } finally {
      end()
    }
  })
  return router
}

async function* written(lines: AsyncIterable<ExportLine>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`
}
