import type { Capability } from '@arclight/core/protocol'
import { type CaseOptions, type ConformanceCase, defineCase } from '../case.ts'
import type { ServerContext } from './context.ts'

/**
 * What a case needs beside an account: a capability of the server's, leave to write megabytes (`heavy`), a place where the
 * server may post to the kit (`receiver`), or a way to end the server (`stop`).
 */
export type ServerNeed = Capability | 'heavy' | 'receiver' | 'stop'

/** One thing that a server must do. */
export type ServerCase = ConformanceCase<ServerContext, ServerNeed>

type Run = ServerCase['run']

/** Makes a case: `serverCase('SEND-2.repeat', 'a repeat …', run)`, with options before `run` where there are some. */
export function serverCase(id: string, title: string, ...rest: [Run] | [CaseOptions<ServerNeed>, Run]): ServerCase {
  const [options, run] = rest.length === 1 ? [{}, rest[0]] : rest
  return defineCase(id, title, options, run)
}
