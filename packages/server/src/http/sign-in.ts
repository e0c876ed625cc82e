import type { SignInProvider } from '@arclight/core/contracts'
import { Router as createRouter, type Request, type Router } from 'express'
import * as z from 'zod/mini'
import type { Services } from '../handlers/handler.ts'
import { Refusal } from '../refusal.ts'

/** What the routes work with. */
export interface SignInRoutes extends Pick<Services, 'identities' | 'codes'> {
  readonly provider: SignInProvider
  /** Whether pages of that origin are let in. */
  readonly allowsOrigin: (origin: string, request: Request) => boolean
}

/** What a page asks with, and what comes back to it. */
const asked = z.object({
  /** S256 of what the page keeps to itself (RFC 7636). */
  challenge: z.string().check(z.regex(/^[\w-]{43}$/)),
  /** The page to go back to, an address of an origin that is let in. */
  return: z.url({ protocol: /^https?$/ }).check(z.maxLength(2_048)),
})

/**
 * `GET /auth/oidc?challenge=…&return=…` leads a browser to the provider, `GET /auth/oidc/callback` from there to the page that it came
 * from: with `#code=…`, to be used once in `auth.code`, or with `#error=…`. What stands behind `#` reaches no server and no log.
 */
export function signInRoutes({ provider, identities, codes, allowsOrigin }: SignInRoutes): Router {
  const router = createRouter()
  router.get('/auth/oidc', async (request, response) => {
    const memo = z.safeParse(asked, request.query)
    if (!memo.success) throw new Refusal('bad_request', 'expected a challenge (S256) and an address to return to')
    if (!allowsOrigin(new URL(memo.data.return).origin, request)) {
      throw new Refusal('bad_request', 'expected an address of this server, or of an origin that it allows')
    }
    const to = await provider.start(JSON.stringify(memo.data)).catch((error: unknown) => identities.unanswered(error))
    response.set('Cache-Control', 'no-store').redirect(302, to)
  })
  router.get('/auth/oidc/callback', async (request, response) => {
    const [, query = ''] = request.originalUrl.split('?', 2)
    const finished = await provider.finish(query).catch((error: unknown) => identities.unanswered(error))
    if (!finished) throw new Refusal('bad_request', 'the sign-in was declined or took too long; begin again')
    const memo = z.parse(asked, JSON.parse(finished.memo))
    const back = new URL(memo.return)
    try {
      back.hash = `code=${await codes.give(await identities.enter(finished.identity), memo.challenge)}`
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      back.hash = `error=${error.body.code}`
    }
    response.set('Cache-Control', 'no-store').redirect(302, back.href)
  })
  return router
}
