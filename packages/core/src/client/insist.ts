import { RequestError } from '../errors/request-error.ts'
import type { ReplyData, RequestData, RequestType } from '../protocol/requests.ts'
import type { AskOptions, Connection } from './connection.ts'

/**
 * Asks what may be carried out twice without harm: where the connection drops before the reply, it is asked again on the
 * next one, which is waited for as for any request. Where the server says that it comes too often, it waits. Rejects
 * with RequestError: `failed`, or `unknown` where it has left and no reply came, or `unsent`.
 */
export async function insist<Type extends RequestType>(
  connection: Connection,
  type: Type,
  data: RequestData<Type>,
  options: AskOptions<ReplyData<Type>> = {},
): Promise<ReplyData<Type>> {
  let sent: RequestError | undefined
  for (;;) {
    let { state } = connection
    try {
      if (state.name !== 'live') await connection.untilLive(type, options.signal)
      state = connection.state
      return await connection.persist(type, data, options)
    } catch (error) {
      if (!(error instanceof RequestError) || error.reason === 'failed') throw error
      if (error.reason === 'unknown') sent = error
      // The deadline has passed: on a connection that stands, or without one.
      if (connection.state === state || state.name !== 'live') throw sent ?? error
    }
  }
}
